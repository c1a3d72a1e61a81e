import * as v from 'valibot';
import { type BatchEnd, type BatchRecord, batchVerdict, type Differing } from '../protocol/batch.ts';
import { findBatch, nextBatchNumber, setBatch } from './batches.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { ApprovalTable, BatchTable, UploadTable } from './business-tables.ts';
import { clearBatch } from './clear-batch.ts';
import { at } from './crash-points.ts';
import { noEffects } from './effects.ts';
import { chooseRate, feeFen } from './fee.ts';
import { type Host, owner } from './host.ts';
import { ratePolicy, readParameters } from './parameters.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** `batch-record`: one record of a group that did not balance, kept for the compare at the end. */
export async function planRecord(trx: HostTrx, from: TerminalRef, body: BatchRecord): Promise<RowPlan> {
  const { facts } = body;
  const batch = await findBatch(trx, from, facts.batch);
  if (batch?.state !== 'COMPARED') throw new HostReject('BATCH_NOT_COMPARED');
  const upload: UploadTable = {
    ...owner(from),
    batch: facts.batch,
    payment: facts.payment,
    stan: facts.stan,
    side: facts.side,
    card_group: facts.group,
    amount_fen: facts.amountFen,
    rate_id: facts.rateId,
    entry: facts.entry,
    rrn: facts.rrn,
  };
  return {
    expected: noEffects,
    apply: async () => {
      await trx
        .insertInto('uploads')
        .values(upload)
        .onConflict((oc) => oc.columns(['merchant', 'terminal', 'batch', 'payment']).doNothing())
        .execute();
    },
  };
}

/**
 * `batch-end`: where a group did not balance, compares record by record, books or rejects each that differs, so that both lists agree;
 * closes the batch, and clears it when the merchant's clearing is at the close. Asked again it does nothing.
 */
export async function planEnd(host: Host, trx: HostTrx, from: TerminalRef, body: BatchEnd): Promise<RowPlan> {
  const batch = await findBatch(trx, from, body.facts.batch);
  if (!batch || batch.state === 'OPEN') throw new HostReject('BATCH_NOT_COMPARED');
  if (batch.state !== 'COMPARED') return { expected: noEffects, apply: async () => {} };
  const uploads = await trx
    .selectFrom('uploads')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), batch: batch.batch }))
    .orderBy('payment')
    .execute();
  if (uploads.length !== body.facts.uploaded) throw new HostReject('UPLOAD_INCOMPLETE');
  return { expected: noEffects, apply: () => close(host, trx, from, batch, uploads) };
}

async function close(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  batch: BatchTable,
  uploads: readonly UploadTable[],
): Promise<void> {
  const now = host.clock.now();
  const differing = await resolve(host, trx, from, batch, uploads);
  const nextBatch = nextBatchNumber(batch.batch);
  await setBatch(trx, from, batch.batch, {
    state: 'CLOSED',
    closed_at: now,
    differing_json: JSON.stringify(differing),
  });
  await trx
    .updateTable('terminals')
    .set({ next_batch: nextBatch })
    .where((eb) => eb.and(owner(from)))
    .execute();
  const no = `closed:${batch.batch}`;
  const balanced = unbalancedGroups(batch).length === 0;
  // The contract carries 200; the host's own list is whole. Nothing at the terminal depends on the rest.
  const shown = differing.slice(0, 200);
  await sendDown(trx, from, {
    kind: 'batch-closed',
    id: no,
    body: { no, at: now, batch: batch.batch, nextBatch, balanced, differing: shown },
  });
  const { clearing } = await readParameters(trx, from.merchant);
  if (clearing === 'at-close') await clearBatch(host, trx, from, batch.batch);
  at('host.close-before-commit');
}

type CardGroup = UploadTable['card_group'];

export function unbalancedGroups(batch: BatchTable): CardGroup[] {
  const verdicts = v.parse(batchVerdict.entries.verdicts, JSON.parse(batch.verdicts_json ?? 'null'));
  return (['domestic', 'foreign', 'codes'] as const).filter((group) => verdicts[group] !== 1);
}

/** Compares the lists of the groups that did not balance, by payment number, and decides each difference. */
async function resolve(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  batch: BatchTable,
  uploads: readonly UploadTable[],
): Promise<Differing[]> {
  const groups = unbalancedGroups(batch);
  if (groups.length === 0) return [];
  const own = await trx
    .selectFrom('approvals')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), batch: batch.batch, state: 'APPROVED' }))
    .where('card_group', 'in', groups)
    .orderBy('payment')
    .execute();
  const here = new Map(
    uploads.filter((u) => groups.includes(u.card_group) && u.side === 'debit').map((u) => [u.payment, u]),
  );
  const there = new Map(own.map((approval) => [approval.payment, approval]));
  const differing: Differing[] = [];
  for (const record of here.values()) {
    const approval = there.get(record.payment);
    if (approval?.amount_fen === record.amount_fen) continue;
    differing.push(await bookRecord(host, trx, from, record, approval));
  }
  for (const approval of own) {
    if (!here.has(approval.payment)) differing.push(await rejectApproval(trx, from, approval));
  }
  return differing;
}

/** The terminal's signed record holds: the approval is made, or gets the record's amount. */
async function bookRecord(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  record: UploadTable,
  approval: ApprovalTable | undefined,
): Promise<Differing> {
  const differing = {
    payment: record.payment,
    stan: record.stan,
    kind: approval ? ('amount' as const) : ('missing-there' as const),
    hereFen: record.amount_fen,
    thereFen: approval?.amount_fen ?? null,
  };
  if (!approval && (await countsElsewhere(trx, from, record))) return { ...differing, decision: 'rejected' };
  const fee = feeFen(record.amount_fen, await rateOf(trx, from.merchant, record));
  const booked = {
    batch: record.batch,
    stan: record.stan,
    amount_fen: record.amount_fen,
    fee_fen: fee,
    rate_id: record.rate_id,
    card_group: record.card_group,
    entry: record.entry,
    state: 'APPROVED' as const,
    booked_by: 'upload' as const,
  };
  await trx
    .insertInto('approvals')
    .values({
      ...owner(from),
      ...booked,
      payment: record.payment,
      card_masked: null,
      code: '00',
      rrn: record.rrn,
      auth_code: null,
      at: host.clock.now(),
    })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'payment']).doUpdateSet({ ...booked, code: '00' }))
    .execute();
  return { ...differing, decision: 'booked' };
}

/** A payment is one sale in one batch: what stands approved in another batch is not booked a second time. */
async function countsElsewhere(trx: HostTrx, from: TerminalRef, record: UploadTable): Promise<boolean> {
  const row = await trx
    .selectFrom('approvals')
    .select('batch')
    .where((eb) => eb.and({ ...owner(from), payment: record.payment }))
    .where('state', 'in', ['APPROVED', 'CLEARED'])
    .where('batch', '!=', record.batch)
    .executeTakeFirst();
  return row !== undefined;
}

/** The rate that the record names; one that the host never gave is not believed, the host chooses its own. */
async function rateOf(trx: HostTrx, merchant: string, record: UploadTable) {
  const rate = await trx
    .selectFrom('fee_rates')
    .select(['ppm', 'cap_fen'])
    .where((eb) => eb.and({ merchant, id: record.rate_id }))
    .executeTakeFirst();
  if (rate) return { ppm: rate.ppm, capFen: rate.cap_fen };
  const entry = record.entry === 'CONTACTLESS' ? 'CONTACTLESS' : 'MAG';
  return chooseRate(ratePolicy(await readParameters(trx, merchant)), entry, record.amount_fen);
}

/** The terminal has no record of it: the host gives its own approval back to the cardholder. */
async function rejectApproval(trx: HostTrx, from: TerminalRef, approval: ApprovalTable): Promise<Differing> {
  await trx
    .updateTable('approvals')
    .set({ state: 'REJECTED' })
    .where((eb) => eb.and({ ...owner(from), payment: approval.payment }))
    .execute();
  return {
    payment: approval.payment,
    stan: approval.stan,
    kind: 'missing-here',
    hereFen: null,
    thereFen: approval.amount_fen,
    decision: 'rejected',
  };
}
