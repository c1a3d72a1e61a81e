import type { User } from '../users/user.ts';

/** 下载中心: files are made by jobs (X-05, X-06, lists), kept seven days, and the role is checked when one is fetched too. */
export interface ExportDesk {
  /** Begins a job; the query is fixed now. FORBIDDEN, INVALID_RANGE, EXPORT_RANGE_TOO_LARGE, DISK_FULL. */
  begin(by: User, ask: ExportAsk): ExportView;
  /** The newest first; those that `by` may fetch. */
  list(by: User, limit: number): readonly ExportView[];
  /** NOT_FOUND, FORBIDDEN, ILLEGAL_STATE (EXPIRED, QUEUED …). */
  open(
    by: User,
    id: string,
  ): { readonly file: string; readonly name: string; readonly type: string; readonly bytes: number };
}

export type ExportKind =
  | 'statement'
  | 'transactions'
  | 'settlements'
  | 'settlement-payments'
  | 'report'
  | 'differences'
  | 'batch'
  | 'audit';

/** `about`: the settlement, batch or statement day where the kind is of one; else `from` and `to`, both included. */
export interface ExportAsk {
  readonly kind: ExportKind;
  readonly format: 'csv' | 'xlsx' | 'html';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly about?: string | undefined;
  readonly language: 'zh' | 'en';
}

/** QUEUED → RUNNING → READY → EXPIRED | FAILED. */
export interface ExportView {
  readonly id: string;
  readonly kind: ExportKind;
  readonly format: 'csv' | 'xlsx' | 'html';
  /** As it was asked, so that it can be asked again. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly about: string | undefined;
  readonly name: string;
  readonly state: 'QUEUED' | 'RUNNING' | 'READY' | 'EXPIRED' | 'FAILED';
  readonly done: number;
  readonly of: number;
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  readonly by: string;
  readonly at: number;
  readonly validUntil: number | undefined;
  readonly problem: string | undefined;
}
