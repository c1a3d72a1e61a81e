import * as v from 'valibot';
import { type BatchEnd, type BatchRecord, batchVerdict, mostDiffering } from '../protocol/batch.ts';
import { findBatch, nextBatchNumber, setBatch } from './batches.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { BatchTable, UploadTable } from './business-tables.ts';
import { clearingTime } from './calendar.ts';
import { clearBatch } from './clear-batch.ts';
import { at } from './crash-points.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { readCalendar } from './merchant-records.ts';
import { readParameters } from './parameters.ts';
import { resolveDifferences } from './resolve-differences.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import { shanghaiDay } from './shanghai.ts';
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
    txn: facts.txn,
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
 * closes the batch, and clears it when the merchant's clearing is at the close, or says when it is due. Asked again it does nothing.
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
  const differing = await resolveDifferences(host, trx, from, {
    batch: batch.batch,
    groups: unbalancedGroups(batch),
    uploads,
  });
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
  // As much as one row carries; what is more goes before.
  let shown = differing;
  for (let part = 1; shown.length > mostDiffering; part++, shown = shown.slice(mostDiffering)) {
    const id = `differences:${batch.batch}:${part}`;
    const body = { no: id, at: now, batch: batch.batch, differing: shown.slice(0, mostDiffering) };
    await sendDown(trx, from, { kind: 'batch-differences', id, body });
  }
  await sendDown(trx, from, {
    kind: 'batch-closed',
    id: no,
    body: { no, at: now, batch: batch.batch, nextBatch, balanced, differing: shown },
  });
  const { clearing } = await readParameters(trx, from.merchant);
  if (clearing === 'at-close') await clearBatch(host, trx, from, batch.batch);
  if (clearing === 'next-business-day') {
    const clear_at = clearingTime(batch.business_date ?? shanghaiDay(now), await readCalendar(trx, from.merchant));
    await setBatch(trx, from, batch.batch, { clear_at });
  }
  at('host.close-before-commit');
}

type CardGroup = UploadTable['card_group'];

function unbalancedGroups(batch: BatchTable): CardGroup[] {
  const verdicts = v.parse(batchVerdict.entries.verdicts, JSON.parse(batch.verdicts_json ?? 'null'));
  return (['domestic', 'foreign', 'codes'] as const).filter((group) => verdicts[group] !== 1);
}
