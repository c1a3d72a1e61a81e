import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { type Cell, nothing, type Row, type Transaction, twice } from './cell.ts';
import { cut } from './cut.ts';
import { type Fields, otherAddresses } from './host-wire.ts';
import type { Left } from './left.ts';
import type { Till } from './till.ts';

/** 付款码 and 收款码. An order is never reversed: what is in doubt is asked after by its number, and closed by it when it is not wanted. */
interface ByCode {
  readonly name: Transaction;
  /** From the idle screen to the order. The amount as keys: its last two digits say what the wallet does (amount-table.ts). */
  readonly ask: (till: Till, amount: string) => Promise<void>;
  /** The screen while nobody has paid. */
  readonly waits: RegExp;
  readonly leftBefore: readonly Cell[];
}

const paidFor = (amount: string): Left => ({
  states: 'code-sale CLEARED',
  journals: 'J-01 J-03',
  totals: `codes debit 1/${amount}`,
  slips: twice(`扫码 QR SALE RMB ${amount}`),
});
const paid = paidFor('100.00');
const notPaid = (state: string): Left => ({ ...nothing, states: `code-sale ${state}` });
const success = /交易成功\n扫码 +\d{6}\n请取签购单/;
const unknown = /结果未知 正在查询\n请勿重复收款/;
const notPaidScreen = /订单已关闭\n\n未付款 可重新收款/;
const hundred = '1 00 00';

const row = (way: ByCode): Row => ({
  name: way.name,
  cells: {
    approved: [
      { given: 'the customer pays', play: (till) => way.ask(till, hundred), screens: [success], ...paid },
      {
        given: 'a discount (…11)',
        play: (till) => way.ask(till, '1 0 0 1 1'),
        screens: [/交易成功\n扫码 +\d{6}\n请取签购单\n应收 +100\.11\n优惠 +10\.01[\s\S]*90\.10/],
        ...paidFor('90.10'),
      },
      {
        given: 'with a PIN in the telephone (…55)',
        play: (till) => way.ask(till, '1 0 0 5 5'),
        screens: [/客户正在输密码/, success],
        ...paidFor('100.55'),
      },
    ],
    declined: [
      {
        given: 'too little money in the wallet (…51)',
        play: (till) => way.ask(till, '1 0 0 5 1'),
        screens: [/交易失败\n扫码 +\d{6}\n\(51\)余额不足\n/],
        ...notPaid('FAILED 51'),
      },
    ],
    partial: { none: 'a wallet pays all of an order or nothing; the protocol has no part of one (code-requests.ts)' },
    'no answer': [
      {
        given: 'there is no order (…98), and 取消',
        async play(till) {
          await Promise.all([till.wire.passes('up', 'code-open'), way.ask(till, '1 0 0 9 8')]);
          till.runOut();
          await till.sees(unknown);
          till.press('取消');
        },
        screens: [notPaidScreen],
        ...notPaid('FAILED'),
      },
      {
        given: 'the order is there, and its answer is lost (…99): asked after by its number',
        async play(till) {
          await Promise.all([till.wire.passes('up', 'code-open'), way.ask(till, '1 0 0 9 9')]);
          till.runOut();
        },
        screens: [unknown, success],
        ...paidFor('100.99'),
      },
    ],
    'late answer': [
      {
        given: 'the query has found it when the answer comes',
        async play(till) {
          const [deliver] = await Promise.all([till.wire.hold('code-open'), way.ask(till, hundred)]);
          till.runOut();
          await till.sees(unknown);
          await till.sees(success);
          deliver();
          await till.wire.heard();
        },
        screens: [],
        ...paid,
      },
    ],
    'bad signature': [
      inDoubt(way, 'a byte of the answer was changed', (till) => till.wire.breakSignature('auth', 'code-open')),
    ],
    'mismatched echo': [
      inDoubt(way, 'another kind', (till) =>
        till.wire.changeAnswer('code-open', (answer) => ({ ...answer, kind: 'code-close' })),
      ),
      ...mismatches.map(
        ([given, change]): Cell => ({
          given,
          async play(till) {
            await Promise.all([till.wire.changeAnswer('code-open', change), way.ask(till, hundred)]);
          },
          screens: [unknown, success],
          ...paid,
        }),
      ),
      ...otherAddresses.map((whose) =>
        inDoubt(way, `another ${whose}`, (till) => till.wire.misdirect('auth', whose, 'code-open')),
      ),
    ],
    duplicate: [
      {
        given: 'every answer comes twice',
        async play(till) {
          await Promise.all([till.wire.twice('down', 'auth', 'code-open'), way.ask(till, hundred)]);
        },
        screens: [success],
        ...paid,
      },
      {
        given: 'the order comes twice',
        async play(till) {
          await Promise.all([till.wire.twice('up', 'auth', 'code-open'), way.ask(till, hundred)]);
        },
        screens: [success],
        ...paid,
      },
      {
        given: 'the host declines with 94',
        async play(till) {
          await till.system.host.fault({ kind: 'decline', of: 'code-open', code: '94' });
          await way.ask(till, hundred);
        },
        screens: [/交易失败\n扫码 +\d{6}\n\(94\)流水号重复\n请查询末笔 勿重刷/],
        ...notPaid('FAILED 94'),
      },
    ],
    'card removed': { none: 'there is no card; a code that is taken away is not read, or not paid' },
    cancelled: [
      ...way.leftBefore,
      {
        given: '取消 while nobody pays (…97)',
        async play(till) {
          await way.ask(till, '1 0 0 9 7');
          await till.sees(way.waits);
          till.press('取消');
        },
        screens: [notPaidScreen],
        ...notPaid('FAILED'),
      },
      {
        given: '取消 when the customer has just paid: given back',
        async play(till) {
          void till.wire.lose('down', 'code-query');
          await way.ask(till, '1 0 0 9 7');
          await till.sees(way.waits);
          await till.system.host.command({ command: 'customer', payment: till.paymentNo(), pays: true });
          till.press('取消');
        },
        screens: [/订单已关闭\n\n已付款项已退回客户/],
        ...notPaid('REVERSED'),
      },
    ],
    'power cut': cuts(way),
  },
});

/** The terminal has no answer that it believes until its wait is over; then it asks after the order. */
const inDoubt = (way: ByCode, given: string, wires: (till: Till) => Promise<void>): Cell => ({
  given,
  async play(till) {
    await Promise.all([wires(till), way.ask(till, hundred)]);
    till.runOut();
  },
  screens: [unknown, success],
  ...paid,
});

const mismatches: readonly (readonly [given: string, change: (answer: Fields) => Fields])[] = [
  ['another STAN', (answer) => ({ ...answer, stan: '999999' })],
  ['another payment', (answer) => ({ ...answer, payment: '01JD0000000000000000000000' })],
  ['another amount', (answer) => ({ ...answer, amountFen: 9_999 })],
];

function cuts(way: ByCode): readonly Cell[] {
  const straight = async (till: Till) => () => way.ask(till, hundred);
  const closing = async (till: Till) => async () => {
    await way.ask(till, '1 0 0 9 7');
    await till.sees(way.waits);
    till.press('取消');
  };
  const booked = (point: CrashPoint, reprint: boolean): Cell =>
    cut({ point, act: straight, left: paid, last: '成功 已清算\n已扣款 请勿重刷', reprint });
  const failed = '失败\n未扣款 可重新交易';
  const closed = (point: CrashPoint): Cell =>
    cut({ point, given: `${point}, closed`, act: closing, left: notPaid('FAILED'), last: failed });
  return [
    cut({ point: 'code.in-intent', act: straight, left: nothing }),
    cut({ point: 'code.after-intent', act: straight, left: notPaid('FAILED'), last: failed }),
    booked('code.after-send', true),
    booked('code.in-result', true),
    booked('code.after-result', true),
    booked('sale.printed', false),
    booked('sale.after-printed', false),
    closed('code.in-result'),
    closed('code.after-result'),
  ];
}

export const customerShowsRow = row({
  name: '付款码',
  async ask(till, amount) {
    till.press(`9 1 ${amount} 确认`);
    await till.scan('134567890123456789');
  },
  waits: /请客户看手机 \d+\n等客户确认付款/,
  leftBefore: [
    {
      given: '取消 while the scanner waits',
      async play(till) {
        till.press(`9 1 ${hundred} 确认`);
        await till.sees(/请扫付款码/);
        till.press('取消');
      },
      screens: [/已取消/],
      ...nothing,
    },
  ],
});

export const merchantShowsRow = row({
  name: '收款码',
  ask: async (till, amount) => till.press(`9 2 ${amount} 确认`),
  waits: /微信收款码\n请客户扫码 \d+/,
  leftBefore: [],
});
