import type { TestCard } from '../../drivers/simulator/test-card.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { keysOf } from '../../terminal/bench/scenario-keys.ts';
import type { Cashier } from './cashier.ts';
import type { CounterDevices } from './counter-devices.ts';

/** A counter with somebody behind it. */
export interface Counter {
  readonly cashier: Cashier;
  readonly devices: CounterDevices;
}

/** Who pays, and what cashier and customer say to what the host asks on the way. */
export interface Customer {
  readonly card: TestCard;
  readonly how: 'contactless' | 'swipe' | 'insert';
  readonly pin?: string;
  /** Less than was asked is taken; yes when not given. */
  readonly part?: boolean;
  /** Said one after the other when a code is asked for; then it is given up. */
  readonly codes?: readonly string[];
}

/** What the screen ended with. `given-back`: approved, and not taken; `stored`: without the host. */
const ends = ['approved', 'declined', 'unknown', 'refused', 'given-back', 'stored', 'shown', 'closed'] as const;
export type PaymentEnd = (typeof ends)[number];

/** As the cashier reads it from the screen. */
export interface Ended {
  readonly end: PaymentEnd;
  /** 0: no amount is shown. */
  readonly amountFen: number;
  /** Empty: none is shown. */
  readonly stan: string;
}

type Question = 'card' | 'confirm' | 'pin' | 'part' | 'code';

/** A page of a transaction: what it asks, or how it ends. `mark` changes when the same is asked once more. */
interface Page {
  readonly is: Question | PaymentEnd;
  readonly mark: string;
}

const pages: readonly (readonly [is: Page['is'], words: RegExp])[] = [
  ['card', /请挥卡或刷卡 |请刷磁条 /],
  ['confirm', /请核对 (?=\d)/],
  ['pin', /请客户输密码|密码错 请重输/],
  ['part', /主机只批准部分/],
  ['code', /验证码错 还可试\d次|验证码过期|可试\d次/],
  ['stored', /^(离线|通知)已受理/],
  ['approved', /^(交易成功|打印未完成|退货成功)/],
  ['declined', /^(交易失败|退货失败)/],
  ['given-back', /^结果未知[\s\S]*(不收部分款|未通过验证)/],
  ['unknown', /^结果未知/],
  ['closed', /^订单已关闭/],
  ['shown', /可用余额/],
  ['refused', /按任意键返回|1消费 确认菜单/],
];

/** Undefined: the terminal works on it. */
function pageOf(rows: readonly string[]): Page | undefined {
  const text = rows.join('\n');
  if (text.includes('正在打印')) return undefined;
  for (const [is, words] of pages) {
    const found = words.exec(text);
    if (found) return { is, mark: `${is} ${found[0]}` };
  }
  return undefined;
}

const isEnd = (is: Page['is']): is is PaymentEnd => ends.some((end) => end === is);

/** Answers whatever is asked until the transaction has ended; the result is read and left. The card is in the customer's hand again. */
export async function pay(counter: Counter, customer: Customer): Promise<Ended> {
  const { cashier, devices } = counter;
  const codes = [...(customer.codes ?? [])];
  for (let mark = ''; ; ) {
    const rows = await cashier.see('a question or the result', (now) => ![undefined, mark].includes(pageOf(now)?.mark));
    const page = pageOf(rows) ?? { is: 'refused', mark: '' };
    mark = page.mark;
    if (isEnd(page.is)) {
      cashier.press('enter');
      devices.reader.takeAway();
      return { end: page.is, amountFen: amountOn(rows), stan: / (\d{6}) *$/m.exec(rows.join('\n'))?.[1] ?? '' };
    }
    switch (page.is) {
      case 'card':
        present(counter, customer);
        break;
      case 'confirm':
        cashier.press('enter');
        break;
      case 'pin':
        await untilWaits(devices.pinPad);
        devices.pinPad.enterPin(customer.pin ?? '');
        break;
      case 'part':
        cashier.press(customer.part === false ? 'cancel' : 'enter');
        break;
      case 'code':
        cashier.press(...keysOf(codes.length > 0 ? `${codes.shift()} ⏎` : '取消'));
    }
  }
}

function present({ devices: { reader } }: Counter, { card, how }: Customer): void {
  if (how === 'swipe') reader.swipe(card);
  else if (how === 'insert') reader.insert(card);
  else reader.present(card);
}

/** The row above the last: `1,234.56`. */
function amountOn(rows: readonly string[]): number {
  const shown = /^ *([\d,]+\.\d\d) *$/.exec(rows.at(-2) ?? '')?.[1] ?? '0';
  return Math.round(Number(shown.replaceAll(',', '')) * 100);
}

/** A customer looks at the device, not at the screen. */
export async function untilWaits(device: { isWaiting(): boolean }): Promise<void> {
  const endMs = systemClock.now() + 10_000;
  while (!device.isWaiting()) {
    if (systemClock.now() > endMs) throw new Error('the device never asked');
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
  }
}
