import type { DifferenceFound, Posted } from '../protocol/batch.ts';
import type { PaymentRecorded, ReversalEnded } from '../protocol/payments.ts';
import type { UpRow } from '../protocol/rows.ts';
import { findBatch, setBatch } from './batches.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { FundsTable, RecordTable } from './business-tables.ts';
import { planEnd, planRecord } from './close-batch.ts';
import { planTotals } from './compare-batch.ts';
import { compareWithOpinion, recordDifference } from './differences.ts';
import { effectsOf, noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { findTerminal } from './merchants.ts';
import { newJournals, postJournals } from './mirror.ts';
import type { RowPlan } from './row-plan.ts';
import { dayOf, findFunds, opinionOnPosted, opinionOnSale } from './second-opinion.ts';
import { planChecked, planSettle } from './settlements.ts';
import type { HostTrx } from './store.ts';

/**
 * One row from a terminal: reads and checks everything, then posts its journals to the mirror, compares them with the host's own
 * opinion, and applies its facts. `HostReject` comes before the first write.
 */
export async function applyRow(host: Host, trx: HostTrx, from: TerminalRef, row: UpRow): Promise<void> {
  if (!(await findTerminal(trx, from))) throw new HostReject('UNKNOWN_TERMINAL');
  const { journals } = row.body;
  const fresh = await newJournals(trx, from, journals);
  const plan = await planRow(host, trx, from, row);

  await postJournals(trx, from, fresh);
  const posted = effectsOf(journals.flatMap((journal) => journal.lines));
  for (const difference of await compareWithOpinion(trx, from, posted, plan.expected)) {
    await recordDifference(trx, from, row, difference, host.clock.now());
  }
  await plan.apply();
}

async function planRow(host: Host, trx: HostTrx, from: TerminalRef, row: UpRow): Promise<RowPlan> {
  switch (row.kind) {
    case 'payment-recorded':
      return planPayment(trx, from, row.body);
    case 'reversal-ended':
      return { expected: noEffects, apply: () => keepReversal(trx, from, row.body) };
    case 'batch-totals':
      return planTotals(host, trx, from, row, row.body);
    case 'batch-record':
      return planRecord(trx, from, row.body);
    case 'batch-end':
      return planEnd(host, trx, from, row.body);
    case 'posted':
      return planPosted(trx, from, row.body);
    case 'difference-found':
      return { expected: noEffects, apply: () => keepDifference(host, trx, from, row, row.body) };
    case 'settle':
      return planSettle(host, trx, from, row.body);
    case 'settlement-checked':
      return planChecked(trx, from, row.body.facts.settlement);
  }
}

/** The terminal's version of a payment. Its first journal sets the day of its batch; every later one must agree. */
async function planPayment(trx: HostTrx, from: TerminalRef, body: PaymentRecorded): Promise<RowPlan> {
  const { facts } = body;
  const batch = await findBatch(trx, from, facts.batch);
  const day = dayOf(body.journals);
  return {
    expected: await opinionOnSale(trx, from, body, batch?.business_date ?? null),
    apply: async () => {
      await keepRecord(trx, from, { kind: 'payment', payment: body.no, at: body.at, facts });
      if (batch && batch.business_date === null && day !== null) {
        await setBatch(trx, from, batch.batch, { business_date: day });
      }
    },
  };
}

async function keepReversal(trx: HostTrx, from: TerminalRef, body: ReversalEnded): Promise<void> {
  const { facts } = body;
  await keepRecord(trx, from, { kind: 'reversal', payment: facts.payment, at: body.at, facts });
}

/** A later row of the same payment replaces the earlier: a reversal that needed a human may yet be done. */
async function keepRecord(
  trx: HostTrx,
  from: TerminalRef,
  given: Pick<RecordTable, 'kind' | 'payment' | 'at'> & {
    readonly facts: PaymentRecorded['facts'] | ReversalEnded['facts'];
  },
): Promise<void> {
  const { kind, payment, at, facts } = given;
  const record = {
    batch: facts.batch,
    stan: facts.stan,
    state: facts.state,
    amount_fen: facts.amountFen,
    facts_json: JSON.stringify(facts),
    at,
  };
  await trx
    .insertInto('records')
    .values({ ...owner(from), kind, payment, ...record })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'kind', 'payment']).doUpdateSet(record))
    .execute();
}

/** Postings that a row from above caused. The money received that they take up is marked. */
async function planPosted(trx: HostTrx, from: TerminalRef, body: Posted): Promise<RowPlan> {
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
    },
  };
}

/** The terminal's own sums over a batch are not the host's: a difference like any other, nothing is accepted until it is decided. */
async function keepDifference(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: DifferenceFound,
): Promise<void> {
  const { batch, what, hereFen, thereFen } = body.facts;
  const account = `batch:${batch}:${what}`.slice(0, 200);
  await recordDifference(trx, from, row, { account, bookFen: hereFen, mirrorFen: thereFen }, host.clock.now());
}
