import type { Posted } from '../protocol/batch.ts';
import type { PaymentRecorded, ReversalEnded } from '../protocol/payments.ts';
import type { DownKind, UpRow } from '../protocol/rows.ts';
import { planApply } from './apply.ts';
import { findBatch, setBatch } from './batches.ts';
import { planDifferenceFound, planExamined } from './bill-differences.ts';
import { planBillWanted } from './bills.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { FundsTable } from './business-tables.ts';
import { planEnd, planRecord } from './close-batch.ts';
import { planTotals } from './compare-batch.ts';
import { compareWithOpinion, recordDifference } from './differences.ts';
import { planDispute, planTicketClosed } from './disputes.ts';
import { effectsOf, noEffects } from './effects.ts';
import type { NoticeTable } from './following-tables.ts';
import { keepReport } from './freezes.ts';
import { type Host, owner } from './host.ts';
import { planInvoice } from './invoices.ts';
import { findTerminal } from './merchants.ts';
import { newJournals, postJournals } from './mirror.ts';
import { planNotify } from './notices.ts';
import { planOpening } from './opening.ts';
import { opinionOnDecided } from './opinion-bill.ts';
import { markRefundBooked } from './opinion-refund.ts';
import { opinionOnRisk, type RiskFact, withFollowUps } from './opinion-risk.ts';
import { givenUp } from './opinion-void.ts';
import { keepRecord } from './records.ts';
import { planRefund } from './refunds.ts';
import type { RowPlan } from './row-plan.ts';
import { dayOf, findFunds, opinionOnPayment, opinionOnPosted } from './second-opinion.ts';
import { planChecked, planSettle, planStop } from './settlements.ts';
import type { HostTrx } from './store.ts';
import { planForward } from './stored-sales.ts';
import { streamOf } from './stream-store.ts';

/**
 * One row from a terminal: reads and checks everything, then posts its journals to the mirror, compares them with the host's own
 * opinion, and applies its facts. `HostReject` comes before the first write.
 */
export async function applyRow(host: Host, trx: HostTrx, from: TerminalRef, row: UpRow): Promise<void> {
  if (!(await findTerminal(trx, from))) throw new HostReject('UNKNOWN_TERMINAL');
  const { journals } = row.body;
  const fresh = await newJournals(trx, from, journals);
  const plan = await planRow(host, trx, from, row);
  const expected = effectsOf(await withFollowUps(trx, from, plan.expected, plan.ended));

  await postJournals(trx, from, fresh);
  const posted = effectsOf(journals.flatMap((journal) => journal.lines));
  for (const difference of await compareWithOpinion(trx, from, posted, expected)) {
    await recordDifference(trx, from, row, difference, host.clock.now());
  }
  await plan.apply();
}

async function planRow(host: Host, trx: HostTrx, from: TerminalRef, row: UpRow): Promise<RowPlan> {
  switch (row.kind) {
    case 'payment-recorded':
      return planPayment(trx, from, row.body);
    case 'reversal-ended':
      return planReversal(trx, from, row.body);
    case 'store-sale':
    case 'complete-by-advice':
      return planForward(host, trx, from, row);
    case 'refund':
      return planRefund(host, trx, from, row.body);
    case 'batch-totals':
      return planTotals(host, trx, from, row, row.body);
    case 'batch-record':
      return planRecord(trx, from, row.body);
    case 'batch-end':
      return planEnd(host, trx, from, row.body);
    case 'posted':
      return planPosted(trx, from, row.body);
    case 'difference-found':
      return planDifferenceFound(host, trx, from, row, row.body);
    case 'difference-examined':
      return planExamined(trx, from, row.body);
    case 'bill-wanted':
      return planBillWanted(host, trx, from, row.body);
    case 'notify':
      return planNotify(host, trx, from, row.body);
    case 'settle':
      return planSettle(host, trx, from, row.body);
    case 'settlement-checked':
      return planChecked(trx, from, row.body);
    case 'stop-settle':
      return planStop(host, trx, from, row.body);
    case 'settlement-disputed':
      return planDispute(host, trx, from, row.body);
    case 'ticket-closed':
      return planTicketClosed(host, trx, from, row.body);
    case 'apply':
      return planApply(host, trx, from, row.body);
    case 'issue-invoice':
      return planInvoice(host, trx, from, { kind: 'blue', body: row.body });
    case 'red-invoice':
      return planInvoice(host, trx, from, { kind: 'red', body: row.body });
    case 'stop-reported':
      return {
        expected: noEffects,
        apply: async () => {
          await keepNotice(trx, from, row.kind, row.body);
          await keepReport(host, trx, from, row.body);
        },
      };
    case 'telemetry':
    case 'audit-line':
      return { expected: noEffects, apply: () => keepNotice(trx, from, row.kind, row.body) };
    case 'opening':
      return planOpening(host, trx, from, row, row.body);
  }
}

/** The terminal's version of a payment. Its first journal sets the day of its batch; every later one must agree. */
async function planPayment(trx: HostTrx, from: TerminalRef, body: PaymentRecorded): Promise<RowPlan> {
  const { facts } = body;
  const batch = await findBatch(trx, from, facts.batch);
  const day = dayOf(body.journals);
  return {
    expected: await opinionOnPayment(trx, from, body, batch?.business_date ?? null),
    apply: async () => {
      await keepRecord(trx, from, { kind: 'payment', payment: body.no, at: body.at, facts });
      if (batch && batch.business_date === null && day !== null) {
        await setBatch(trx, from, batch.batch, { business_date: day });
      }
    },
  };
}

/** A reversed void that was reserved first is given up. */
async function planReversal(trx: HostTrx, from: TerminalRef, body: ReversalEnded): Promise<RowPlan> {
  const { facts } = body;
  return {
    expected: facts.state === 'DONE' ? [await givenUp(trx, from, facts.payment)] : noEffects,
    apply: () => keepRecord(trx, from, { kind: 'reversal', payment: facts.payment, at: body.at, facts }),
  };
}

/** Postings that a row from above caused, and what they mean for money received, refunds and freezes. */
async function planPosted(trx: HostTrx, from: TerminalRef, body: Posted): Promise<RowPlan> {
  const decided = await causeOf(trx, from, body, ['difference-decided']);
  if (decided) {
    const { journals, apply } = await opinionOnDecided(trx, from, decided.no);
    return { expected: journals, apply };
  }
  const fact: RiskFact | null = await causeOf(trx, from, body, riskKinds);
  if (fact) {
    const { journals, ended, apply } = await opinionOnRisk(trx, from, fact);
    return { expected: journals, ended, apply };
  }
  const received: FundsTable[] = [];
  for (const journal of body.journals.filter((j) => j.event === 'J-05')) {
    const funds = await findFunds(trx, from, journal);
    if (funds) received.push(funds);
  }
  return {
    expected: await opinionOnPosted(trx, from, body.journals),
    apply: async () => {
      for (const { account, date, n } of received) {
        await trx
          .updateTable('funds')
          .set({ posted: 1 })
          .where((eb) => eb.and({ ...owner(from), account, date, n }))
          .execute();
      }
      for (const journal of body.journals) {
        if (journal.event === 'J-07' || journal.event === 'J-08') await markRefundBooked(trx, from, journal);
      }
    },
  };
}

const riskKinds = ['freeze', 'unfreeze', 'charge-back'] as const;

/** The row from above that a `posted` row answers, if it is of one of these kinds. Only an older terminal names it by its seq, which counts from `down_base`. */
async function causeOf<K extends DownKind>(
  trx: HostTrx,
  from: TerminalRef,
  { facts }: Posted,
  kinds: readonly K[],
): Promise<{ readonly kind: K; readonly no: string } | null> {
  const kind = kinds.find((k) => k === facts.causeKind);
  if (!kind) return null;
  const stream = await streamOf(trx, from);
  const { causeId: id, causeSeq } = facts;
  const cause = await trx
    .selectFrom('outbox')
    .select('id')
    .where((eb) =>
      eb.and({ stream: stream.id, kind, ...(id === null ? { seq: stream.down_base + causeSeq } : { id }) }),
    )
    .executeTakeFirst();
  return cause ? { kind, no: cause.id } : null;
}

async function keepNotice(
  trx: HostTrx,
  from: TerminalRef,
  kind: NoticeTable['kind'],
  body: { readonly no: string; readonly at: number; readonly by: string; readonly facts: object },
): Promise<void> {
  const { no, at, by, facts } = body;
  await trx
    .insertInto('notices')
    .values({ ...owner(from), kind, no, by_actor: by, facts_json: JSON.stringify(facts), at })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'kind', 'no']).doNothing())
    .execute();
}
