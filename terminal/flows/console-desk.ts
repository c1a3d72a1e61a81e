import type { User } from '../users/user.ts';
import type { DeviceView } from './attached-devices.ts';
import type { BatchView } from './batch-desk.ts';
import type { CloseStep, CounterStatus, TransactionView } from './counter.ts';
import type { ExportDesk } from './export-desk.ts';
import type { NoticeDesk } from './notice-desk.ts';
import type { ReconciliationDesk } from './reconciliation-desk.ts';
import type { Balances, SettlementDesk, SettlementDetail } from './settlement-desk.ts';
import type { StatementDesk } from './statement-desk.ts';
import type { DeviceTest } from './test-device.ts';

/** What the console shows of the whole terminal, for who may look (M, O, MO). Each throws FORBIDDEN for others. What takes long rejects when its `signal` is aborted. */
export interface ConsoleDesk {
  overview(by: User, signal?: AbortSignal): Promise<Overview>;
  /** The newest first. What fits is looked for in small steps, so that a long search holds up no sale. */
  transactions(by: User, filter: TransactionFilter, signal?: AbortSignal): Promise<readonly TransactionView[]>;
  /** By its number. NOT_FOUND. */
  transaction(
    by: User,
    no: string,
  ): { readonly transaction: TransactionView; readonly timeline: readonly TimelineEntry[] };
  todo(by: User): readonly TodoItem[];
  /** The newest first, `before` the number of one. */
  batches(by: User, limit: number, before?: string): readonly BatchView[];
  /** NOT_FOUND. */
  batch(by: User, no: string): BatchView;
  /**
   * Begins the close of the open batch, or goes on with one that runs; returns its number once that is sure. What comes of it is told to `progress`, the last step `closed`, `needs-human` or
   * `continues`. What `closeBatch` refuses (end-of-day.ts); a refusal leaves one audit line.
   */
  closeBatch(by: User, signal: AbortSignal, progress: (no: string, step: ConsoleCloseStep) => void): Promise<string>;
  parameters(by: User): { readonly rev: number; readonly parameters: readonly ParameterRow[] };
  /** The newest lines, the newest first, `before` the number of one. The chain was proved some minutes ago at most. */
  audit(by: User, ask: AuditAsk, signal?: AbortSignal): Promise<AuditPart>;
  devices(by: User): readonly DeviceView[];
  /** NOT_FOUND, FORBIDDEN for paper, DEVICE_*, PAPER_OUT; a refusal leaves one audit line. */
  testDevice(by: User, name: string, signal: AbortSignal): Promise<DeviceTest>;
  operators(by: User): readonly {
    readonly no: string;
    readonly role: string;
    readonly locked: boolean;
    readonly inShift: boolean;
  }[];
}

export type ConsoleCloseStep =
  | CloseStep
  | { readonly at: 'closed'; readonly balanced: boolean; readonly printProblem: string | undefined }
  | { readonly at: 'needs-human' | 'continues' };

/** What is undefined does not narrow. Days are of Shanghai, both included; `before` is the number of the last one seen. */
export interface TransactionFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: string | undefined;
  readonly operator?: string | undefined;
  readonly stan?: string | undefined;
  readonly minFen?: number | undefined;
  readonly maxFen?: number | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface AuditAsk {
  readonly by?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface AuditPart {
  readonly lines: readonly AuditEntry[];
  readonly intact: boolean;
  /** The first line that does not follow from the one before. */
  readonly brokenAt: number | undefined;
}

export interface Overview {
  readonly status: CounterStatus;
  readonly balances: Balances;
  readonly remind: boolean;
  readonly openBatch:
    | {
        readonly no: string;
        readonly openedAt: number;
        readonly records: number;
        readonly maxRecords: number;
        readonly grossFen: number;
      }
    | undefined;
  /** Payments and refunds without an end, the one that is made now too: no batch is closed before (BATCH_HAS_UNKNOWN). */
  readonly undecided: number;
  readonly alerts: readonly Alert[];
  readonly turnover: Turnover;
  readonly lastSettlements: readonly SettlementDetail[];
  readonly unread: number;
}

/** What was sold and not voided, on the last 14 days, the oldest first. */
export interface Turnover {
  readonly byDay: readonly { readonly day: string; readonly count: number; readonly grossFen: number }[];
  readonly byInstrument: readonly {
    readonly instrument: string;
    readonly count: number;
    readonly grossFen: number;
  }[];
}

/** `code`: of the catalogue or a word of the device; `page`: where it is dealt with. */
export interface Alert {
  readonly level: 'warning' | 'error';
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly page: 'batches' | 'settlement' | 'todo' | 'devices' | 'reconciliation' | 'parameters';
}

/** What happened to a transaction: messages, device events, prints, journals. */
export interface TimelineEntry {
  readonly at: number;
  readonly kind: 'state' | 'message' | 'journal' | 'print' | 'audit' | 'link';
  readonly zh: string;
  readonly en: string;
  readonly detail: string | undefined;
}

export interface TodoItem {
  readonly kind:
    | 'unknown'
    | 'reversal'
    | 'row'
    | 'difference'
    | 'settlement'
    | 'export'
    | 'ticket'
    | 'print'
    | 'batch'
    | 'clearing';
  readonly no: string;
  readonly zh: string;
  readonly en: string;
  /** What to do next. */
  readonly nextZh: string;
  readonly nextEn: string;
  readonly amountFen: number | undefined;
  readonly at: number;
}

/** `usual`: of this program; `before`: of the revision before, where it differs. */
export interface ParameterRow {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly usual: string | number | boolean | undefined;
  readonly before: string | number | boolean | undefined;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly about: string;
  readonly outcome: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a page shows, by the lists that may look different now. */
export type Changed =
  | 'status'
  | 'settlements'
  | 'batches'
  | 'transactions'
  | 'differences'
  | 'statements'
  | 'exports'
  | 'users'
  | 'notices'
  | 'devices'
  | 'merchant';

/** What is asked of one capability and its surroundings. */
export interface OtherDesks {
  readonly settlement: SettlementDesk;
  readonly reconciliation: ReconciliationDesk;
  readonly statements: StatementDesk;
  readonly exports: ExportDesk;
  readonly notices: NoticeDesk;
}
