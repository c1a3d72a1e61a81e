import { execFileSync } from 'node:child_process';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import type { Key } from '../../drivers/devices.ts';

/** toolchain.md, trap 12. */
const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, or the one that POS_CHROMIUM names. */
export function openBrowser(): Promise<Browser> {
  const executablePath =
    process.env['POS_CHROMIUM'] ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: chromiumFlags });
}

const patienceMs = 10_000;

/** A person at the kiosk page: clicks keys, holds cards to the reader, reads screen and slip. */
export class KioskPage {
  readonly page: Page;
  readonly #face: Page | FrameLocator;

  /** `face`: where the keypad is, when it is in a frame of the page. */
  constructor(page: Page, face: Page | FrameLocator = page) {
    this.page = page;
    this.#face = face;
    page.setDefaultTimeout(patienceMs);
  }

  async press(...keys: readonly Key[]): Promise<void> {
    for (const key of keys) await this.#face.locator(`[data-key="${key}"]`).click();
  }

  async present(how: 'contactless' | 'swipe'): Promise<void> {
    await this.#face.locator(`[data-card="${how}"]`).click();
  }

  /** Waits until the screen has the words. Throws with what it shows instead. */
  async see(words: string): Promise<void> {
    try {
      await this.#face.locator('#screen', { hasText: words }).waitFor();
    } catch (error) {
      throw new Error(`${words} never came to the screen, which shows:\n${(await this.rows()).join('\n')}`, {
        cause: error,
      });
    }
  }

  rows(): Promise<readonly string[]> {
    return this.#face.locator('#screen .row').allTextContents();
  }

  /** Waits until a slip came out that has the words, and returns its lines. */
  async slip(words: string): Promise<readonly string[]> {
    const paper = this.#face.locator('#slip', { hasText: words });
    await paper.waitFor();
    return ((await paper.textContent()) ?? '').split('\n');
  }

  /** Operator 01 of the simulated mode. */
  async logOn(): Promise<void> {
    await this.see('操作员登录');
    await this.press('0', '1', 'enter', '0', '0', '0', '0', 'enter');
    await this.see('已联机');
  }

  /** From the idle screen to the result, which stays for two seconds. */
  async sell(amountKeys: readonly Key[], how: 'contactless' | 'swipe'): Promise<void> {
    await this.press('1', ...amountKeys, 'enter');
    await this.see('请挥卡或刷卡');
    await this.present(how);
    await this.see('请核对');
    await this.press('enter');
    await this.see('请取签购单');
  }
}
