import type { Cycle, ModeRecord, ProfileRecord } from '../../sync/protocol/merchant-data.ts';
import type { Fen } from '../base/money.ts';
import type { ProfileChange } from '../settlement/check-profile.ts';
import type { User } from '../users/user.ts';
import type { SettlementView, TransactionView } from './counter.ts';

/**
 * Settlement for operators, at the console and on the command line (settlement.md). Every verb checks the role, commits, wakes the link and returns at once; what the host
 * says comes later, and `onChange` of the world tells. Whoever asks proved the secret to the face already. `key` is the caller's number for one intent (IDEMPOTENCY_CONFLICT).
 */
export interface SettlementDesk {
  /** Step 1 (B-008, B-015). FORBIDDEN. */
  home(by: User): SettlementHome;
  /** Step 2 (B-001 to B-009). INVALID_SETTLE_MODE, CYCLE_REQUIRED, SETTLE_FROZEN, OFFLINE. */
  applyMode(
    by: User,
    record: { readonly mode: string; readonly cycle?: Cycle | undefined },
    key: string,
  ): ApplicationView;
  /** B-013, three factors. ACCOUNT_INVALID, ACCOUNT_NAME_MISMATCH (from upstream, later), PROFILE_INCOMPLETE, ID_EXPIRED, AGREEMENT_REQUIRED, OFFLINE. */
  applyAccount(by: User, account: AccountEntry, key: string): ApplicationView;
  /** What is not named stays. INVALID_CONTACT, INVALID_MOBILE. */
  applyProfile(by: User, change: ProfileChange, key: string): ApplicationView;
  /** B-035. ADDRESS_REQUIRED, INVALID_RANGE. */
  applyPaperStatement(by: User, month: string, address: string | undefined, key: string): ApplicationView;
  /** The newest first. */
  applications(by: User, limit: number): readonly ApplicationView[];
  /** Steps 3 and 4, of what the confirm page showed. STALE_BALANCE, INSUFFICIENT_BALANCE (names what is not settleable, B-049), INVALID_AMOUNT, SETTLE_FROZEN, DEVICE_ABNORMAL, OFFLINE. */
  settle(by: User, ask: SettleAsk): SettlementDetail;
  /** `stop-settle`: only what is not accepted yet comes back. ILLEGAL_STATE. */
  stop(by: User, no: string): void;
  /** The newest first; `before`: the number of the last one seen. */
  settlements(by: User, limit: number, before?: string): readonly SettlementDetail[];
  /** NOT_FOUND. */
  settlement(by: User, no: string): SettlementDetail;
  /** Step 5 (B-012): the payments whose money is in it, in the order in which they cleared, at most `limit` behind `after`. In slices, so that no sale waits for it. NOT_FOUND. */
  details(by: User, no: string, limit: number, after?: string): Promise<SettledPayments>;
  /** Confirmed. ILLEGAL_STATE before success. */
  check(by: User, no: string): void;
  /** B-014: the whole, or one payment in it. Returns the ticket. */
  dispute(by: User, no: string, payment: string | undefined, text: string, key: string): TicketView;
  closeTicket(by: User, ticket: string): void;
  tickets(by: User): readonly TicketView[];
}

/** What B-049 tells apart, all in fen. */
export interface Balances {
  readonly availableFen: Fen;
  readonly unclearedFen: Fen;
  readonly frozenFen: Fen;
  readonly pendingSplitFen: Fen;
  readonly inTransitFen: Fen;
  /** What upstream is owed from later income (1202). */
  readonly owedFen: Fen;
  /** `settle.keepFen` stays back at AUTO and REALTIME. */
  readonly keepFen: Fen;
}

export interface SettlementHome {
  readonly balances: Balances;
  readonly mode: ModeRecord;
  /** A mode that upstream has not answered yet. */
  readonly modeAsked: ModeRecord | undefined;
  /** Of AUTO: when it settles next, and when it did last (the day of the cut). */
  readonly nextCut: { readonly day: string; readonly at: number } | undefined;
  readonly lastCut: string | undefined;
  readonly account: AccountView | undefined;
  readonly accounts: readonly AccountView[];
  readonly profile: ProfileRecord | undefined;
  /** What stands in the way of a settlement now, codes of the catalogue, the first one first. */
  readonly obstacles: readonly string[];
  /** Today's expected arrival of a settlement that starts now. */
  readonly expectedArrival: string;
  /** B-015: the reminder's threshold is passed. */
  readonly remind: boolean;
  readonly clearingOverdue: readonly { readonly batch: string; readonly expected: string }[];
}

export interface AccountView {
  readonly version: number;
  readonly state: 'VERIFYING' | 'ACTIVE' | 'REJECTED' | 'SUPERSEDED' | 'ERRORED';
  readonly name: string;
  readonly maskedNumber: string;
  readonly bank: string;
  readonly destination: 'bank' | 'payment';
  readonly reason: string | undefined;
}

export interface AccountEntry {
  readonly name: string;
  readonly number: string;
  readonly id: string;
  readonly bank: string;
  readonly destination: 'bank' | 'payment';
}

/** SENT until the host says something. */
export interface ApplicationView {
  readonly no: string;
  readonly kind: 'account' | 'mode' | 'profile' | 'user' | 'paper-statement';
  readonly state: 'SENT' | 'ACCEPTED' | 'DONE' | 'REFUSED';
  readonly stage: string | undefined;
  readonly reason: string | undefined;
  readonly remark: string | undefined;
  readonly about: string;
  readonly by: string;
  readonly at: number;
}

export interface SettleAsk {
  readonly amountFen: Fen;
  /** What the confirm page showed. */
  readonly seenAvailableFen: Fen;
  readonly accountVersion: number;
  readonly key: string;
}

export interface SettlementDetail extends SettlementView {
  readonly mode: 'AUTO' | 'MANUAL' | 'REALTIME';
  readonly by: string;
  readonly endedAt: number | undefined;
  readonly hostRef: string | undefined;
  readonly transferRef: string | undefined;
  readonly valueDate: string | undefined;
  readonly accountVersion: number;
  readonly checkedBy: string | undefined;
  readonly disputed: boolean;
  /** A stop was asked for. */
  readonly stopping: boolean;
  /** Where the settlement slip went (B-030). */
  readonly issued:
    | { readonly channel: 'email' | 'sms' | 'none' | 'failed'; readonly to: string | undefined }
    | undefined;
}

export interface SettledPayments {
  readonly payments: readonly SettledPayment[];
  /** Of the whole settlement: what belongs to no payment, such as the recovery of a debt. With the nets of all its payments it makes up the amount. */
  readonly otherFen: Fen;
}

/** `netFen` is what of this payment is in this settlement: a partial settlement may hold part of the last one. */
export interface SettledPayment {
  readonly payment: string;
  readonly at: number;
  readonly type: TransactionView['type'];
  readonly entry: string | undefined;
  readonly stan: string;
  readonly grossFen: Fen;
  readonly feeFen: Fen;
  readonly netFen: Fen;
  readonly ticket: string | undefined;
}

export interface TicketView {
  readonly no: string;
  readonly settlement: string;
  readonly payment: string | undefined;
  readonly text: string;
  readonly state: 'OPEN' | 'ANSWERED' | 'CLOSED';
  readonly answer: string | undefined;
  readonly answeredBy: string | undefined;
  readonly by: string;
  readonly at: number;
}
