import { type Cell, nothing, twice } from './cell.ts';
import { make, preauth, shows } from './preauth-rows.ts';
import { chipCard, type Till } from './till.ts';
import { preparedToTell, type Told, toldRow } from './told.ts';

/** 离线消费 and 预授权完成通知: taken or told first, and paid when the host has accepted it. */

const hundred = '1 00 00 确认';
const offline = { hostParameters: { 'offline.enabled': true } };

const storedCuts: Told['cuts'] = [
  ['stored.in-store', 'not'],
  ['stored.after-store', 'reprint'],
  ['sale.printed', 'printed'],
  ['sale.after-printed', 'printed'],
  ['stored.in-result', 'printed'],
  ['stored.after-result', 'printed'],
];

const taken = /离线已受理\n离线消费 +\d{6}\n联网后自动上送/;

const stored: Told = {
  name: '离线消费',
  system: offline,
  async tell(till) {
    await till.asksCard(`5 1 ${hundred}`);
    till.present();
    await till.yes();
    await till.sees(taken);
  },
  screen: taken,
  done: {
    states: 'stored-sale PAID',
    journals: 'J-01',
    totals: 'domestic debit 1/100.00',
    slips: twice('离线 OFFLINE RMB 100.00'),
  },
  undone: nothing,
  last: '成功\n已扣款 请勿重刷',
  more: [],
  declined: [
    {
      given: 'the issuer refuses it when it is forwarded (…51), and a fault slip says so',
      async play(till) {
        await till.asksCard('5 1 1 0 0 5 1 确认');
        till.present();
        await till.yes();
        await till.sees(taken);
        await till.leave();
        till.press('功能 1');
      },
      screens: [/末笔交易\n状态 +失败\n未扣款 可重新交易/],
      ...nothing,
      states: 'stored-sale FAILED 51',
      slips: [...twice('离线 OFFLINE RMB 100.51'), '故障单'],
    },
    {
      given: 'more than may be taken offline',
      play: async (till) => till.press('5 1 3 00 00 确认'),
      screens: [/限200\.00/],
      ...nothing,
    },
  ],
  partial: 'it was taken whole before the host was asked; the host accepts it whole or refuses it',
  removed: [
    {
      given: 'held to the reader too shortly',
      async play(till) {
        await till.asksCard(`5 1 ${hundred}`);
        till.removedEarly();
      },
      screens: [/卡移开过早\n请重新出示卡/],
      ...nothing,
    },
    {
      given: 'the chip pulled out before it agrees',
      async play(till) {
        await till.asksCard(`5 1 ${hundred}`);
        till.insert({ ...chipCard, verification: 'signature' });
        await till.sees(/请核对/);
        till.system.devices.reader.takeAway();
        till.press('确认');
      },
      screens: [/卡片拒绝 未扣款\n请换卡/],
      ...nothing,
    },
  ],
  cancelled: [
    {
      given: '取消 while a card is awaited',
      async play(till) {
        await till.asksCard(`5 1 ${hundred}`);
        till.press('取消');
      },
      screens: [/已取消/],
      ...nothing,
    },
    {
      given: '取消 with card and amount on the screen',
      async play(till) {
        await till.asksCard(`5 1 ${hundred}`);
        till.present();
        await till.sees(/请核对/);
        till.press('取消');
      },
      screens: [/已取消/],
      ...nothing,
    },
  ],
  cuts: storedCuts,
};

const told = /通知已受理\n完成通知 +\d{6}\n以主机结果为准/;

const advice: Told = {
  name: '预授权完成通知',
  before: (till) => make(preauth, till),
  async tell(till, stan) {
    await shows('4 3')(till, stan);
    till.press('确认 1 5 0 00 确认');
    await till.sees(/请核对 确认后上送/);
    till.press('确认');
    await till.sees(told);
  },
  screen: told,
  done: {
    states: 'preauth COMPLETED, completion-advice PAID',
    journals: 'J-01',
    totals: 'domestic debit 1/150.00',
    slips: twice('完成通知 ADV RMB 150.00'),
  },
  undone: { ...nothing, states: 'preauth HELD' },
  last: '成功\n已扣款 请勿重刷',
  more: [],
  get declined(): readonly Cell[] {
    return [
      {
        given: 'the host refuses it with 05, and a fault slip says so',
        async play(till) {
          const tell = await preparedToTell(advice, till);
          await till.system.host.fault({ kind: 'forward-refuse', code: '05' });
          await tell();
          await till.leave();
          till.press('功能 1');
        },
        screens: [/末笔交易\n状态 +失败\n未扣款/],
        ...nothing,
        states: 'preauth HELD, completion-advice FAILED 05',
        slips: [...twice('完成通知 ADV RMB 150.00'), '故障单'],
      },
    ];
  },
  partial: 'nobody is asked: the host accepts it whole or refuses it',
  removed: { none: 'no card is asked for' },
  get cancelled(): readonly Cell[] {
    return [
      {
        given: '取消 at the original, at the amount and before it is told',
        async play(till: Till) {
          const stan = await make(preauth, till);
          till.markSlips();
          await shows('4 3')(till, stan);
          till.press('取消');
          await till.sees(/请输入原凭证号/);
          till.press('取消 取消');
          await shows('4 3')(till, stan);
          till.press('确认 1 5 0 00 确认');
          await till.sees(/请核对 确认后上送/);
          till.press('取消');
        },
        screens: [/预授权\n1 /],
        ...advice.undone,
      },
    ];
  },
  cuts: storedCuts,
};

export const storedRow = toldRow(stored);
export const adviceRow = toldRow(advice);
