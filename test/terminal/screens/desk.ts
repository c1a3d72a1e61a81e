import type { Key } from '../../../drivers/devices.ts';
import type { Language } from '../../../terminal/base/errors.ts';
import { fen } from '../../../terminal/base/money.ts';
import type {
  CounterStatus,
  SettlementOffer,
  SettlementView,
  TransactionView,
} from '../../../terminal/flows/counter.ts';
import type { ShiftView } from '../../../terminal/flows/shift-slip.ts';
import { idle } from '../../../terminal/screens/go.ts';
import type { Paying, PaymentOrder, PaymentStage } from '../../../terminal/screens/payment-places.ts';
import type { Screen } from '../../../terminal/screens/screen.ts';
import type { Effect, Event, Place, State } from '../../../terminal/screens/state.ts';
import { step } from '../../../terminal/screens/step.ts';
import { view } from '../../../terminal/screens/view.ts';
import type { Operator } from '../../../terminal/users/queries.ts';
import type { User } from '../../../terminal/users/user.ts';

/** 20 November 2026, 10:00:00 in Shanghai. */
export const nowMs = Date.UTC(2026, 10, 20, 2, 0, 0);
export const cashier: User = { no: '01', role: 'C' };
export const supervisor: User = { no: '00', role: 'MO' };
export const administrator: User = { no: '99', role: 'A' };

export const status = (with_: Partial<CounterStatus> = {}): CounterStatus => ({
  merchantName: '账平小店',
  terminal: '10000001',
  hotline: '95516',
  simulated: false,
  operator: cashier,
  link: 'online',
  signedIn: true,
  waitingRows: 0,
  batch: { no: '000001', state: 'OPEN', records: 12, openedAt: nowMs - 3 * 3_600_000 },
  reversalsDue: 0,
  reversalsStuck: 0,
  batchAlert: undefined,
  clockWrong: false,
  restoring: false,
  printerProblem: undefined,
  readerProblem: undefined,
  deviceProblems: [],
  ...with_,
});

export const transaction = (with_: Partial<TransactionView> = {}): TransactionView => ({
  payment: '01JD0000000000000000000000',
  type: 'sale',
  state: 'PAID',
  askedFen: fen(112_300),
  amountFen: fen(112_300),
  discountFen: fen(0),
  feeFen: fen(674),
  refundedFen: fen(0),
  original: undefined,
  originalStan: undefined,
  isFrozen: false,
  reason: undefined,
  approvedBy: undefined,
  validUntil: undefined,
  batch: '000001',
  stan: '000012',
  card: '622848******1234',
  entry: 'CONTACTLESS',
  code: '00',
  rrn: '632610000012',
  authCode: '123456',
  operator: '01',
  at: nowMs,
  prints: 1,
  ...with_,
});

export const saleOf = (amountFen: number): PaymentOrder => ({ is: 'sale', amountFen: fen(amountFen), fallback: false });

/** A transaction that runs, a sale unless told. */
export const paying = (step?: PaymentStage, order: PaymentOrder = saleOf(1), id = 1): Paying => ({
  is: 'paying',
  id,
  order,
  step,
  sent: step?.at === 'host' || step?.at === 'chip',
});

export const offer = (with_: Partial<SettlementOffer> = {}): SettlementOffer => ({
  availableFen: fen(500_000),
  unclearedFen: fen(20_000),
  inTransitFen: fen(0),
  account: { version: 1, name: '账平小店', maskedNumber: '6222***********0001', bank: '工商银行' },
  ...with_,
});

export const settlement = (with_: Partial<SettlementView> = {}): SettlementView => ({
  no: 'S1',
  amountFen: fen(500_000),
  serviceFeeFen: fen(0),
  netFen: fen(500_000),
  state: 'SUCCESS',
  reason: undefined,
  checked: false,
  requestedAt: nowMs,
  maskedAccount: '6222***********0001',
  ...with_,
});

export const shift = (with_: Partial<ShiftView> = {}): ShiftView => ({
  id: 7,
  operator: '01',
  begunAt: nowMs - 3 * 3_600_000,
  endedAt: undefined,
  endedBy: undefined,
  totals: [
    {
      txn: 'sale',
      instrument: 'CONTACTLESS',
      debitCount: 12,
      debitFen: fen(112_300),
      creditCount: 0,
      creditFen: fen(0),
    },
  ],
  debitCount: 12,
  debitFen: fen(112_300),
  creditCount: 0,
  creditFen: fen(0),
  netFen: fen(112_300),
  undecided: 0,
  prints: 0,
  ...with_,
});

export const operator = (with_: Partial<Operator> = {}): Operator => ({
  no: '01',
  role: 'C',
  locked: false,
  firstSecret: false,
  inShift: true,
  ...with_,
});

const words: Readonly<Record<string, Key>> = {
  '00': 'doubleZero',
  '.': 'dot',
  确认: 'enter',
  取消: 'cancel',
  清除: 'clear',
  功能: 'function',
  上: 'up',
  下: 'down',
};

const isDigit = (word: string): word is Extract<Key, `${number}`> => /^\d$/.test(word);

/** `1 5 00 确认` → keys of the keypad. */
export const keysOf = (line: string): Key[] =>
  line
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const key = isDigit(word) ? word : words[word];
      if (!key) throw new Error(`no such key: ${word}`);
      return key;
    });

/** The keypad screen without its runner: events in, screen and effects out. */
export class Desk {
  state: State;
  now = nowMs;
  effects: readonly Effect[] = [];
  status: CounterStatus;

  constructor(at: Place = idle({ now: nowMs, operator: cashier, id: 1 }), with_: Partial<CounterStatus> = {}) {
    this.status = status(with_);
    this.state = { at, operator: this.status.operator, nextId: 1 };
  }

  /** Effects are those of the last event. */
  on(event: Event): this {
    const next = step(this.state, event, this.now);
    this.state = next.state;
    this.effects = next.effects;
    return this;
  }

  press(line: string): this {
    for (const key of keysOf(line)) this.on({ is: 'key', key });
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    return this.on({ is: 'tick' });
  }

  screen(language: Language = 'zh'): Screen {
    return view(this.state, this.status, language, this.now);
  }

  /** All rows, trimmed. */
  text(language: Language = 'zh'): string {
    return this.screen(language)
      .rows.map((row) => row.trim())
      .join('\n');
  }

  tones(): string[] {
    return this.effects.flatMap((effect) => (effect.is === 'beep' ? [effect.tone] : []));
  }
}
