import { keysFor } from '../support/keypad.ts';
import { type Asked, opened, prepared, reversedBecause, undone } from './asked.ts';
import { askedRow } from './asked-row.ts';
import { type Cell, nothing, twice } from './cell.ts';
import { secret, type Till } from './till.ts';

/** 预授权 and what follows upon it, row by row. */

const completed = 'domestic debit 1/150.00';
const take = {
  notAgain: '请勿重复撤销',
  done: '成功',
  advised: '原交易已撤销',
  reversed: '未撤销 原交易有效',
  failed: '未撤销 原交易有效',
} as const;

/** Shows the original that has this voucher. */
export const shows =
  (keys: string) =>
  async (till: Till, stan: string): Promise<void> => {
    till.press(`${keys} ${keysFor(stan)} 确认`);
    await till.sees(/请核对原交易/);
  };
const withSecret = async (till: Till): Promise<void> => till.press(`确认 ${secret}`);

/** Made, seen, and left. */
export async function make(asked: Asked, till: Till): Promise<string> {
  await (await prepared(asked, till))();
  await till.sees(/请取签购单/);
  await till.leave();
  return till.voucher();
}

export const preauth: Asked = {
  name: '预授权',
  kind: 'preauth',
  opens: (till) => till.asksCard('4 1 2 00 00 确认'),
  opensAt: 'card',
  async goesOn(till) {
    till.present();
    await till.yes();
  },
  done: { ...nothing, states: 'preauth HELD', slips: twice('预授权 AUTH RMB 200.00') },
  undone: nothing,
  words: {
    title: '预授权',
    notAgain: '请勿重复预授权',
    done: '已冻结额度',
    advised: '已冻结 请勿重刷',
    reversed: '已冲正 可重新交易',
    failed: '未冻结 可重新交易',
  },
  more: [],
  get removed() {
    return [removedEarly(preauth)];
  },
};

const removedEarly = (asked: Asked): Cell => ({
  given: 'held to the reader too shortly',
  async play(till) {
    await opened(asked, till);
    till.removedEarly();
    await till.sees(/卡移开过早\n请重新出示卡/);
    till.press('确认');
  },
  screens: [/请输入金额/],
  ...undone(asked, 'FAILED'),
});

const preauthVoid: Asked = {
  name: '预授权撤销',
  kind: 'preauth-void',
  before: (till) => make(preauth, till),
  opens: shows('4 4'),
  opensAt: 'original',
  goesOn: withSecret,
  done: { ...nothing, states: 'preauth VOIDED, preauth-void DONE', slips: twice('授权撤销 VOID RMB -200.00') },
  undone: { ...nothing, states: 'preauth HELD' },
  words: { ...take, title: '授权撤销' },
  more: [],
  removed: { none: 'no card is asked for; where a parameter asks for it, it is as for 撤销' },
};

const completion: Asked = {
  name: '预授权完成请求',
  kind: 'completion',
  before: (till) => make(preauth, till),
  opens: shows('4 2 1'),
  opensAt: 'original',
  goesOn: async (till) => till.press('确认 1 5 0 00 确认'),
  done: {
    states: 'preauth COMPLETED, completion PAID',
    journals: 'J-01',
    totals: completed,
    slips: twice('授权完成 COMP RMB 150.00'),
  },
  undone: { ...nothing, states: 'preauth HELD' },
  words: {
    title: '授权完成',
    notAgain: '请勿重复完成',
    done: '成功',
    advised: '已扣款 请勿重刷',
    reversed: '已冲正 可重新完成',
    failed: '未扣款 可重新完成',
  },
  get more(): readonly Cell[] {
    return [
      {
        given: 'by its authorisation code, with the card',
        async play(till) {
          await prepared(completion, till);
          await till.asksCard(`4 2 2 ${keysFor(till.authCode())} 确认 1 5 0 00 确认`);
          till.present();
          await till.yes();
        },
        screens: [/交易成功\n授权完成 +\d{6}\n请取签购单/],
        ...completion.done,
      },
    ];
  },
  get removed(): readonly Cell[] {
    return [
      {
        given: 'by its authorisation code, the chip pulled out while the host thinks',
        async play(till) {
          await prepared(completion, till);
          await till.asksCard(`4 2 2 ${keysFor(till.authCode())} 确认 1 5 0 00 确认`);
          till.insert();
          await Promise.all([till.wire.passes('up', 'completion'), till.yes()]);
          till.system.devices.reader.takeAway();
        },
        screens: reversedBecause(completion, '卡片拒绝,自动冲正'),
        ...undone(completion, 'REVERSED 00'),
      },
    ];
  },
};

const completionVoid: Asked = {
  name: '预授权完成撤销',
  kind: 'completion-void',
  before: (till) => make(completion, till),
  opens: shows('4 5'),
  opensAt: 'original',
  goesOn: withSecret,
  done: {
    states: 'preauth HELD, completion VOIDED, completion-void DONE',
    journals: 'J-01 J-02',
    totals: `${completed}, domestic credit 1/150.00`,
    slips: twice('完成撤销 VOID RMB -150.00'),
  },
  undone: { states: 'preauth COMPLETED, completion PAID', journals: 'J-01', totals: completed },
  words: { ...take, title: '完成撤销' },
  more: [],
  removed: { none: 'no card is asked for; where a parameter asks for it, it is as for 撤销' },
};

export const preauthRow = askedRow(preauth);
export const preauthVoidRow = askedRow(preauthVoid);
export const completionRow = askedRow(completion);
export const completionVoidRow = askedRow(completionVoid);
