import type { Key } from '../../drivers/devices.ts';
import type { ErrorCode } from '../base/error-table.ts';
import type { Details } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';
import type {
  CloseOutcome,
  CloseStep,
  OfferedCardView,
  ReprintTarget,
  SettlementOffer,
  SettlementView,
  SettleStep,
  TransactionView,
} from '../flows/counter.ts';
import type { Check } from '../flows/self-check-line.ts';
import type { ShiftView } from '../flows/shift-slip.ts';
import type { Operator } from '../users/queries.ts';
import type { User } from '../users/user.ts';
import type { BatchPlace } from './batch-places.ts';
import type {
  DeskAnswer,
  DeskCommand,
  DeskPlace,
  DeskProgress,
  DeskQuery,
  DeskResult,
  MenuName,
} from './desk-places.ts';
import type { Expires } from './expires.ts';
import type { AboutTxn, PaymentCommand, PaymentOutcome, PaymentPlace, PaymentStage } from './payment-places.ts';
import type { PrintPlace } from './print-places.ts';
import type { Beep } from './screen.ts';
import type { StaffPlace } from './staff-places.ts';
import type { Say } from './texts.ts';

/**
 * What the keypad screen is doing: plain JSON, so that it can be replayed. Only the digits of a secret are in it that must not be kept: it is
 * never logged.
 */
export interface State {
  readonly at: Place;
  readonly operator: User | undefined;
  /** The number of the next command; an answer to an older one is recognised by it. */
  readonly nextId: number;
}

/** The places. Those that lead to any other stand here; the others by subject. */
export type Place =
  | LogOn
  | Idle
  | Menu
  | Message
  | Waiting
  | SelfCheck
  | AskSecret
  | PaymentPlace
  | DeskPlace
  | PrintPlace
  | BatchPlace
  | StaffPlace;

export interface LogOn {
  readonly is: 'log-on';
  readonly field: 'operator' | 'secret';
  readonly operator: string;
  readonly secret: string;
  readonly locked: boolean;
  readonly notice: Say | undefined;
  /** Typed digits are forgotten then. */
  readonly expiresMs: number | undefined;
}

export interface Idle {
  readonly is: 'idle';
  readonly notice: Say | undefined;
  /** When the notice goes. */
  readonly expiresMs: number | undefined;
}

export interface Menu extends Expires {
  readonly is: 'menu';
  readonly menu: MenuName;
  readonly page: number;
}

/** Something to read; any key leads to `next`. */
export interface Message extends Expires {
  readonly is: 'message';
  readonly title: Say;
  readonly lines: readonly Say[];
  readonly isError?: true;
  readonly next: Place;
}

/** A command that has no steps to show; 取消 leads to `back`. */
export interface Waiting {
  readonly is: 'waiting';
  readonly id: number;
  readonly what:
    | { readonly is: 'log-on'; readonly secret?: string }
    | { readonly is: 'sign-in' | 'self-check' | 'staff' | 'hand-over' | 'print-shift' }
    | { readonly is: 'reprint'; readonly target: ReprintTarget };
  readonly back: Place;
}

/** `rows`: what is wrong first. */
export interface SelfCheck extends Expires {
  readonly is: 'self-check';
  readonly rows: readonly Check[];
  readonly index: number;
}

/** A secret that a command needs: 主管密码. */
export interface AskSecret extends Expires {
  readonly is: 'ask-secret';
  readonly title: Say;
  /** What it is for, at most three rows. */
  readonly lines: readonly Say[];
  /** Whose secret. */
  readonly operator: string;
  readonly secret: string;
  readonly notice: Say | undefined;
  readonly command: SecretCommand;
  readonly during: Extract<Place, { readonly id: number }>;
  readonly back: Place;
}

/** What can run for a while, and be abandoned by 取消. */
export type Command =
  | { readonly is: 'log-on'; readonly operator: string; readonly secret: string; readonly newSecret?: string }
  | { readonly is: 'add-operator' | 'set-secret'; readonly operator: string; readonly newSecret: string }
  | { readonly is: 'remove-operator'; readonly operator: string; readonly secret: string }
  | { readonly is: 'change-secret'; readonly secret: string; readonly newSecret: string }
  | { readonly is: 'hand-over'; readonly print: boolean }
  | { readonly is: 'print-shift' }
  | { readonly is: 'sign-in' }
  | { readonly is: 'self-check' }
  | { readonly is: 'close' }
  | { readonly is: 'settle'; readonly amountFen: Fen; readonly offer: SettlementOffer }
  | { readonly is: 'reprint'; readonly target: ReprintTarget }
  | PaymentCommand
  | DeskCommand;

type WithoutSecret<C> = C extends { readonly secret: string } ? Omit<C, 'secret'> : never;
/** A command that waits for its secret. */
export type SecretCommand = WithoutSecret<Command>;

export type Query = 'offer' | 'transactions' | 'last' | 'settlements' | 'operators' | 'shift' | 'version' | DeskQuery;

/** What a person says to what a running command asked: yes, no, or what was typed. */
export type Reply = boolean | string;

/** What the world is asked to do: data, carried out by the runner. */
export type Effect =
  | { readonly is: 'beep'; readonly tone: Beep }
  | { readonly is: 'run'; readonly id: number; readonly command: Command }
  | { readonly is: 'abort'; readonly id: number }
  | { readonly is: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly is: 'read'; readonly query: Query }
  /** The transaction with this voucher number; `to`: what is to be done to it. */
  | { readonly is: 'look-up'; readonly stan: string; readonly to?: AboutTxn }
  | { readonly is: 'check-settlement'; readonly no: string }
  | { readonly is: 'forget-card' }
  | { readonly is: 'lock' };

export type Answer =
  | { readonly is: 'offer'; readonly offer: SettlementOffer }
  | { readonly is: 'transactions'; readonly rows: readonly TransactionView[] }
  | { readonly is: 'last'; readonly txn: TransactionView | undefined }
  | {
      readonly is: 'looked-up';
      readonly stan: string;
      readonly txn: TransactionView | undefined;
      /** What is to be done to it needs 主管密码. */
      readonly supervised: boolean;
    }
  | { readonly is: 'settlements'; readonly rows: readonly SettlementView[] }
  | { readonly is: 'operators'; readonly rows: readonly Operator[] }
  | { readonly is: 'shift'; readonly shift: ShiftView | undefined }
  | { readonly is: 'version'; readonly version: string; readonly schema: number }
  | DeskAnswer;

export type Progress =
  | { readonly of: 'payment'; readonly step: PaymentStage }
  | { readonly of: 'close'; readonly step: CloseStep }
  | { readonly of: 'settle'; readonly step: SettleStep }
  | DeskProgress;

export type Result =
  | { readonly of: 'log-on' | 'sign-in' | 'reprint' | 'staff' | 'print-shift' }
  | { readonly of: 'self-check'; readonly checks: readonly Check[] }
  | { readonly of: 'hand-over'; readonly printProblem: string | undefined }
  | { readonly of: 'payment'; readonly outcome: PaymentOutcome }
  | { readonly of: 'close'; readonly outcome: CloseOutcome }
  | { readonly of: 'settle'; readonly settlement: SettlementView }
  | DeskResult;

/** A refusal, or `undefined` code: a bug, which the runner has reported. */
export interface Refusal {
  readonly code: ErrorCode | undefined;
  readonly details: Details;
}

export type Event =
  | { readonly is: 'key'; readonly key: Key }
  | { readonly is: 'tick' }
  | { readonly is: 'status'; readonly operator: User | undefined }
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'card'; readonly offered: OfferedCardView }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly is: 'done'; readonly id: number; readonly result: Result }
  | { readonly is: 'failed'; readonly id: number; readonly refusal: Refusal };
