import type { Selectable } from 'kysely';
import * as v from 'valibot';
import { posted } from '../protocol/batch.ts';
import { type BookEvent, type BookRestore, bookRestore, type Unrecorded } from '../protocol/book.ts';
import { batchNo, entryMode } from '../protocol/common.ts';
import type { Since } from '../stream/epoch.ts';
import { maskAccount, accountsOf as versionsOf } from './accounts.ts';
import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import { type DownRowOut, type Happened, interleave, type SentRow } from './interleave.ts';

import type { HostTrx } from './store.ts';
import type { StreamTable } from './stream-tables.ts';

/**
 * Gives a terminal its book back (races.md): everything that the host has of it after `since`, in the order in which it happened there, as rows of kind
 * `book-restore`; then the rows from above that it had not applied, as they are.
 */

type Stream = Selectable<StreamTable>;

export interface Epoch {
  readonly epoch: string;
  readonly n: number;
  readonly down_base: number;
}

interface Asked {
  readonly since: Since | null;
  /** Every epoch of this terminal until now, in order. */
  readonly seen: readonly Epoch[];
  /** The new one. */
  readonly epoch: string;
  readonly at: number;
}

/** Whether a book is among the rows that the terminal does not have yet, or had in this epoch. */
export async function isRestoring(trx: HostTrx, stream: Stream): Promise<boolean> {
  const row = await trx
    .selectFrom('outbox')
    .select('seq')
    .where((eb) => eb.and({ stream: stream.id, kind: 'book-restore' }))
    .where('seq', '>', stream.down_base)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Queues it, in the caller's transaction; what the terminal had not applied is moved behind it. Returns after which place its rows from above begin. */
export async function queueBook(trx: HostTrx, stream: Stream, asked: Asked): Promise<number> {
  const sent = await sentSince(trx, stream, asked);
  const down = await downSince(trx, stream, asked);
  const { happened, applied } = interleave(sent, down);
  const parts = await partsOf(trx, stream, asked, happened, sent.length);
  const base = stream.down_highest;
  // A book that was asked for before is told anew.
  await trx
    .deleteFrom('outbox')
    .where((eb) => eb.and({ stream: stream.id, kind: 'book-restore' }))
    .execute();
  const rest = down.slice(applied);
  for (const [index, { seq }] of rest.entries()) {
    await trx
      .updateTable('outbox')
      .set({ seq: base + parts.length + index + 1 })
      .where((eb) => eb.and({ stream: stream.id, seq }))
      .execute();
  }
  await insertParts(trx, stream, asked.epoch, base, parts);
  await trx
    .updateTable('stream')
    .set({ down_highest: base + parts.length + rest.length })
    .where('id', '=', stream.id)
    .execute();
  return base;
}

/** The terminal's rows that were applied and that it lacks, in order. */
async function sentSince(trx: HostTrx, stream: Stream, { since, seen }: Asked): Promise<SentRow[]> {
  const common = seen.find(({ epoch }) => epoch === since?.epoch);
  const rows: SentRow[] = [];
  for (const { epoch, n, down_base: base } of seen) {
    if (common && n < common.n) continue;
    const after = common?.n === n ? (since?.seq ?? 0) : 0;
    const found = await trx
      .selectFrom('inbox')
      .select(['kind', 'id', 'body'])
      .where((eb) => eb.and({ stream: stream.id, epoch, state: 'applied' }))
      .where('seq', '>', after)
      .orderBy('seq')
      .execute();
    for (const row of found) rows.push({ ...row, causedBy: causeOf(row, base) });
  }
  return rows;
}

/** A `posted` row of an older terminal names its cause by the seq on the wire only, which counts from the base of its epoch. */
function causeOf({ kind, body }: { readonly kind: string; readonly body: string }, base: number): string | null {
  if (kind !== 'posted') return null;
  const { causeSeq, causeKind, causeId } = v.parse(posted, JSON.parse(body)).facts;
  return causeId === null ? `seq ${causeSeq + base}` : `${causeKind} ${causeId}`;
}

/** The rows from above that are not in the book, in order. */
async function downSince(trx: HostTrx, stream: Stream, { since, seen }: Asked): Promise<DownRowOut[]> {
  const common = since && seen.find(({ epoch }) => epoch === since.epoch);
  const after = common ? common.down_base + since.down : 0;
  return await trx
    .selectFrom('outbox')
    .select(['seq', 'kind', 'id', 'body'])
    .where('stream', '=', stream.id)
    .where('seq', '>', after)
    .where('kind', '!=', 'book-restore')
    .orderBy('seq')
    .execute();
}

async function partsOf(
  trx: HostTrx,
  stream: Stream,
  { epoch, at }: Asked,
  happened: readonly Happened[],
  rows: number,
): Promise<BookRestore[]> {
  const head = { no: epoch, at };
  const of: TerminalRef = stream;
  const unrecorded = await unrecordedOf(trx, of);
  const events = [...(await eventsOf(trx, of, happened)), ...(await batchesOf(trx, of, happened, unrecorded))];
  const begin: BookRestore = { part: 'begin', ...head, rows, accounts: await accountsOf(trx, of) };
  const end: BookRestore = {
    part: 'end',
    ...head,
    lastStan: await lastStan(trx, of),
    unrecorded,
    refused: await refusedRows(trx, stream),
  };
  return [begin, ...sliced(events).map((part): BookRestore => ({ part: 'rows', ...head, events: part })), end];
}

/** Bodies in one row; a single one may be larger. */
const partBytes = 40_000;
const partEvents = 50;

function sliced(events: readonly BookEvent[]): BookEvent[][] {
  const parts: BookEvent[][] = [];
  let part: BookEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event));
    if (part.length === 0 || part.length === partEvents || bytes + size > partBytes) {
      part = [];
      bytes = 0;
      parts.push(part);
    }
    part.push(event);
    bytes += size;
  }
  return parts;
}

async function eventsOf(trx: HostTrx, of: TerminalRef, happened: readonly Happened[]): Promise<BookEvent[]> {
  const events: BookEvent[] = [];
  for (const one of happened) {
    if (one.is === 'up') {
      const { kind, id, body } = one.row;
      events.push({ is: 'up', kind, id, body: JSON.parse(body) });
    } else if (one.is === 'down') {
      const { seq, kind, id, body } = one.row;
      // A bill that is wanted again is made again.
      if (kind === 'file-part') continue;
      events.push({ is: 'down', seq, kind, id, body: JSON.parse(body), at: one.at ?? null });
    } else events.push(...(await batchEvent(trx, of, one.batch)));
  }
  return events;
}

/** Batches of which nothing came up but approvals: what becomes of these counts in them. */
async function batchesOf(
  trx: HostTrx,
  of: TerminalRef,
  happened: readonly Happened[],
  unrecorded: readonly Unrecorded[],
): Promise<BookEvent[]> {
  const told = new Set(happened.flatMap((one) => (one.is === 'batch' ? [one.batch] : [])));
  const missing = new Set(unrecorded.map(({ batch }) => batch).filter((batch) => !told.has(batch)));
  const events: BookEvent[] = [];
  for (const batch of missing) events.push(...(await batchEvent(trx, of, batch)));
  return events;
}

/** Nothing for a batch that the host does not know: the terminal must have it. */
async function batchEvent(trx: HostTrx, of: TerminalRef, batch: string): Promise<BookEvent[]> {
  const row = await trx
    .selectFrom('batches')
    .select(['business_date', 'opened_at'])
    .where((eb) => eb.and({ ...owner(of), batch }))
    .executeTakeFirst();
  if (!row || !v.is(batchNo, batch)) return [];
  return [{ is: 'batch', batch, openedAt: row.opened_at, businessDate: row.business_date }];
}

/** Every version: an old settlement names its own. */
async function accountsOf(trx: HostTrx, { merchant }: TerminalRef) {
  const rev = await trx.selectFrom('merchants').select('rev').where('merchant', '=', merchant).executeTakeFirst();
  const accounts = await versionsOf(trx, merchant);
  return accounts.map((account) => ({ account: maskAccount(account), rev: rev?.rev ?? 0 }));
}

async function lastStan(trx: HostTrx, of: TerminalRef): Promise<string | null> {
  const last = (table: 'approvals' | 'records') =>
    trx
      .selectFrom(table)
      .select(['stan', 'at'])
      .where((eb) => eb.and(owner(of)))
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
  const [approval, record] = [await last('approvals'), await last('records')];
  if (!approval || !record) return (approval ?? record)?.stan ?? null;
  return approval.at > record.at ? approval.stan : record.stan;
}

/** What the host approved in the open batch and has no record of: the answer was lost with the book. */
async function unrecordedOf(trx: HostTrx, of: TerminalRef): Promise<Unrecorded[]> {
  const rows = await trx
    .selectFrom('approvals as a')
    .innerJoin('batches as b', (join) =>
      join
        .onRef('b.merchant', '=', 'a.merchant')
        .onRef('b.terminal', '=', 'a.terminal')
        .onRef('b.batch', '=', 'a.batch'),
    )
    .leftJoin('records as r', (join) =>
      join
        .onRef('r.merchant', '=', 'a.merchant')
        .onRef('r.terminal', '=', 'a.terminal')
        .onRef('r.payment', '=', 'a.payment'),
    )
    .select(['a.payment', 'a.txn', 'a.batch', 'a.stan', 'a.amount_fen', 'a.entry', 'a.card_group', 'a.at'])
    .where((eb) => eb.and({ 'a.merchant': of.merchant, 'a.terminal': of.terminal }))
    .where('a.state', 'in', ['APPROVED', 'CLEARED'])
    .where((eb) => eb.and({ 'a.booked_by': 'request', 'b.state': 'OPEN' }))
    .where('r.payment', 'is', null)
    .orderBy('a.at')
    .execute();
  return rows.map((row) => ({
    payment: row.payment,
    txn: row.txn,
    batch: row.batch,
    stan: row.stan,
    amountFen: row.amount_fen,
    entry: v.parse(entryMode, row.entry),
    group: row.card_group,
    at: row.at,
  }));
}

async function refusedRows(trx: HostTrx, stream: Stream): Promise<number> {
  const row = await trx
    .selectFrom('inbox')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('code', 'is not', null)
    .where('stream', '=', stream.id)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

async function insertParts(
  trx: HostTrx,
  stream: Stream,
  epoch: string,
  base: number,
  parts: readonly BookRestore[],
): Promise<void> {
  for (const [index, part] of parts.entries()) {
    const body = JSON.stringify(v.parse(bookRestore, part));
    const id = `restore:${epoch}:${index + 1}`;
    await trx
      .insertInto('outbox')
      .values({ stream: stream.id, seq: base + index + 1, kind: 'book-restore', id, body, rejected: null })
      .execute();
  }
}
