import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { keysOf } from '../terminal/screens/desk.ts';

/** Without the mark of a simulated terminal. */
const textOf = (rows: readonly string[]): string => rows.map((row) => row.replace('[模拟]', '').trim()).join('\n');

/** Whoever stands at the keypad of a whole system: presses keys and reads the screen; the customer has one card. */
export class Keypad {
  readonly #system: TestSystem;

  constructor(system: TestSystem) {
    this.#system = system;
  }

  /** 01 logged on, at the idle screen. */
  static async logOn(system: TestSystem): Promise<Keypad> {
    const keypad = new Keypad(system);
    keypad.press('0 1 确认 0 0 0 0 确认');
    await keypad.sees('1消费');
    return keypad;
  }

  press(line: string): void {
    for (const key of keysOf(line)) this.#system.terminal.runner.key(key);
  }

  /** The screen as it is. */
  text(): string {
    return textOf(this.#system.terminal.runner.screen().rows);
  }

  /** Resolves with the screen that shows `words`; the test's own time limit ends a wait in vain. */
  sees(words: string | RegExp): Promise<string> {
    return new Promise((resolve) => {
      const stop = this.#system.terminal.runner.onScreen(({ rows }) => {
        const text = textOf(rows);
        if (typeof words === 'string' ? !text.includes(words) : !words.test(text)) return;
        queueMicrotask(() => stop());
        resolve(text);
      });
    });
  }

  /** The card goes to the reader when the screen asks for it; resolves with the page that asks 确认. */
  async card(how: 'present' | 'swipe' | 'insert' = 'present'): Promise<string> {
    await Promise.all([this.sees('请挥卡或刷卡'), this.#readerWaits()]);
    this.#system.devices.reader[how](unionPayCard);
    return this.sees('请核对');
  }

  /** Faster than any customer, the reader may still be leaving its wait for a card at idle. */
  #readerWaits(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#system.devices.reader.onActivate(() => {
        queueMicrotask(() => stop());
        resolve();
      });
    });
  }

  /** From the typed amount to the result, whose voucher it returns; back at idle. */
  async pays(keys: string, result = '请取签购单'): Promise<string> {
    this.press(keys);
    await this.card();
    this.press('确认');
    return this.leaves(result);
  }

  async leaves(result: string): Promise<string> {
    const text = await this.sees(result);
    this.#system.devices.reader.takeAway();
    this.press('确认');
    await this.sees('1消费');
    return / (\d{6})$/m.exec(text)?.[1] ?? 'no voucher';
  }
}

/** `000012` as keys. */
export const typed = (digits: string): string => [...digits].join(' ');
