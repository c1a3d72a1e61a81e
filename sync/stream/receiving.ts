import type { Clock } from '../clock.ts';
import { SyncError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Rows } from '../protocol/messages.ts';
import { parseDownRow, type RowOnWire } from '../protocol/parse-row.ts';
import type { DownRow } from '../protocol/rows.ts';
import type { Inbox, Rejection } from './inbox.ts';
import { acknowledgement, fateOf, type Have, received, repeatFrom, type SendLimits } from './rules.ts';

export interface ReceivingOptions<Tx> {
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly window: number;
  readonly limits: SendLimits;
  readonly transaction: <T>(work: (tx: Tx) => T) => T;
  readonly apply: (tx: Tx, row: DownRow) => void;
  /** After the commit. */
  readonly applied: (rows: readonly DownRow[]) => void;
  /** `apply` threw something else than a SyncError, which refuses the row for good: the row is not applied and not acknowledged, and comes again. */
  readonly failed: (error: unknown, row: { readonly seq: number; readonly kind: string }) => void;
  readonly log: Log;
}

/** The terminal's receiving end: rows from above, strictly in order, applied in the transaction that records them. Rows beyond a hole are not kept. */
export class Receiving<Tx> {
  readonly #options: ReceivingOptions<Tx>;

  constructor(options: ReceivingOptions<Tx>) {
    this.#options = options;
  }

  /** Applies what is next and returns what to acknowledge; null when the rows are of another epoch. */
  take(message: Rows): (Have & { readonly rejected: readonly Rejection[] }) | null {
    const { inbox, window, limits } = this.#options;
    const state = inbox.state();
    if (state.epoch !== message.epoch) return null;
    const next: RowOnWire[] = [];
    let have: Have = { upTo: state.applied, ranges: [] };
    for (const row of message.rows) {
      if (fateOf(have, row[0]) !== 'next') continue;
      next.push(row);
      have = received(have, row[0]);
    }
    if (next.length > 0 && !this.#applied(message.epoch, next)) this.#applyOneByOne(message.epoch, next);
    const { applied: upTo } = inbox.state();
    const rejected = inbox.rejections(message.epoch, repeatFrom(upTo, window, limits));
    return acknowledgement({ upTo, ranges: [] }, rejected);
  }

  // A bug in one row must not hold up those before it.
  #applyOneByOne(epoch: string, rows: readonly RowOnWire[]): void {
    for (const row of rows) if (!this.#applied(epoch, [row])) return;
  }

  /** False when a row's application failed: nothing of `rows` was kept. */
  #applied(epoch: string, rows: readonly RowOnWire[]): boolean {
    const { transaction, inbox } = this.#options;
    let at = rows[0];
    let understood: DownRow[];
    try {
      understood = transaction((tx) => {
        const parsed = rows.flatMap((row) => {
          at = row;
          return this.#applyRow(tx, epoch, row) ?? [];
        });
        inbox.setApplied(rows.at(-1)?.[0] ?? 0);
        return parsed;
      });
    } catch (error) {
      const [row] = rows;
      if (!row || rows.length > 1) return false;
      if (error instanceof SyncError) return this.#refuse(epoch, row, error);
      this.#options.failed(error, { seq: at?.[0] ?? 0, kind: at?.[1] ?? '' });
      return false;
    }
    this.#options.applied(understood);
    return true;
  }

  /** Poison: kept with what is wrong about it, acknowledged with a code, so that the stream moves. Nothing of its application is left. */
  #refuse(epoch: string, [seq, kind, id, body]: RowOnWire, error: SyncError): true {
    const { transaction, inbox, clock, log } = this.#options;
    transaction(() => {
      inbox.reject(
        epoch,
        { seq, kind, id, body: JSON.stringify(body) ?? 'null' },
        error.code,
        error.message,
        clock.now(),
      );
      inbox.setApplied(seq);
    });
    log('error', 'link.down-row-rejected', { seq, code: error.code });
    return true;
  }

  #applyRow(tx: Tx, epoch: string, row: RowOnWire): DownRow | null {
    const { apply, inbox, clock, log } = this.#options;
    const parsed = parseDownRow(row);
    if (parsed.ok) {
      apply(tx, parsed.row);
      return parsed.row;
    }
    const [seq, kind, id, body] = row;
    const { code, error } = parsed.problem;
    inbox.reject(epoch, { seq, kind, id, body: JSON.stringify(body) ?? 'null' }, code, error, clock.now());
    log('error', 'link.down-row-rejected', { seq, code });
    return null;
  }
}
