import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { type BillLine, filePartBytes } from '../protocol/bills.ts';
import { addLine, noTally, readLines, type Tally } from './bill-lines.ts';
import { Planting } from './bill-plant.ts';
import { billHours, orderDueBills } from './bill-schedule.ts';
import type { BillTable } from './bill-tables.ts';
import { keyOf, plantedIn } from './bills.ts';
import { at } from './crash-points.ts';
import { type Host, owner } from './host.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/**
 * Makes bills and sends them, a slice in each transaction: requests come between, and no more than a slice is held. Whatever is at hand when the host dies is made again
 * from the start, or sent on from where it was.
 */

const partsInSlice = 6;
/** So often a bill is made again when what stands in it changed meanwhile; the day is still going on then. */
const mostTries = 3;

/** What a Worker runs: orders what is due, makes and sends what is ordered. Resolves to the time until the next bill is due. All terminals are looked at only when one is. */
export function billPress(host: Host): (stopping: AbortSignal) => Promise<number | null> {
  let hours = '';
  let dueAt: number | null = null;
  return async (stopping) => {
    const now = await billHours(host);
    if (now !== hours || (dueAt !== null && dueAt <= host.clock.now())) {
      dueAt = await orderDueBills(host);
      hours = now;
    }
    while (!stopping.aborted) {
      const bill = await nextBill(host);
      if (!bill) break;
      if (bill.state === 'BUILDING') await build(host, bill, stopping);
      else await send(host, bill, stopping);
    }
    return dueAt === null ? null : Math.max(0, dueAt - host.clock.now());
  };
}

async function nextBill(host: Host): Promise<BillTable | undefined> {
  return (
    host.store
      .selectFrom('bills')
      .selectAll()
      // In these words its index serves it.
      .where(sql<boolean>`state <> 'SENT'`)
      .orderBy('at')
      .orderBy('date')
      .limit(1)
      .executeTakeFirst()
  );
}

async function build(host: Host, bill: BillTable, stopping: AbortSignal): Promise<void> {
  const planted = plantedIn(bill);
  const isSpread = planted.some(({ payment }) => payment === undefined);
  for (let tries = 1; ; tries++) {
    const paid = isSpread ? (await tally(host, bill, stopping)).paid : 0;
    const file = newFile(new Planting(bill.date, planted, paid), host.clock.now());
    await host.store.transaction().execute((trx) => deleteParts(trx, bill));
    await readLines(host, bill, bill.date, stopping, async (trx, line) => {
      file.read = addLine(file.read, line);
      for (const changed of file.planting.change(line)) await append(trx, bill, file, changed);
    });
    const now = await tally(host, bill, stopping);
    if (stopping.aborted) return;
    if (tries < mostTries && !isDeepStrictEqual(now, file.read)) continue;
    await host.store.transaction().execute((trx) => finishFile(trx, bill, file));
    at('host.bill-built');
    return;
  }
}

async function tally(host: Host, bill: BillTable, stopping: AbortSignal): Promise<Tally> {
  let sum = noTally;
  await readLines(host, bill, bill.date, stopping, (_, line) => {
    sum = addLine(sum, line);
  });
  return sum;
}

async function deleteParts(trx: HostTrx, bill: BillTable): Promise<void> {
  await trx
    .deleteFrom('bill_parts')
    .where((eb) => eb.and(keyOf(bill)))
    .execute();
}

/** A file as it grows. */
interface Growing {
  readonly planting: Planting;
  readonly beganAt: number;
  readonly hash: ReturnType<typeof createHash>;
  /** What the host's records say, and what the bill says. */
  read: Tally;
  said: Tally;
  bytes: number;
  parts: number;
  pending: string[];
  pendingBytes: number;
  first: string;
}

const newFile = (planting: Planting, beganAt: number): Growing => ({
  planting,
  beganAt,
  hash: createHash('sha256'),
  read: noTally,
  said: noTally,
  bytes: 0,
  parts: 0,
  pending: [],
  pendingBytes: 0,
  first: '',
});

async function append(trx: HostTrx, bill: BillTable, file: Growing, line: BillLine): Promise<void> {
  file.said = addLine(file.said, line);
  await appendText(trx, bill, file, `${JSON.stringify(line)}\n`, line.payment);
}

async function appendText(trx: HostTrx, bill: BillTable, file: Growing, text: string, payment: string): Promise<void> {
  const bytes = Buffer.byteLength(text);
  if (file.pendingBytes + bytes > filePartBytes) await writePart(trx, bill, file);
  if (file.pending.length === 0) file.first = payment;
  file.pending.push(text);
  file.pendingBytes += bytes;
}

async function writePart(trx: HostTrx, bill: BillTable, file: Growing): Promise<void> {
  const bytes = Buffer.from(file.pending.join(''));
  file.hash.update(bytes);
  await trx
    .insertInto('bill_parts')
    .values({ ...keyOf(bill), i: file.parts, first: file.first, bytes })
    .execute();
  file.bytes += bytes.length;
  file.parts += 1;
  file.pending = [];
  file.pendingBytes = 0;
}

async function finishFile(trx: HostTrx, bill: BillTable, file: Growing): Promise<void> {
  for (const line of file.planting.rest()) await append(trx, bill, file, line);
  const bad = bill.spoil === 'line' ? 1 : 0;
  if (bad) await appendText(trx, bill, file, '{"payment":\n', '~');
  if (file.pending.length > 0) await writePart(trx, bill, file);
  const digest = file.hash.digest('hex');
  const { said } = file;
  await trx
    .updateTable('bills')
    .set({
      state: 'SENDING',
      sha256: bill.spoil === 'hash' ? digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) : digest,
      bytes: file.bytes,
      rows: said.paid + said.voided + bad + (bill.spoil === 'rows' ? 1 : 0),
      gross_fen: said.grossFen,
      fee_fen: said.feeFen,
      parts: file.parts,
      at: file.beganAt,
    })
    .where((eb) => eb.and(keyOf(bill)))
    .execute();
}

async function send(host: Host, bill: BillTable, stopping: AbortSignal): Promise<void> {
  for (let from = bill.sent_parts; !stopping.aborted; from += partsInSlice) {
    const isDone = from + partsInSlice >= bill.parts;
    await host.store.transaction().execute(async (trx) => {
      await sendParts(host, trx, bill, from);
      if (isDone) await sendBill(trx, bill);
    });
    at('host.bill-part-sent');
    host.wake(owner(bill));
    if (isDone) return;
  }
}

async function sendParts(host: Host, trx: HostTrx, bill: BillTable, from: number): Promise<void> {
  const { date, version, sha256, parts: of } = bill;
  const parts = await trx
    .selectFrom('bill_parts')
    .select(['i', 'bytes'])
    .where((eb) => eb.and(keyOf(bill)))
    .where('i', '>=', from)
    .where('i', '<', from + partsInSlice)
    .orderBy('i')
    .execute();
  for (const { i, bytes } of parts) {
    if (bill.spoil === 'part' && i === of - 1) continue;
    const no = `part:${date}:${version}:${i}`;
    const body = { no, at: host.clock.now(), sha256, i, of, base64: bytes.toString('base64') };
    await sendDown(trx, bill, { kind: 'file-part', id: no, body });
  }
  await trx
    .updateTable('bills')
    .set({ sent_parts: from + parts.length })
    .where((eb) => eb.and(keyOf(bill)))
    .execute();
}

async function sendBill(trx: HostTrx, bill: BillTable): Promise<void> {
  const { date, version, sha256, bytes, rows, gross_fen: grossFen, fee_fen: feeFen } = bill;
  const no = `bill:${date}:${version}`;
  const body = { no, at: bill.at, date, version, sha256, bytes, rows, grossFen, feeFen };
  await sendDown(trx, bill, { kind: 'bill', id: no, body });
  await trx
    .updateTable('bills')
    .set({ state: 'SENT' })
    .where((eb) => eb.and(keyOf(bill)))
    .execute();
}
