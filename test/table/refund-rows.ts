import { keysFor } from '../support/keypad.ts';
import { sold } from './card-rows.ts';
import { type Cell, nothing, twice } from './cell.ts';
import { sellElsewhere } from './elsewhere.ts';
import { secret, type Till } from './till.ts';
import { preparedToTell, type Told, toldRow } from './told.ts';

/** 退货: reserved first, then told; it goes on by itself until the host has decided. */

const realTime = { hostParameters: { 'settle.cardCycle': 'real-time' } } as const;
const refundable = /退货 可退金额/;

interface Refunding {
  readonly name: Told['name'];
  readonly system?: Told['system'];
  readonly before: (till: Till) => Promise<string>;
  /** From the idle screen to what is left of the payment; `number` in keys. */
  readonly opens: (number: string) => string;
  readonly paid: { readonly states: string; readonly journals: string; readonly totals: string };
  /** States of the payment when 40.00 of it was given back. */
  readonly given: string;
  readonly reserved: string;
  readonly extra: Pick<Told, 'more' | 'declined'>;
}

function refundRow({ name, system, before, opens, paid, given, reserved, extra }: Refunding) {
  const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');
  const counted = join(paid.totals, 'domestic credit 1/40.00');
  const journals = (end: string): string => `${paid.journals} ${reserved} ${end}`;
  const undone = { ...paid, slips: [] };
  const told: Told = {
    name,
    ...(system && { system }),
    before,
    async tell(till, number) {
      till.press(opens(number));
      await till.sees(refundable);
      till.press('确认 4 0 00 确认');
      await till.sees(/确认退货/);
      till.press(`确认 ${secret}`);
    },
    screen: /退货成功\n\n请取签购单/,
    waits: /退货\n\n\n正在提交/,
    done: {
      states: join(given, 'refund SUCCESS'),
      journals: journals('J-07'),
      totals: counted,
      slips: twice('退货 REFUND RMB -40.00'),
    },
    undone,
    last: '成功\n已退款',
    more: extra.more,
    get declined(): readonly Cell[] {
      const denied =
        (what: 'refuse' | 'fail', reason: string): Cell['play'] =>
        async (till) => {
          const tell = await preparedToTell(told, till);
          await till.system.host.fault({ kind: `refund-${what}`, reason });
          await tell();
        };
      return [
        {
          given: 'the host refuses it',
          play: denied('refuse', 'RISK_BLOCKED'),
          screens: [/退货失败\n风险交易 请联系客服\n款项未退 已恢复原状/],
          ...undone,
          states: join(paid.states, 'refund FAILED RISK_BLOCKED'),
          journals: journals('J-08'),
        },
        {
          given: 'the host accepts it, and the bank refuses it: counted, and a fault slip',
          play: denied('fail', 'BANK_REFUSED'),
          screens: [/退货失败\n银行拒绝\n款项未退 已恢复原状/],
          states: join(paid.states, 'refund FAILED BANK_REFUSED'),
          journals: journals('J-08'),
          totals: counted,
          slips: ['故障单'],
        },
        {
          given: 'more than is left of it',
          async play(till) {
            const number = await before(till);
            till.markSlips();
            till.press(opens(number));
            await till.sees(refundable);
            till.press('确认 1 5 0 00 确认');
          },
          screens: [/退货150\.00元超过可退/],
          ...undone,
        },
        ...extra.declined,
      ];
    },
    partial: 'the host accepts all of a refund or refuses it (states.md 2); to give back a part is what was asked for',
    removed: { none: 'no card is asked for' },
    cancelled: [
      {
        given: '取消 at 主管密码, at the confirmation, at the amount, at what is left',
        async play(till) {
          const number = await before(till);
          till.markSlips();
          till.press(opens(number));
          await till.sees(refundable);
          till.press('确认 4 0 00 确认 确认 取消');
          await till.sees(/确认退货/);
        },
        screens: [/确认退货/],
        ...undone,
      },
    ],
    cuts: [
      ['refund.in-request', 'not'],
      ['refund.after-request', 'reprint'],
      ['refund.in-result', 'reprint'],
      ['refund.after-result', 'reprint'],
    ],
  };
  return toldRow(told);
}

export const refundHereRow = refundRow({
  name: '退货 (本机记录)',
  before: sold,
  opens: (stan) => `3 1 ${keysFor(stan)} 确认`,
  paid: { states: 'sale PAID', journals: 'J-01', totals: 'domestic debit 1/100.00' },
  given: 'sale PARTLY_REFUNDED',
  reserved: 'J-06b',
  extra: {
    more: [
      {
        given: 'all that is left, of a sale that has cleared',
        system: realTime,
        async play(till) {
          const stan = await sold(till);
          till.markSlips();
          till.press(`3 1 ${keysFor(stan)} 确认`);
          await till.sees(refundable);
          till.press('确认 1 00 00 确认');
          await till.sees(/确认退货/);
          till.press(`确认 ${secret}`);
        },
        screens: [/退货成功\n\n请取签购单/],
        states: 'sale REFUNDED, refund SUCCESS',
        journals: 'J-01 J-03 J-06 J-07',
        totals: 'domestic debit 1/100.00, domestic credit 1/100.00',
        slips: twice('退货 REFUND RMB -100.00'),
      },
    ],
    declined: [],
  },
});

export const refundThereRow = refundRow({
  name: '退货 (参考号, 他终端)',
  system: realTime,
  /** What is given back is paid from what is available here. */
  async before(till) {
    await sold(till);
    const { rrn, day } = sellElsewhere(till.system);
    return `${keysFor(rrn)} 确认 ${keysFor(day)}`;
  },
  opens: (typed) => `3 2 ${typed} 确认`,
  paid: { states: 'sale CLEARED', journals: 'J-01 J-03', totals: 'domestic debit 1/100.00' },
  given: 'sale CLEARED',
  reserved: 'J-06',
  extra: {
    more: [],
    declined: [
      {
        given: 'a reference that nobody knows',
        play: async (till) => till.press(`3 2 ${keysFor('111111111111')} 确认 1 1 2 0 确认`),
        screens: [/退货[\s\S]*找不到/],
        ...nothing,
      },
      {
        given: 'the answer to what it is about is not believed',
        async play(till) {
          const { rrn, day } = sellElsewhere(till.system);
          const refused = till.wire.breakSignature('auth', 'find-original');
          till.press(`3 2 ${keysFor(rrn)} 确认 ${keysFor(day)} 确认`);
          await refused;
          till.runOut();
        },
        screens: [/退货[\s\S]*结果未知/],
        ...nothing,
      },
    ],
  },
});
