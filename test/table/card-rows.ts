import { keysFor } from '../support/keypad.ts';
import { unionPayCard, visaCard } from '../support/terminal.ts';
import { type Asked, prepared, reversedBecause, undone } from './asked.ts';
import { askedRow } from './asked-row.ts';
import { type Cell, nothing, twice } from './cell.ts';
import { chipCard, secret, type Till } from './till.ts';

/** 消费 and 撤销, row by row. */

const amount = '1 00 00 确认';
const held = async (till: Till): Promise<void> => {
  till.present();
  await till.yes();
};
const inserted = async (till: Till): Promise<void> => {
  till.insert();
  await till.yes();
};
const paid = 'domestic debit 1/100.00';

const words = { notAgain: '请勿重复刷卡', reversed: '已冲正 可重新交易', failed: '未扣款 可重新交易' } as const;

/** The card went too early: nothing was sent, and the amount is kept for the next try. */
const removedEarly = (how: 'present' | 'insert'): Cell => ({
  given: how === 'present' ? 'held to the reader too shortly' : 'pulled out while it is read',
  async play(till) {
    await till.asksCard(`1 ${amount}`);
    till.removedEarly(how === 'present' ? unionPayCard : chipCard, how);
    await till.sees(/消费[\s\S]*卡移开过早\n请重新出示卡/);
    till.press('确认');
  },
  screens: [/请输入金额[\s\S]*100\.00/],
  ...nothing,
  states: 'sale FAILED',
});

const sale: Asked = {
  name: '消费',
  kind: 'sale',
  opens: (till) => till.asksCard(`1 ${amount}`),
  opensAt: 'card',
  goesOn: held,
  done: { states: 'sale PAID', journals: 'J-01', totals: paid, slips: twice('消费 SALE RMB 100.00') },
  undone: nothing,
  words: { ...words, title: '消费', done: '成功', advised: '已扣款 请勿重刷' },
  more: [
    {
      given: 'a foreign card',
      async play(till) {
        await till.asksCard(`1 ${amount}`);
        till.present(visaCard);
        await till.yes();
      },
      screens: [/交易成功\n消费 +\d{6}\n请取签购单/],
      states: 'sale PAID',
      journals: 'J-01',
      totals: 'foreign debit 1/100.00',
      slips: twice('消费 SALE RMB 100.00'),
    },
    {
      given: 'a discount (…11)',
      async play(till) {
        await till.asksCard('1 1 0 0 1 1 确认');
        await held(till);
      },
      screens: [/交易成功\n消费 +\d{6}\n请取签购单\n应收 +100\.11\n优惠 +10\.01[\s\S]*90\.10/],
      states: 'sale PAID',
      journals: 'J-01',
      totals: 'domestic debit 1/90.10',
      slips: twice('消费 SALE RMB 90.10'),
    },
  ],
  partial: [
    {
      given: 'half of it (…10), and the customer pays the rest in another way',
      async play(till) {
        await till.asksCard('1 1 0 0 1 0 确认');
        await held(till);
        await till.sees(/主机只批准部分[\s\S]*应收 +100\.10\n批准 +50\.05\n另收 +50\.05/);
        till.press('确认');
      },
      screens: [/交易成功\n消费 +\d{6}\n请取签购单\n应收 +100\.10[\s\S]*50\.05/],
      states: 'sale PAID 10',
      journals: 'J-01',
      totals: 'domestic debit 1/50.05',
      slips: twice('消费 SALE RMB 50.05'),
    },
    {
      given: 'half of it, and it is not wanted',
      async play(till) {
        await till.asksCard('1 1 0 0 1 0 确认');
        await held(till);
        await till.sees(/主机只批准部分/);
        till.press('取消');
      },
      screens: [/结果未知\n不收部分款,自动冲正/, /状态 +已冲正\n已冲正 可重新交易/],
      ...nothing,
      states: 'sale REVERSED 00',
    },
  ],
  removed: [removedEarly('present')],
};

const chipSale: Asked = {
  ...sale,
  name: '消费 (芯片, 密码)',
  goesOn: inserted,
  more: [],
  get removed() {
    return [removedEarly('insert'), pulledOut(chipSale)];
  },
};

/** The host has approved; without the chip's word nothing is booked (payments.md, Reversal 2). */
const pulledOut = (asked: Asked): Cell => ({
  given: 'pulled out while the host thinks',
  async play(till) {
    const request = await prepared(asked, till);
    await Promise.all([till.wire.passes('up', asked.kind), request()]);
    till.system.devices.reader.takeAway();
  },
  screens: reversedBecause(asked, '卡片拒绝,自动冲正'),
  ...undone(asked, 'REVERSED 00'),
});

export const sold = async (till: Till): Promise<string> => {
  await till.asksCard(`1 ${amount}`);
  await held(till);
  await till.sees(/请取签购单/);
  await till.leave();
  return till.voucher();
};

const original = /请核对原交易/;

const voided: Asked = {
  name: '撤销',
  kind: 'void',
  before: sold,
  async opens(till, stan) {
    till.press(`2 ${keysFor(stan)} 确认`);
    await till.sees(original);
  },
  opensAt: 'original',
  goesOn: async (till) => till.press(`确认 ${secret}`),
  done: {
    states: 'sale VOIDED, void DONE',
    journals: 'J-01 J-02',
    totals: `${paid}, domestic credit 1/100.00`,
    slips: twice('撤销 VOID RMB -100.00'),
  },
  undone: { states: 'sale PAID', journals: 'J-01', totals: paid },
  words: {
    title: '撤销',
    notAgain: '请勿重复撤销',
    done: '成功',
    advised: '原交易已撤销',
    reversed: '未撤销 原交易有效',
    failed: '未撤销 原交易有效',
  },
  more: [],
  get removed(): readonly Cell[] {
    return [
      {
        given: 'where a parameter asks for the card, and its chip is pulled out while the host thinks',
        system: { hostParameters: { 'void.needsCard': true } },
        async play(till) {
          const stan = await sold(till);
          till.markSlips();
          await voided.opens(till, stan);
          await till.asksCard(`确认 ${secret}`);
          till.insert();
          await Promise.all([till.wire.passes('up', 'void'), till.yes()]);
          till.system.devices.reader.takeAway();
        },
        screens: reversedBecause(voided, '卡片拒绝,自动冲正'),
        ...undone(voided, 'REVERSED 00'),
      },
    ];
  },
};

const voidedCleared: Asked = {
  ...voided,
  name: '撤销 (已实时清算)',
  system: { hostParameters: { 'settle.cardCycle': 'real-time' } },
  done: { ...voided.done, journals: 'J-01 J-03 J-02r J-02s' },
  undone: { states: 'sale CLEARED', journals: 'J-01 J-03', totals: paid },
  attempt: 'J-02r J-02f',
  removed: { none: 'no card is asked for; where a parameter asks for it, it is as for any 撤销' },
};

export const saleRow = askedRow(sale);
export const chipSaleRow = askedRow(chipSale);
export const voidRow = askedRow(voided);
export const voidClearedRow = askedRow(voidedCleared);
