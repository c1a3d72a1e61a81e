import type { BillDifference, DifferenceExamined, DifferenceFound } from '../protocol/bills.ts';
import type { UpRow } from '../protocol/rows.ts';
import { findBatch } from './batches.ts';
import { broughtFen } from './bill-lines.ts';
import type { BillDifferenceTable } from './bill-tables.ts';
import { billedLine, sentVersions } from './bills.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import { recordDifference } from './differences.ts';
import { type Line, noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { mayDo } from './permissions.ts';
import type { RowPlan } from './row-plan.ts';
import { dayOf } from './second-opinion.ts';
import type { HostTrx } from './store.ts';

/** Differences that a terminal found: in a bill (J-80, J-81), or in the sums of a clearing. decide-bill-difference.ts has what becomes of those in a bill. */

export async function planDifferenceFound(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: DifferenceFound,
): Promise<RowPlan> {
  const { bill, batch, what, hereFen, thereFen } = body.facts;
  if (!bill) {
    return {
      expected: noEffects,
      apply: async () => {
        // Nothing is accepted until it is decided, as with any difference of the mirror.
        const account = `batch:${batch}:${what}`.slice(0, 200);
        await recordDifference(trx, from, row, { account, bookFen: hereFen, mirrorFen: thereFen }, host.clock.now());
        await keep(trx, from, {
          ...none,
          ...owner(from),
          no: body.no,
          at: body.at,
          batch: batch ?? '',
          here_fen: hereFen,
          there_fen: thereFen,
        });
      },
    };
  }
  const channel = `${receivableOf(bill.entry)}:${await dayFor(trx, from, body, bill)}`;
  const version = await billThatSays(trx, from, bill);
  return {
    expected: version === undefined ? noEffects : [suspense(body.no, channel, bill.deltaFen)],
    apply: () =>
      keep(trx, from, {
        ...none,
        ...owner(from),
        no: body.no,
        at: body.at,
        date: bill.date,
        version: version ?? 0,
        kind: bill.kind,
        payment: bill.payment,
        txn: bill.txn,
        batch: bill.batch,
        entry: bill.entry,
        here: bill.here,
        there: bill.there,
        here_fen: bill.hereFen,
        there_fen: bill.thereFen,
        delta_fen: bill.deltaFen,
        channel,
      }),
  };
}

/** J-80 for what the host has more, J-81 for what it has less. */
function suspense(no: string, channel: string, deltaFen: number): Line[] {
  if (deltaFen >= 0)
    return [
      [channel, 'D', deltaFen],
      [`2490:${no}`, 'C', deltaFen],
    ];
  return [
    [`1290:${no}`, 'D', -deltaFen],
    [channel, 'C', -deltaFen],
  ];
}

/** The business date of the batch, or the day of the bill where the terminal has no such batch. */
async function dayFor(trx: HostTrx, from: TerminalRef, body: DifferenceFound, bill: BillDifference): Promise<string> {
  const ofBatch = (await findBatch(trx, from, bill.batch))?.business_date ?? bill.date;
  return dayOf(body.journals) === bill.date ? bill.date : ofBatch;
}

/** The newest bill of that day that says what the terminal says that it says; undefined: none does. A newer one may be on its way already. */
async function billThatSays(trx: HostTrx, from: TerminalRef, bill: BillDifference): Promise<number | undefined> {
  const { date, payment, there, hereFen, thereFen, deltaFen } = bill;
  if (deltaFen !== thereFen - hereFen) return undefined;
  for (const version of await sentVersions(trx, from, date)) {
    const line = await billedLine(trx, { ...owner(from), date, version }, payment);
    if ((line?.state ?? '-') === there && (line ? broughtFen(line) : 0) === thereFen) return version;
  }
  return undefined;
}

const none: Omit<BillDifferenceTable, 'merchant' | 'terminal' | 'no' | 'at'> = {
  date: '',
  version: 0,
  kind: 'clearing',
  payment: '',
  txn: '',
  batch: '',
  entry: null,
  here: '',
  there: '',
  here_fen: 0,
  there_fen: 0,
  delta_fen: 0,
  channel: '',
  state: 'FOUND',
  posted: 0,
  finding: null,
  finding_text: '',
  decision: null,
  reason: '',
  proposed_by: null,
  approved_by: null,
  decided_at: null,
};

async function keep(trx: HostTrx, from: TerminalRef, difference: BillDifferenceTable): Promise<void> {
  await trx
    .insertInto('bill_differences')
    .values({ ...difference, ...owner(from) })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'no']).doNothing())
    .execute();
}

export async function findDifference(
  trx: HostTrx,
  of: TerminalRef,
  no: string,
): Promise<BillDifferenceTable | undefined> {
  return trx
    .selectFrom('bill_differences')
    .selectAll()
    .where((eb) => eb.and({ ...owner(of), no }))
    .executeTakeFirst();
}

export async function setDifference(
  trx: HostTrx,
  of: TerminalRef,
  no: string,
  change: Partial<Omit<BillDifferenceTable, 'merchant' | 'terminal' | 'no'>>,
): Promise<void> {
  await trx
    .updateTable('bill_differences')
    .set(change)
    .where((eb) => eb.and({ ...owner(of), no }))
    .execute();
}

/**
 * What the merchant's operator finds is noted for whoever decides. The terminal itself says that it is gone: a newer bill, or a later clearing, does not show it any more; then
 * the suspense is undone (J-82). Or it says that a decision can not be booked: then it is decided anew.
 */
export async function planExamined(
  trx: HostTrx,
  from: TerminalRef,
  { by, facts }: DifferenceExamined,
): Promise<RowPlan> {
  const { difference: no, finding, text } = facts;
  const difference = await findDifference(trx, from, no);
  if (!difference) throw new HostReject('DIFFERENCE_UNKNOWN');
  if (!(await mayDo(trx, from.merchant, by, 'examine'))) throw new HostReject('FORBIDDEN');
  const found = { finding, finding_text: text };
  const isGone = by === 'SYS' && finding === 'explained' && (await mayGo(trx, from, difference));
  const change = isGone ? ({ state: 'GONE' } as const) : by === 'SYS' ? reopened(difference, finding) : {};
  return {
    expected: isGone ? [undone(difference)] : noEffects,
    apply: () => setDifference(trx, from, no, { ...found, ...change }),
  };
}

/** A decision that had to wait can not be booked any more. */
function reopened({ state, posted }: BillDifferenceTable, finding: DifferenceExamined['facts']['finding']) {
  const isBack = finding === 'investigating' && state === 'DECIDED' && posted === 0;
  return isBack ? ({ state: 'FOUND', decision: null } as const) : {};
}

/** What was decided in the meantime is refused there: it has gone before. */
async function mayGo(trx: HostTrx, from: TerminalRef, difference: BillDifferenceTable): Promise<boolean> {
  const { kind, state, posted, date, version } = difference;
  if (state === 'GONE' || posted === 1) return false;
  return kind === 'clearing' || ((await sentVersions(trx, from, date))[0] ?? 0) > version;
}

/** The suspense is taken back. */
export const undone = ({ no, channel, delta_fen: fen }: BillDifferenceTable): Line[] =>
  suspense(no, channel, fen).map(([account, side, amount]) => [account, side === 'D' ? 'C' : 'D', amount]);
