import type { ExportKind } from '../exports/export.ts';
import type { Narrowing } from '../payments/queries.ts';
import type { User } from '../users/user.ts';

/** 下载中心: files are made by jobs (X-05, X-06, lists), kept seven days, and the role is checked when one is fetched too. */
export interface ExportDesk {
  /** Begins a job; the query is fixed now. The same `key` and content again is the same job. FORBIDDEN, INVALID_RANGE, EXPORT_RANGE_TOO_LARGE, DISK_FULL, IDEMPOTENCY_CONFLICT. */
  begin(by: User, ask: ExportAsk, key?: string): ExportView;
  /** The newest first; those that `by` may fetch. */
  list(by: User, limit: number): readonly ExportView[];
  /** NOT_FOUND, FORBIDDEN. */
  byNo(by: User, id: string): ExportView;
  /** The one that is made now, and how far it is. */
  underWay(): Pick<ExportView, 'id' | 'done' | 'of'> | undefined;
  /** NOT_FOUND, FORBIDDEN, ILLEGAL_STATE (EXPIRED, QUEUED …). */
  open(
    by: User,
    id: string,
  ): { readonly file: string; readonly name: string; readonly type: string; readonly bytes: number };
}

/** `about`: the settlement, batch or statement day where the kind is of one; else `from` and `to`, both included. */
/** What narrows a list of transactions; what is undefined does not. */
export interface ExportFilter extends Omit<Narrowing, 'txn'> {
  readonly type?: string | undefined;
}

export interface ExportAsk {
  readonly kind: ExportKind;
  readonly format: 'csv' | 'xlsx' | 'html';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly about?: string | undefined;
  /** Of transactions. */
  readonly filter?: ExportFilter | undefined;
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
  readonly filter: ExportFilter | undefined;
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
