import { type Chapter, note } from './step.ts';

/** Nobody settles any more: the cut does. The clocks of host and terminal are turned, which are started again for it. */
export const night: readonly Chapter[] = [
  {
    zh: '夜里：到日切自动结算',
    en: 'At night: the cut settles by itself',
    steps: [
      { do: 'close', ends: 'balanced' },
      note('商户改为自动结算，每日一次', 'the merchant changes to automatic settlement, daily'),
      { do: 'host', path: '/command', order: { command: 'set-mode', mode: 'AUTO', cycle: { every: 'DAILY' } } },
      { do: 'turn-clock', to: 'cut' },
      { do: 'settled-at-cut' },
    ],
  },
  {
    zh: '次日上午：对账单与账单对账',
    en: 'The next morning: statement and bill',
    steps: [{ do: 'turn-clock', to: 'morning' }, { do: 'statement' }, { do: 'bill' }],
  },
];
