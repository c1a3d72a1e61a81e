import { keysOf } from '../terminal/screens/desk.ts';
import { type TestSystem, unionPayCard } from './terminal.ts';

/** On a busy machine. */
const patienceMs = 10_000;

export const idle = '1消费 确认菜单';

/** `000012` as keys. */
export const keysFor = (digits: string): string => [...digits].join(' ');

/** Without the mark of a simulated terminal. */
const textOf = (rows: readonly string[]): string => rows.map((row) => row.replace('[模拟]', '').trim()).join('\n');

/** Whoever stands at the keypad of a whole system: presses keys and reads the screen; the customer has one card. */
export class Keypad {
  readonly #system: TestSystem;
  readonly #gone: () => AbortSignal | undefined;

  /** `gone`: aborted when the power goes, which ends every wait. */
  constructor(system: TestSystem, gone: () => AbortSignal | undefined = () => undefined) {
    this.#system = system;
    this.#gone = gone;
  }

  /** 01 logged on, or another, at the idle screen. */
  async logOn(keys = '0 1 确认 0 0 0 0 确认'): Promise<this> {
    this.press(keys);
    await this.sees(idle);
    return this;
  }

  press(line: string): void {
    for (const key of keysOf(line)) this.#system.terminal.runner.key(key);
  }

  /** The screen as it is. */
  text(): string {
    return textOf(this.#system.terminal.runner.screen().rows);
  }

  /** Resolves with the first screen that shows `words`, now or later; rejects with what is shown when none does. */
  sees(words: string | RegExp): Promise<string> {
    const shows = (text: string): boolean => (typeof words === 'string' ? text.includes(words) : words.test(text));
    return this.#until(`${words} on the screen`, (found) =>
      this.#system.terminal.runner.onScreen(({ rows }) => {
        const text = textOf(rows);
        if (shows(text)) found(text);
      }),
    );
  }

  /** These keys ask for a card. */
  async asksCard(keys: string): Promise<void> {
    // Faster than any customer, the reader may still be leaving its wait at idle.
    const waits = this.#until<void>('the reader waits', (found) =>
      this.#system.devices.reader.onActivate((amountFen) => amountFen > 0 && found()),
    );
    this.press(keys);
    await Promise.all([this.sees('请挥卡或刷卡'), waits]);
  }

  /** These keys ask for a card, and it goes to the reader; resolves with the page that asks 确认. */
  async card(keys: string): Promise<string> {
    await this.asksCard(keys);
    this.#system.devices.reader.present(unionPayCard);
    return this.sees('请核对');
  }

  /** From the typed amount to the result, whose voucher it returns; back at idle. */
  async pays(keys: string, result = '请取签购单'): Promise<string> {
    await this.card(keys);
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

  /** Resolves with what `listen` finds. */
  #until<T>(what: string, listen: (found: (value: T) => void) => () => void): Promise<T> {
    const gone = this.#gone();
    return new Promise((resolve, reject) => {
      const end = (then: () => void): void => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', leave);
        queueMicrotask(() => stop());
        then();
      };
      const leave = (): void => end(() => reject(new Error('the power has gone')));
      const late = (): void =>
        end(() =>
          reject(new Error([`not in time: ${what}`, this.text(), ...this.#system.logged.slice(-15)].join('\n'))),
        );
      const timer = setTimeout(late, patienceMs);
      gone?.addEventListener('abort', leave);
      const stop = listen((value) => end(() => resolve(value)));
      if (gone?.aborted) leave();
    });
  }
}
