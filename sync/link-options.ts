import type Sqlite from 'better-sqlite3';
import type { Clock } from './clock.ts';
import { type ConnectionTimings, connectionTimings, type Tls } from './connection.ts';
import type { Log } from './log.ts';
import type { Answer } from './protocol/requests.ts';
import type { DownRow } from './protocol/rows.ts';
import type { SigningKey, VerifyKey } from './protocol/signing.ts';
import type { Random } from './random.ts';
import { type SendLimits, sendLimits } from './stream/rules.ts';

export interface LinkTimings extends ConnectionTimings {
  readonly limits: SendLimits;
  /** Messages from above in flight. */
  readonly window: number;
  /** A hello without a welcome is said again after this, doubling to `limits.resendMaxMs`. */
  readonly helloMs: number;
  /** How often the clock is looked at for jumps. */
  readonly tickMs: number;
  /** Acknowledgements are written down together, at most this often: one that is forgotten in a power cut is asked for again. */
  readonly markMs: number;
}

export const linkTimings: LinkTimings = {
  ...connectionTimings,
  limits: sendLimits,
  window: 4,
  helloMs: 2_000,
  tickMs: 1_000,
  markMs: 500,
};

export interface LinkOptions<Tx> {
  readonly url: string;
  readonly tls?: Tls | undefined;
  readonly protocolVersion?: 4 | 5 | undefined;
  readonly merchant: string;
  /** Also the client id at the broker. */
  readonly terminal: string;
  readonly keys: { readonly own: SigningKey; readonly host: VerifyKey };
  /** The terminal's database, with the tables of stream/migrations.ts. */
  readonly db: Sqlite.Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly timings?: LinkTimings;
  /** One transaction on `db`. */
  readonly transaction: <T>(work: (tx: Tx) => T) => T;
  /** Applies a row from above inside the transaction that records it. A throw is a bug: the row stays unapplied and comes again. */
  readonly apply: (tx: Tx, row: DownRow) => void;
  /** After that transaction was committed. */
  readonly applied?: (rows: readonly DownRow[]) => void;
  /** The database turned out to be an old copy, or a copy that went its own way: it gets a new epoch in this transaction, and the host gives back the rest. */
  readonly otherBook?: (tx: Tx, details: { readonly hostHas: number; readonly hereIs: number }) => void;
  /** `apply` threw, or the database could not be used. */
  readonly failed?: (error: unknown) => void;
  /** An answer after its request's deadline. It never revives a sale. */
  readonly onLateAnswer?: (id: string, answer: Answer) => void;
  readonly log: Log;
  /** For storms. */
  readonly at?: (point: 'link.after-publish' | 'link.before-mark-acked') => void;
}
