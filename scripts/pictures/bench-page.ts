import type { Locator, Page } from 'playwright-core';
import type { Key } from '../../drivers/devices.ts';
import { KioskPage } from './kiosk-page.ts';

type Way = 'contactless' | 'swipe' | 'insert';

/** How often, and how much; what is not given: as long as nobody mends it, and the fault's own default. */
interface Order {
  readonly value?: number;
  /** The next only. */
  readonly once?: boolean;
}

/** A tester at the bench page. `kiosk`: the terminal in its frame. */
export class BenchPage {
  readonly page: Page;
  readonly kiosk: KioskPage;

  constructor(page: Page) {
    this.page = page;
    this.kiosk = new KioskPage(page, page.frameLocator('#face'));
  }

  /** `card`: its name on the bench. */
  async present(way: Way, card = 'unionpay-debit'): Promise<void> {
    await this.page.locator(`#cards input[value="${card}"]`).check();
    await this.page.locator(`[data-by="${way}"]`).click();
  }

  /** From the idle screen to the card. */
  async offer(amountKeys: readonly Key[], way: Way, card?: string): Promise<void> {
    await this.kiosk.press('1', ...amountKeys, 'enter');
    await this.kiosk.see('请挥卡');
    await this.present(way, card);
  }

  device(name: string): Locator {
    return this.page.locator(`#devices [data-device="${name}"]`);
  }

  /** Arms a fault of a device, or of its wire. */
  async arm(device: string, fault: string, { value, once = false }: Order = {}): Promise<void> {
    await this.device(device).click();
    await this.page.locator('#value').fill(value === undefined ? '' : String(value));
    const row = this.page.locator(`[data-fault="${fault}"]`);
    await (once ? row.locator('button').first() : row.locator('button').last()).click();
  }

  /** The newest slip with the words. */
  slip(words: string): Locator {
    return this.page.locator('.piece', { hasText: words }).first();
  }

  /** Waits for a slip that has the words, and returns its rows. */
  async rows(words: string): Promise<readonly string[]> {
    await this.slip(words).waitFor();
    return this.slip(words).locator('.row').allTextContents();
  }

  /** What the bench last said to the tester. */
  get said(): Locator {
    return this.page.locator('#said');
  }
}
