import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { screenAnswer } from '../../terminal/bench/contract.ts';
import { sampleCodes } from '../../terminal/bench/samples.ts';
import { keysOf } from '../../terminal/bench/scenario-keys.ts';

const look = { everyMs: 20, patienceMs: 15_000 };

/** Cashier and customers of a program that `started.ts` started, by the bench's API: no page is needed. */
export class BenchCounter {
  readonly #sim: string;

  /** `url`: of the kiosk page. */
  constructor(url: string) {
    this.#sim = `${url}sim/`;
  }

  /** Keys as scenario files write them. */
  async press(keys: string): Promise<void> {
    for (const key of keysOf(keys)) await this.#post('key', { key });
  }

  /** Throws with what the screen shows instead. */
  async see(...words: readonly string[]): Promise<void> {
    const endMs = performance.now() + look.patienceMs;
    for (;;) {
      const text = (await this.#rows()).join('\n');
      if (words.some((one) => text.includes(one))) return;
      if (performance.now() > endMs) throw new Error(`${words.join(' or ')} never came to the screen:\n${text}`);
      await sleep(look.everyMs);
    }
  }

  /** Operator 01 of the simulated mode; whoever stands there already stays. */
  async logOn(): Promise<void> {
    await this.see('操作员登录');
    await this.press('0 1 ⏎ 0 0 0 0 ⏎');
    await this.see('已联机');
  }

  /** 付款码, typed as when the scanner is broken: the money is available at once. */
  async sellByCode(amountFen: number, code: 'wechat' | 'alipay' = 'wechat'): Promise<void> {
    await this.#walk(['9 1', '请输入金额'], [`${amountFen} ⏎`, '请扫付款码']);
    await this.press(`${sampleCodes[code]?.text} ⏎`);
    await this.#isSold();
  }

  async sellByCard(amountFen: number, card = 'unionpay-debit'): Promise<void> {
    await this.#walk(['1', '请输入金额'], [`${amountFen} ⏎`, '请挥卡']);
    await this.#post('card', { name: card, by: 'contactless' });
    await this.see('请核对');
    await this.press('⏎');
    await this.#isSold();
  }

  async #walk(...steps: readonly (readonly [keys: string, words: string])[]): Promise<void> {
    for (const [keys, words] of steps) {
      await this.press(keys);
      await this.see(words);
    }
  }

  async #isSold(): Promise<void> {
    await this.see('请取签购单', '交易成功');
    await this.#home();
  }

  async #home(): Promise<void> {
    await this.press('⏎');
    await this.see('1消费');
  }

  async #rows(): Promise<readonly string[]> {
    const answer = await fetch(`${this.#sim}screen?lang=zh`);
    return v.parse(screenAnswer, await answer.json()).rows;
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { Origin: new URL(this.#sim).origin };
    const answer = await fetch(`${this.#sim}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }
}
