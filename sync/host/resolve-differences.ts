import type { Differing } from '../protocol/batch.ts';
import type { Group } from '../protocol/common.ts';
import { findApproval, findRate, setApproval, writeApproval } from './approvals.ts';
import { type Counted, countedIn } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable, UploadTable } from './business-tables.ts';
import { chooseRate, feeFen } from './fee.ts';
import { undo } from './give-back.ts';
import { type Host, owner } from './host.ts';
import { ratePolicy, readParameters } from './parameters.ts';
import { recordedFacts } from './records.ts';
import type { HostTrx } from './store.ts';

/**
 * The lists of the groups that did not balance, compared by number: each record that differs is booked or rejected, so that both lists agree. The terminal's signed
 * record holds, where the host can book it: a payment that stands in another batch, a void of nothing and a refund that was never accepted it cannot.
 */
export async function resolveDifferences(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  given: { readonly batch: string; readonly groups: readonly Group[]; readonly uploads: readonly UploadTable[] },
): Promise<Differing[]> {
  const { batch, groups, uploads } = given;
  const { profile } = await readParameters(trx, from.merchant);
  const own = await countedIn(trx, from, { batch, profile, groups });
  const here = uploads.filter((u) => groups.includes(u.card_group));
  const uploaded = new Set(here.map((u) => u.payment));
  const there = new Map(own.map((record) => [record.payment, record]));
  const differing: Differing[] = [];
  // A void is booked after what it voids, and rejected before it.
  for (const record of [...side(here, 'debit'), ...side(here, 'credit')]) {
    const known = there.get(record.payment);
    if (known?.amountFen === record.amount_fen && known.side === record.side) continue;
    differing.push(await bookRecord(host, trx, from, record, known));
  }
  for (const record of [...side(own, 'credit'), ...side(own, 'debit')]) {
    if (!uploaded.has(record.payment)) differing.push(await rejectRecord(host, trx, from, record));
  }
  return differing;
}

const side = <R extends { readonly side: 'debit' | 'credit' }>(records: readonly R[], which: R['side']): R[] =>
  records.filter((record) => record.side === which);

async function bookRecord(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  record: UploadTable,
  known: Counted | undefined,
): Promise<Differing> {
  const booked = await mayBook(trx, from, record, known);
  if (booked) await writeRecord(host, trx, from, record);
  return {
    payment: record.payment,
    stan: record.stan,
    txn: record.txn,
    kind: known ? 'amount' : 'missing-there',
    hereFen: record.amount_fen,
    thereFen: known?.amountFen ?? null,
    decision: booked ? 'booked' : 'rejected',
  };
}

async function mayBook(
  trx: HostTrx,
  from: TerminalRef,
  record: UploadTable,
  known: Counted | undefined,
): Promise<boolean> {
  if (record.txn === 'refund') return false;
  if (record.side === 'debit') return known !== undefined || !(await countsElsewhere(trx, from, record));
  const original = await originalOf(trx, from, record);
  return (
    original !== undefined &&
    original.batch === record.batch &&
    original.amount_fen === record.amount_fen &&
    (original.state === 'APPROVED' || original.state === 'CLEARED')
  );
}

/** A payment is one sale in one batch: what stands approved in another batch is not booked a second time. */
async function countsElsewhere(trx: HostTrx, from: TerminalRef, record: UploadTable): Promise<boolean> {
  const found = await findApproval(trx, from, record.payment);
  return found !== undefined && found.batch !== record.batch && standing.includes(found.state);
}

const standing: readonly ApprovalTable['state'][] = ['APPROVED', 'CLEARED', 'VOIDED'];

async function originalOf(trx: HostTrx, from: TerminalRef, record: UploadTable): Promise<ApprovalTable | undefined> {
  const { original } = await recordedFacts(trx, from, record.payment);
  return original === null ? undefined : findApproval(trx, from, original);
}

async function writeRecord(host: Host, trx: HostTrx, from: TerminalRef, record: UploadTable): Promise<void> {
  if (record.txn === 'refund') return;
  const known = await findApproval(trx, from, record.payment);
  if (known?.state === 'VOIDED') await undoVoidOf(host, trx, from, known.payment);
  const facts = await recordedFacts(trx, from, record.payment);
  const now = host.clock.now();
  const cleared = record.txn === 'code-sale' || facts.cleared;
  const debit = record.side === 'debit';
  const booked = {
    txn: record.txn,
    original: facts.original,
    batch: record.batch,
    stan: record.stan,
    amount_fen: record.amount_fen,
    fee_fen: debit ? feeFen(record.amount_fen, await rateOf(trx, from.merchant, record)) : 0,
    rate_id: record.rate_id,
    card_group: record.card_group,
    entry: record.entry,
    code: '00',
    state: debit && cleared ? ('CLEARED' as const) : ('APPROVED' as const),
    booked_by: 'upload' as const,
    cleared_at: debit && cleared ? now : null,
  };
  if (known) await rewrite(trx, from, record.payment, booked);
  else
    await writeApproval(trx, from, {
      ...booked,
      payment: record.payment,
      asked_fen: record.amount_fen,
      discount_fen: 0,
      card_masked: null,
      rrn: record.rrn,
      auth_code: null,
      at: now,
      valid_until: null,
    });
  if (!debit && facts.original !== null) await setApproval(trx, from, facts.original, { state: 'VOIDED' });
}

async function rewrite(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
  booked: Partial<ApprovalTable>,
): Promise<void> {
  await trx
    .updateTable('approvals')
    .set(booked)
    .where((eb) => eb.and({ ...owner(from), payment }))
    .execute();
}

/** The terminal has the payment as it was before its void, and no void. */
async function undoVoidOf(host: Host, trx: HostTrx, from: TerminalRef, payment: string): Promise<void> {
  const voids = await trx
    .selectFrom('approvals')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), original: payment, state: 'APPROVED' }))
    .where('txn', 'in', ['void', 'completion-void'])
    .execute();
  for (const approval of voids) await undo(host, trx, from, approval, 'REJECTED');
}

/** The rate that the record names; one that the host never gave is not believed, the host chooses its own. */
async function rateOf(trx: HostTrx, merchant: string, record: UploadTable) {
  const rate = record.rate_id === null ? null : await findRate(trx, merchant, record.rate_id);
  return rate ?? chooseRate(ratePolicy(await readParameters(trx, merchant)), record.entry, record.amount_fen);
}

/** The terminal has no record of it: the host gives its own approval back. A refund stays: the terminal's own row had asked for it. */
async function rejectRecord(host: Host, trx: HostTrx, from: TerminalRef, record: Counted): Promise<Differing> {
  const approval = record.txn === 'refund' ? undefined : await findApproval(trx, from, record.payment);
  if (approval) await undo(host, trx, from, approval, 'REJECTED');
  return {
    payment: record.payment,
    stan: record.stan,
    txn: record.txn,
    kind: 'missing-here',
    hereFen: null,
    thereFen: record.amountFen,
    decision: approval ? 'rejected' : 'booked',
  };
}
