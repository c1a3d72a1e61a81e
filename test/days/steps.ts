import fc from 'fast-check';

/** What may happen on a day, as data that shrinks. `which` chooses among what the book has at that moment. */

/** A power cut at the nth crash point that is reached while the step is under way. */
interface MayBeCut {
  readonly cutAt?: number;
}

export type Deed = MayBeCut &
  (
    | {
        readonly do: 'sale' | 'preauth';
        readonly amountFen: number;
        readonly how: 'contactless' | 'swipe' | 'chip';
        readonly foreign: boolean;
        readonly yes: boolean;
        readonly cancel: 'never' | 'at the card' | 'at the host';
        /** What becomes of the next reversal, if there is one. */
        readonly reversal: 'well' | 'refused' | 'lost';
      }
    | { readonly do: 'stored-sale'; readonly amountFen: number }
    | { readonly do: 'code-sale'; readonly amountFen: number; readonly way: CodeWayWord; readonly cancel: boolean }
    | { readonly do: 'void' | 'preauth-void' | 'completion-void'; readonly which: number }
    | { readonly do: 'completion'; readonly which: number; readonly percent: number; readonly byCode: boolean }
    | { readonly do: 'advice'; readonly which: number; readonly percent: number }
    | { readonly do: 'balance' }
    | {
        readonly do: 'refund';
        readonly which: number;
        readonly percent: number;
        readonly twice: boolean;
        readonly ends: Ending;
      }
    | { readonly do: 'refund-elsewhere'; readonly which: number; readonly percent: number }
    | { readonly do: 'close' }
    | { readonly do: 'settle'; readonly percent: number; readonly twice: boolean; readonly ends: Ending }
    | { readonly do: 'report'; readonly which: number }
    | { readonly do: 'hand-over' }
    | { readonly do: 'sign-off' }
    | { readonly do: 'clear' }
    | { readonly do: 'decide'; readonly succeeds: boolean }
    | { readonly do: 'freeze' | 'charge-back'; readonly which: number; readonly percent: number }
    | { readonly do: 'unfreeze'; readonly which: number }
    | { readonly do: 'restart' }
  );

/** What the host makes of an instruction, unless a person decides. */
export type Ending = 'well' | 'refused' | 'failed';

export type CodeWayWord = 'customer-shows' | 'QR_WECHAT' | 'QR_ALIPAY' | 'QR_UNIONPAY';

export type Trouble =
  | { readonly do: 'mood'; readonly mood: Mood }
  | { readonly do: 'wire'; readonly what: WireTrouble }
  | { readonly do: 'link-down' }
  | { readonly do: 'link-up' }
  | { readonly do: 'host-restarts' }
  | { readonly do: 'night'; readonly hours: number }
  | { readonly do: 'back-up' }
  | { readonly do: 'restore'; readonly which: number }
  | { readonly do: 'lose-book' }
  | { readonly do: 'refused'; readonly what: Refusal };

export type Step = Deed | Trouble;

/** Bodies of `POST /fault` of the host. */
export type Mood = Readonly<Record<string, string | number>> & { readonly kind: string };

export const wireTroubles = [
  'the next request is lost',
  'the next answer is lost',
  'the next answer comes twice',
  'the link breaks at the next request',
  'the link breaks at the next answer',
  'the link breaks at the next rows',
  'the next rows are lost',
  'the next approval waits until it is frozen',
] as const;
export type WireTrouble = (typeof wireTroubles)[number];

export const refusals = [
  'no amount',
  'void of nothing',
  'void with a wrong secret',
  'refund without a secret',
  'refund of too much',
  'settle too much',
  'settle what is stale',
  'settle twice with another amount',
  'refund of nothing',
] as const;
export type Refusal = (typeof refusals)[number];

export interface Settings {
  readonly clearing: 'at-close' | 'manual';
  readonly realTime: boolean;
  readonly decisions: 'auto' | 'manual';
  readonly refundPolicy: 'RETURN_PROPORTIONAL' | 'KEEP';
  readonly profile: 'gross' | 'net';
  /** How the merchant settles (B-001); automatically it is daily. */
  readonly mode: 'MANUAL' | 'AUTO' | 'REALTIME';
  /** Shanghai time of the first log-on. */
  readonly time: string;
}

export interface DayPlan {
  readonly settings: Settings;
  readonly steps: readonly Step[];
}

/** Endings of the host's amount table. */
const cardEndings = [...Array<number>(14).fill(0), 37, 37, 10, 10, 11, 11, 8, 8, 51, 98, 99, 99, 68];
const codeEndings = [...Array<number>(8).fill(0), 11, 11, 55, 54, 97, 98, 99, 68];
const amountWith = (endings: readonly number[]): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .tuple(fc.integer({ min: 1, max: 1_500 }), fc.constantFrom(...endings))
        .map(([yuan, ending]) => yuan * 100 + ending),
    },
    // Where the fee rounds and its rate changes (accounting.md §4.1).
    { weight: 2, arbitrary: fc.constantFrom(1, 131, 132, 100_000, 100_001, 8_333, 33_300) },
  );

const which = fc.nat({ max: 30 });
const ends = fc.constantFrom<Ending>('well', 'well', 'well', 'refused', 'failed');
const percent = fc.constantFrom(1, 33, 50, 100, 100, 101);
const cutAt = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) },
);

/** A deed, now and then with a power cut in it. */
const deed = (weight: number, arbitrary: fc.Arbitrary<Deed>) => ({
  weight,
  arbitrary: fc.tuple(arbitrary, cutAt).map(([one, at]): Deed => (at === undefined ? one : { ...one, cutAt: at })),
});
const is = <const T extends string>(word: T) => fc.constant(word);

const mood: fc.Arbitrary<Mood> = fc.oneof(
  fc.record({
    kind: is('decline'),
    of: fc.constantFrom(
      'sale',
      'void',
      'preauth',
      'completion',
      'completion-void',
      'preauth-void',
      'reverse',
      'code-open',
    ),
    code: fc.constantFrom('05', '51', '91', '96'),
  }),
  fc.record({
    kind: is('drop-answer'),
    of: fc.constantFrom(
      ...[
        'sale',
        'void',
        'preauth',
        'preauth-void',
        'completion',
        'completion-void',
        'reverse',
        'code-open',
        'code-query',
        'code-close',
        'sign-in',
      ],
    ),
  }),
  fc.record({
    kind: is('delay-answer'),
    of: fc.constantFrom('sale', 'void', 'completion', 'reverse', 'code-open'),
    ms: is('').map(() => 450),
  }),
  fc.record({ kind: is('silence'), ms: fc.constantFrom(100, 400) }),
  fc.record({ kind: is('refund-fail'), reason: is('BANK_REFUSED') }),
  fc.record({ kind: is('refund-refuse'), reason: is('RISK_BLOCKED') }),
  fc.record({ kind: is('settle-fail'), reason: is('BANK_REFUSED') }),
  fc.record({ kind: is('settle-return'), no: is('next') }),
  fc.record({ kind: is('forward-refuse'), code: is('05') }),
  fc.record({ kind: is('wallet-silent') }),
  fc.record({
    kind: fc.constantFrom('duplicate-rows', 'drop-rows', 'drop-ack', 'drop-welcome'),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: is('delay-link'), ms: fc.constantFrom(0, 30) }),
);

const how = fc.constantFrom('contactless' as const, 'contactless' as const, 'swipe' as const, 'chip' as const);
const asked = {
  amountFen: amountWith(cardEndings),
  how,
  reversal: fc.constantFrom<'well' | 'refused' | 'lost'>('well', 'well', 'well', 'well', 'refused', 'lost'),
  foreign: fc.nat({ max: 4 }).map((n) => n === 0),
  yes: fc.nat({ max: 9 }).map((n) => n > 0),
  cancel: fc.constantFrom<'never' | 'at the card' | 'at the host'>(
    ...Array<'never'>(20).fill('never'),
    'at the card',
    'at the host',
  ),
};

const step: fc.Arbitrary<Step> = fc.oneof(
  deed(30, fc.record({ do: is('sale'), ...asked })),
  deed(9, fc.record({ do: is('preauth'), ...asked })),
  deed(4, fc.record({ do: is('stored-sale'), amountFen: amountWith([0, 0, 0, 51]) })),
  deed(
    7,
    fc.record({
      do: is('code-sale'),
      amountFen: amountWith(codeEndings),
      way: fc.constantFrom<CodeWayWord>('customer-shows', 'QR_WECHAT', 'QR_ALIPAY', 'QR_UNIONPAY'),
      cancel: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
  ),
  deed(6, fc.record({ do: is('void'), which })),
  deed(2, fc.record({ do: is('preauth-void'), which })),
  deed(3, fc.record({ do: is('completion-void'), which })),
  deed(
    5,
    fc.record({
      do: is('completion'),
      which,
      percent: fc.constantFrom(1, 50, 100, 115, 116),
      byCode: fc.nat({ max: 3 }).map((n) => n === 0),
    }),
  ),
  deed(3, fc.record({ do: is('advice'), which, percent: fc.constantFrom(50, 100, 115) })),
  deed(1, fc.record({ do: is('balance') })),
  deed(12, fc.record({ do: is('refund'), which, percent, twice: fc.boolean(), ends })),
  deed(2, fc.record({ do: is('refund-elsewhere'), which, percent })),
  deed(6, fc.record({ do: is('close') })),
  deed(5, fc.record({ do: is('settle'), percent: fc.constantFrom(30, 100), twice: fc.boolean(), ends })),
  deed(2, fc.record({ do: is('report'), which })),
  deed(2, fc.record({ do: is('hand-over') })),
  deed(1, fc.record({ do: is('sign-off') })),
  deed(3, fc.record({ do: is('clear') })),
  deed(5, fc.record({ do: is('decide'), succeeds: fc.nat({ max: 2 }).map((n) => n > 0) })),
  deed(3, fc.record({ do: is('freeze'), which, percent: fc.constantFrom(40, 100, 150) })),
  deed(3, fc.record({ do: is('charge-back'), which, percent: fc.constantFrom(50, 100) })),
  deed(3, fc.record({ do: is('unfreeze'), which })),
  deed(2, fc.record({ do: is('restart') })),
  { weight: 10, arbitrary: fc.record({ do: is('mood'), mood }) },
  { weight: 6, arbitrary: fc.record({ do: is('wire'), what: fc.constantFrom(...wireTroubles) }) },
  { weight: 1, arbitrary: fc.record({ do: is('link-down') }) },
  { weight: 3, arbitrary: fc.record({ do: is('link-up') }) },
  { weight: 2, arbitrary: fc.record({ do: is('host-restarts') }) },
  { weight: 1, arbitrary: fc.record({ do: is('night'), hours: fc.constantFrom(10, 26, 26, 31 * 24) }) },
  { weight: 1, arbitrary: fc.record({ do: is('back-up') }) },
  { weight: 1, arbitrary: fc.record({ do: is('restore'), which }) },
  { weight: 1, arbitrary: fc.record({ do: is('lose-book') }) },
  { weight: 5, arbitrary: fc.record({ do: is('refused'), what: fc.constantFrom(...refusals) }) },
);

/** Whole days, of two dozen steps and more. */
export const days: fc.Arbitrary<DayPlan> = fc.record({
  settings: fc.record({
    clearing: fc.constantFrom('at-close' as const, 'manual' as const),
    realTime: fc.nat({ max: 2 }).map((n) => n === 0),
    decisions: fc.constantFrom('auto' as const, 'manual' as const),
    refundPolicy: fc.constantFrom('RETURN_PROPORTIONAL' as const, 'RETURN_PROPORTIONAL' as const, 'KEEP' as const),
    profile: fc.constantFrom('gross' as const, 'gross' as const, 'net' as const),
    mode: fc.constantFrom('MANUAL' as const, 'AUTO' as const, 'REALTIME' as const),
    // The last one has the cut-off in it.
    time: fc.constantFrom('09:50:00', '22:50:00', '22:59:55'),
  }),
  steps: fc.array(step, { minLength: 18, maxLength: 30, size: 'max' }),
});

/** One step in words: `refund which 3 percent 50, power cut at point 4`. */
export function wordsOf({ do: what, ...rest }: Step): string {
  const { cutAt: at, ...facts }: Readonly<Record<string, unknown>> = { cutAt: undefined, ...rest };
  const words = Object.entries(facts).map(([name, value]) =>
    typeof value === 'object' ? Object.values(value ?? {}).join(' ') : `${name} ${String(value)}`,
  );
  return [what, ...words].join(' ') + (at === undefined ? '' : `, power cut at point ${String(at)}`);
}
