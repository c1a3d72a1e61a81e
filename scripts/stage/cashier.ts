import type { Key } from '../../drivers/devices.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { keysOf } from '../../terminal/bench/scenario-keys.ts';
import { socketIn } from '../../terminal/cli/contract.ts';
import type { CounterDevices } from './counter-devices.ts';
import { callJson } from './socket.ts';

/** What the screen said at the end of something. */
export type SaleEnd = 'approved' | 'declined' | 'unknown' | 'refused';

export type CardTxn = 'sale' | 'preauth' | 'stored-sale';

const cardTxns = {
  sale: { keys: ['1'], confirm: '确认消费' },
  preauth: { keys: ['4', '1'], confirm: '确认预授权' },
  'stored-sale': { keys: ['5', '1'], confirm: '确认离线消费' },
} as const;

/** The screen never showed what was waited for. `rows` is what it showed. */
export class ScreenNotSeen extends Error {
  constructor(what: string, rows: readonly string[]) {
    super(`${what} never came to the screen, which shows:\n${rows.join('\n')}`);
    this.name = 'ScreenNotSeen';
  }
}

const look = { everyMs: 8, patienceMs: 30_000 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => systemClock.after(ms, resolve));

const digitKeys = (digits: string): Key[] => [...digits].filter((c): c is Extract<Key, `${bigint}`> => /\d/.test(c));

/** A person at the counter: presses keys, presents cards, reads the screen. Everything goes through the real wires. */
export class Cashier {
  readonly #devices: CounterDevices;
  readonly #socket: string;

  constructor(devices: CounterDevices, home: string) {
    this.#devices = devices;
    this.#socket = socketIn(home);
  }

  async screen(): Promise<readonly string[]> {
    const answer = (await callJson(this.#socket, 'GET', '/v1/screen')) as { screen: { rows: string[] } };
    return answer.screen.rows;
  }

  press(...keys: readonly Key[]): void {
    this.#devices.keypad.press(...keys);
  }

  /** From page to page: keys as scenario files write them, and words that only the next page has. Returns the last one's rows. */
  async walk(...steps: readonly (readonly [keys: string, words: string])[]): Promise<readonly string[]> {
    let rows: readonly string[] = [];
    for (const [keys, words] of steps) {
      this.press(...keysOf(keys));
      rows = await this.see(words, (now) => now.some((row) => row.includes(words)));
    }
    return rows;
  }

  /** Waits until the screen is as `wanted` says and returns its rows. Throws ScreenNotSeen, or what the socket throws when nobody is there. */
  async see(
    what: string,
    wanted: (rows: readonly string[]) => boolean,
    patienceMs: number = look.patienceMs,
  ): Promise<readonly string[]> {
    const endMs = systemClock.now() + patienceMs;
    let rows = await this.screen();
    while (!wanted(rows)) {
      if (systemClock.now() > endMs) throw new ScreenNotSeen(what, rows);
      await pause(look.everyMs);
      rows = await this.screen();
    }
    return rows;
  }

  /** Back to the idle screen with `operator` logged on, wherever the screen is. */
  async atIdle(operator: string, secret: string): Promise<void> {
    let rows = await this.screen();
    for (let tries = 0; !isIdle(rows) && !isLogOn(rows); tries++) {
      if (tries > 60) throw new ScreenNotSeen('the idle screen', rows);
      const before = rows.join();
      this.press('cancel');
      rows = await this.see('another screen', (now) => now.join() !== before, 3_000).catch(() => rows);
    }
    if (isIdle(rows) && rows.some((row) => row.includes(`操作员${operator}`))) return;
    if (isIdle(rows)) await this.#handOver();
    await this.#emptyLogOn();
    this.press(...digitKeys(operator), 'enter', ...digitKeys(secret), 'enter');
    await this.see(
      `operator ${operator} logged on`,
      (now) => isIdle(now) && now.some((row) => row.includes(`操作员${operator}`)),
    );
  }

  /** 7 4 6: the shift of who stands here ends. */
  async #handOver(): Promise<void> {
    this.press('7');
    await this.see('the menu', (rows) => title(rows, '管理'));
    this.press('4');
    await this.see('the menu', (rows) => title(rows, '柜员'));
    this.press('6');
    const asked = await this.see('the shift, or log-on', (rows) => title(rows, '交班') || isLogOn(rows));
    if (isLogOn(asked)) return;
    this.press('enter');
    await this.see('the log-on screen', isLogOn);
  }

  /** 取消 alone: together with a digit it would look like an escape sequence. */
  async #emptyLogOn(): Promise<void> {
    const empty = (rows: readonly string[]): boolean => isLogOn(rows) && rows.some((row) => /操作员号 +__/.test(row));
    if (!empty(await this.screen())) this.press('cancel');
    await this.see('an empty log-on screen', empty);
  }

  /** Online and signed in, with no reversal waiting. */
  async ready(): Promise<void> {
    await this.see(
      '已联机',
      (rows) =>
        isIdle(rows) &&
        rows.some((row) => row.includes('已联机')) &&
        !rows.some((row) => /未签到|冲正未完成/.test(row)),
    );
  }

  /** A transaction by card from the idle screen of a cashier to its result. */
  async sale(
    amountFen: number,
    how: 'contactless' | 'swipe',
    card: { readonly pan: string; readonly expiry: string },
    txn: CardTxn = 'sale',
  ): Promise<SaleEnd> {
    const { keys, confirm } = cardTxns[txn];
    await this.#askAmount(keys, amountFen);
    const asked = await this.see('the card or a refusal', (rows) => asksForCard(rows) || isOver(rows));
    if (!asksForCard(asked)) return this.#leave('refused');
    const { reader } = this.#devices;
    if (how === 'swipe') reader.swipe(card);
    else reader.present(card);
    const read = await this.see('the confirmation or a refusal', (rows) => title(rows, confirm) || isOver(rows));
    if (!title(read, confirm)) return this.#leave('refused');
    this.press('enter');
    const end = await this.see('the result', (rows) => saleEnd(rows) !== undefined);
    return this.#leave(saleEnd(end) ?? 'refused');
  }

  /** 取消 when card and amount are shown: nothing was sent. */
  async cancelledSale(amountFen: number, card: { readonly pan: string; readonly expiry: string }): Promise<void> {
    await this.#askAmount(['1'], amountFen);
    const asked = await this.see('the card or a refusal', (rows) => asksForCard(rows) || isOver(rows));
    if (asksForCard(asked)) {
      this.#devices.reader.present(card);
      await this.see('the confirmation', (rows) => title(rows, '确认消费') || isOver(rows));
      this.press('cancel');
    }
    await this.see('the idle screen', isOver);
  }

  /** 9 2: the merchant shows a WeChat code, and the customer scans it. */
  async codeSale(amountFen: number): Promise<SaleEnd> {
    await this.#askAmount(['9', '2'], amountFen);
    const end = await this.see('the result', (rows) => saleEnd(rows) !== undefined);
    return this.#leave(saleEnd(end) ?? 'refused');
  }

  async #askAmount(keys: readonly Key[], amountFen: number): Promise<void> {
    for (const key of keys) {
      const before = (await this.screen()).join();
      this.press(key);
      await this.see('the next page', (rows) => rows.join() !== before);
    }
    await this.see('the amount', (rows) => rows.some((row) => row.includes('请输入金额')));
    this.press(...digitKeys(String(amountFen)), 'enter');
  }

  /** 7 6 确认: closes the batch and reads the verdict. */
  async closeBatch(): Promise<'balanced' | 'not-balanced' | 'other'> {
    this.press('7');
    await this.see('the menu', (rows) => title(rows, '管理'));
    this.press('6');
    await this.see('the question', (rows) => rows.some((row) => row.includes('这不是资金结算')));
    this.press('enter');
    const end = await this.see(
      'the verdict',
      (rows) =>
        rows.some((row) => /对账平|对账不平|提示/.test(row)) || rows.some((row) => row.includes('按任意键返回')),
    );
    const text = end.join('');
    this.press('enter');
    return text.includes('对账不平') ? 'not-balanced' : text.includes('对账平') ? 'balanced' : 'other';
  }

  /** 8 1, the five steps for all that is available. Returns the state that the screen ends with. */
  async settle(): Promise<'SUCCESS' | 'FAILED' | 'RETURNED' | 'refused'> {
    this.press('8');
    await this.see('the menu', (rows) => title(rows, '其它'));
    this.press('1');
    const first = await this.see(
      'step 1',
      (rows) => title(rows, '资金结算 1/5') || rows.some((row) => row.includes('按任意键返回')),
    );
    if (!title(first, '资金结算 1/5')) return this.#leave('refused');
    this.press('enter');
    const second = await this.see(
      'step 2',
      (rows) => title(rows, '资金结算 2/5') || rows.some((row) => row.includes('没有可结算')),
    );
    if (!title(second, '资金结算 2/5')) return this.#leave('refused');
    this.press('enter');
    const third = await this.see(
      'step 3',
      (rows) => title(rows, '资金结算 3/5') || rows.some((row) => row.includes('没有可结算')),
    );
    if (!title(third, '资金结算 3/5')) return this.#leave('refused');
    this.press('enter');
    const end = await this.see('the outcome', (rows) => rows.some((row) => /成功|失败|已退回|按任意键返回/.test(row)));
    const text = end.join('');
    return this.#leave(
      text.includes('成功')
        ? 'SUCCESS'
        : text.includes('失败')
          ? 'FAILED'
          : text.includes('已退回')
            ? 'RETURNED'
            : 'refused',
    );
  }

  /** 6 1: the slips of the last transaction again. */
  async reprintLast(): Promise<void> {
    this.press('6');
    await this.see('the menu', (rows) => title(rows, '打印'));
    this.press('1');
    await this.see('打印完成', (rows) => rows.some((row) => row.includes('打印完成')));
    this.#leave(undefined);
  }

  #leave<T>(end: T): T {
    this.press('enter');
    return end;
  }
}

const title = (rows: readonly string[], text: string): boolean => rows[0]?.startsWith(text) ?? false;
const isIdle = (rows: readonly string[]): boolean => rows.at(-1)?.includes('1消费 确认菜单') ?? false;
const isLogOn = (rows: readonly string[]): boolean => title(rows, '操作员登录') || title(rows, '终端已锁定');

const asksForCard = (rows: readonly string[]): boolean => rows.some((row) => row.includes('请挥卡或刷卡 '));
const isOver = (rows: readonly string[]): boolean => isIdle(rows) || saleEnd(rows) !== undefined;

function saleEnd(rows: readonly string[]): SaleEnd | undefined {
  if (rows.some((row) => row.includes('正在打印'))) return undefined;
  if (title(rows, '交易成功') || title(rows, '打印未完成') || title(rows, '离线已受理')) return 'approved';
  if (title(rows, '交易失败')) return 'declined';
  if (title(rows, '结果未知')) return 'unknown';
  return rows.some((row) => row.includes('按任意键返回')) ? 'refused' : undefined;
}
