import { TerminalError } from '../base/errors.ts';
import type { Role } from '../users/user.ts';

/** A file that is made by a job (下载中心): QUEUED → RUNNING → READY → EXPIRED | FAILED. */
export type ExportState = 'QUEUED' | 'RUNNING' | 'READY' | 'EXPIRED' | 'FAILED';
export type ExportEvent =
  | 'begun'
  /** The process died over it: it begins anew. */
  | 'restarted'
  | 'made'
  | 'failed'
  | 'expired';

const edges: Readonly<Record<ExportState, Readonly<Partial<Record<ExportEvent, ExportState>>>>> = {
  QUEUED: { begun: 'RUNNING' },
  RUNNING: { restarted: 'QUEUED', made: 'READY', failed: 'FAILED' },
  READY: { expired: 'EXPIRED' },
  EXPIRED: {},
  FAILED: {},
};

/** ILLEGAL_STATE for what is no edge. */
export function nextExportState(state: ExportState, event: ExportEvent): ExportState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

export const exportKinds = [
  'statement',
  'transactions',
  'settlements',
  'settlement-payments',
  'report',
  'differences',
  'batch',
  'audit',
] as const;
export type ExportKind = (typeof exportKinds)[number];

/** What was asked for; fixed with the job. Days in Shanghai, both included. */
export interface Query {
  /** Of transactions: what narrows them, as `filterText` has it; else the settlement or the batch that they are of. */
  readonly about: string | null;
  readonly kind: ExportKind;
  readonly format: 'csv' | 'xlsx' | 'html';
  readonly language: 'zh' | 'en';
  readonly from: string | null;
  readonly to: string | null;
}

export interface ExportJob extends Query {
  /** A ULID; also the name of the file in `exports/`. */
  readonly id: string;
  /** What the file is called when it is fetched. */
  readonly name: string;
  readonly state: ExportState;
  readonly by: string;
  readonly role: Role;
  readonly at: number;
  /** How many rows there seemed to be. */
  readonly of: number;
  readonly rows: number | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly validUntil: number | null;
  /** A code of the catalogue. */
  readonly problem: string | null;
}

export const validMs = 7 * 86_400_000;
