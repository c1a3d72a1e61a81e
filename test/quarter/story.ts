import type { Phase } from './calendar.ts';

/** What happens in the time that is played, beside sales. Times are Shanghai's. */

/** In the morning, behind bill and statement; in the afternoon, among the sales; in the evening, before the cut. */
export type Moment = 'morning' | 'afternoon' | 'evening';

export type Event =
  /** The merchant asks for another mode. */
  | { readonly do: 'mode'; readonly mode: Phase['mode']; readonly cycle?: NonNullable<Phase['cycle']> }
  /** What becomes of the next settlement at its bank. */
  | { readonly do: 'bank-refuses'; readonly reason: 'BANK_REFUSED' | 'ACCOUNT_CLOSED' }
  /** The bank sends back what it had paid last. */
  | { readonly do: 'bank-returns' }
  | { readonly do: 'new-account'; readonly number: string }
  /** From now on a person at the bank decides, or nobody has to. */
  | { readonly do: 'bank-decides'; readonly by: 'person' | 'itself' }
  | { readonly do: 'bank-succeeds' }
  /** By hand, this part of what is available. */
  | { readonly do: 'settle'; readonly percent: number }
  | { readonly do: 'freeze' | 'charge-back'; readonly percent: number }
  | { readonly do: 'unfreeze' }
  /** Four more customers with cards. */
  | { readonly do: 'rush' }
  /** The bill of the day before again, with one difference of each kind; all of them are found and decided. */
  | { readonly do: 'planted-bill' }
  | { readonly do: 'lose-book' }
  /** Until the morning of that day. */
  | { readonly do: 'terminal-off' | 'host-off'; readonly until: string };

export interface Story {
  readonly first: string;
  readonly last: string;
  readonly phases: readonly Phase[];
  readonly events: readonly (readonly [day: string, moment: Moment, event: Event])[];
  /** What AUTO is to make of its cuts where that is not one settlement that succeeds; none: nothing. */
  readonly otherCuts: Readonly<Record<string, readonly ('SUCCESS' | 'FAILED' | 'RETURNED')[]>>;
}

const daily = { every: 'DAILY' } as const;
const monthly = (monthDay: number) => ({ every: 'MONTHLY', monthDay }) as const;
const weekly = (weekday: 3 | 5) => ({ every: 'WEEKLY', weekday }) as const;
const auto = (cycle: NonNullable<Phase['cycle']>) => ({ do: 'mode', mode: 'AUTO', cycle }) as const;

/** Four weeks with both breaks and the Saturday that is worked for them. Nothing is sold on the last day, so that all of it has cleared by its cut. */
export const fourWeeks: Story = {
  first: '2026-09-21',
  last: '2026-10-19',
  phases: [
    { from: '2026-09-21', mode: 'AUTO', cycle: daily },
    { from: '2026-10-02', mode: 'AUTO', cycle: weekly(3) },
    { from: '2026-10-09', mode: 'AUTO', cycle: daily },
    { from: '2026-10-14', mode: 'REALTIME' },
    { from: '2026-10-16', mode: 'MANUAL' },
    { from: '2026-10-17', mode: 'AUTO', cycle: monthly(18) },
  ],
  events: [
    ['2026-09-23', 'morning', { do: 'bank-returns' }],
    ['2026-09-23', 'evening', { do: 'bank-refuses', reason: 'ACCOUNT_CLOSED' }],
    ['2026-09-26', 'morning', { do: 'new-account', number: '6222029999000019' }],
    ['2026-09-26', 'afternoon', { do: 'freeze', percent: 60 }],
    ['2026-09-27', 'morning', { do: 'lose-book' }],
    ['2026-09-28', 'evening', { do: 'bank-decides', by: 'person' }],
    ['2026-09-29', 'morning', { do: 'bank-decides', by: 'itself' }],
    ['2026-09-29', 'evening', { do: 'host-off', until: '2026-10-01' }],
    ['2026-10-01', 'morning', { do: 'unfreeze' }],
    ['2026-10-01', 'afternoon', { do: 'bank-succeeds' }],
    ['2026-10-02', 'afternoon', auto(weekly(3))],
    ['2026-10-05', 'morning', { do: 'charge-back', percent: 50 }],
    ['2026-10-09', 'afternoon', auto(daily)],
    ['2026-10-09', 'evening', { do: 'terminal-off', until: '2026-10-13' }],
    ['2026-10-13', 'afternoon', { do: 'rush' }],
    ['2026-10-14', 'morning', { do: 'planted-bill' }],
    ['2026-10-14', 'afternoon', { do: 'mode', mode: 'REALTIME' }],
    ['2026-10-16', 'afternoon', { do: 'mode', mode: 'MANUAL' }],
    ['2026-10-16', 'evening', { do: 'settle', percent: 45 }],
    ['2026-10-17', 'afternoon', auto(monthly(18))],
  ],
  otherCuts: {
    '2026-09-22': ['RETURNED'],
    // Caught up when there was a better account.
    '2026-09-23': ['FAILED', 'SUCCESS'],
    '2026-09-24': [],
    // The host was down over two, the terminal off over three: one settlement, for the last of them.
    '2026-09-29': [],
    '2026-10-09': [],
    '2026-10-10': [],
  },
};

/** Monday, 2026-09-21, to Monday, 2026-12-21, the same for a quarter. */
export const quarter: Story = {
  first: '2026-09-21',
  last: '2026-12-21',
  phases: [
    { from: '2026-09-21', mode: 'AUTO', cycle: daily },
    { from: '2026-09-29', mode: 'AUTO', cycle: weekly(5) },
    { from: '2026-10-19', mode: 'AUTO', cycle: daily },
    { from: '2026-11-16', mode: 'REALTIME' },
    { from: '2026-11-21', mode: 'MANUAL' },
    { from: '2026-11-28', mode: 'AUTO', cycle: monthly(6) },
    { from: '2026-12-09', mode: 'AUTO', cycle: monthly(19) },
  ],
  events: [
    ['2026-09-23', 'afternoon', { do: 'freeze', percent: 60 }],
    ['2026-09-24', 'morning', { do: 'charge-back', percent: 50 }],
    ['2026-09-29', 'afternoon', auto(weekly(5))],
    ['2026-10-04', 'evening', { do: 'freeze', percent: 100 }],
    ['2026-10-09', 'morning', { do: 'unfreeze' }],
    ['2026-10-12', 'afternoon', { do: 'charge-back', percent: 100 }],
    ['2026-10-19', 'afternoon', auto(daily)],
    ['2026-10-21', 'evening', { do: 'bank-refuses', reason: 'BANK_REFUSED' }],
    ['2026-10-23', 'morning', { do: 'bank-returns' }],
    ['2026-10-26', 'evening', { do: 'bank-refuses', reason: 'ACCOUNT_CLOSED' }],
    ['2026-10-28', 'morning', { do: 'new-account', number: '6222029999000019' }],
    ['2026-10-29', 'morning', { do: 'lose-book' }],
    ['2026-11-02', 'evening', { do: 'bank-decides', by: 'person' }],
    ['2026-11-03', 'morning', { do: 'bank-decides', by: 'itself' }],
    ['2026-11-03', 'evening', { do: 'host-off', until: '2026-11-05' }],
    ['2026-11-05', 'afternoon', { do: 'bank-succeeds' }],
    ['2026-11-10', 'evening', { do: 'terminal-off', until: '2026-11-13' }],
    ['2026-11-16', 'afternoon', { do: 'mode', mode: 'REALTIME' }],
    ['2026-11-21', 'afternoon', { do: 'mode', mode: 'MANUAL' }],
    ['2026-11-23', 'evening', { do: 'settle', percent: 45 }],
    ['2026-11-25', 'evening', { do: 'settle', percent: 30 }],
    ['2026-11-27', 'evening', { do: 'settle', percent: 100 }],
    ['2026-11-28', 'afternoon', auto(monthly(6))],
    ['2026-12-01', 'afternoon', { do: 'rush' }],
    ['2026-12-02', 'morning', { do: 'planted-bill' }],
    ['2026-12-04', 'afternoon', { do: 'freeze', percent: 40 }],
    ['2026-12-09', 'afternoon', auto(monthly(19))],
    ['2026-12-14', 'morning', { do: 'unfreeze' }],
  ],
  otherCuts: {
    '2026-10-21': ['FAILED'],
    '2026-10-22': ['RETURNED'],
    // Caught up when there was a better account; the cut of the day between found nothing any more.
    '2026-10-26': ['FAILED', 'SUCCESS'],
    '2026-10-27': [],
    // The host was down over two, the terminal off over three: one settlement, for the last of them.
    '2026-11-03': [],
    '2026-11-10': [],
    '2026-11-11': [],
  },
};
