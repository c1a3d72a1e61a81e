import * as v from 'valibot';
import {
  type BatchTotalsRow,
  type BatchVerdict,
  batchTotalsRow,
  batchVerdict,
  type Verdict,
} from '../protocol/batch.ts';
import { batchTotals, type GroupTotals } from '../protocol/common.ts';
import type { UpRow } from '../protocol/rows.ts';
import { findBatch, hostTotals, setBatch, zeroTotals } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { at } from './crash-points.ts';
import { recordDifference } from './differences.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { mirrorBalances } from './mirror.ts';
import { endOrdersOf } from './order-life.ts';
import { readParameters } from './parameters.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';
import { streamOf } from './stream-store.ts';

export const verdictsOf = (same: (group: 'domestic' | 'foreign' | 'codes') => Verdict): BatchVerdict['verdicts'] => ({
  domestic: same('domestic'),
  foreign: same('foreign'),
  codes: same('codes'),
});

/**
 * `batch-totals`: compares, once, what the terminal says with what the host itself approved, and sends the verdict for each group.
 * A batch that was compared before is not compared again; a batch that the host does not know gets 3, a human must look (decideBatch).
 */
export async function planTotals(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: BatchTotalsRow,
): Promise<RowPlan> {
  const batch = await findBatch(trx, from, body.facts.batch);
  const inError = host.faults.take('verdict-error') !== null;
  if (!batch || inError) return { expected: noEffects, apply: () => sayError(host, trx, from, row, body) };
  if (batch.state !== 'OPEN') return { expected: noEffects, apply: async () => {} };
  return {
    expected: noEffects,
    apply: async () => {
      if (batch.business_date !== null && batch.business_date !== body.facts.businessDate) {
        await disputeDay(host, trx, from, row, body);
      }
      await compare(host, trx, from, body);
      at('host.verdict-before-commit');
    },
  };
}

/**
 * A person's decision on a batch that ended in error: it is compared now, with the totals that the terminal sent; the host takes it as a batch of this terminal if it
 * did not know it. One that was compared without an error gets its verdict again. The terminal goes on when a supervisor there says so too.
 * NOT_FOUND before its totals came; ILLEGAL_STATE when it is closed.
 */
export async function decideBatch(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  no: string,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const body = await totalsOf(trx, from, no);
  if (!body) return 'NOT_FOUND';
  const batch = await findBatch(trx, from, no);
  if (batch?.state === 'CLOSED' || batch?.state === 'CLEARED') return 'ILLEGAL_STATE';
  if (!batch) {
    const now = host.clock.now();
    await trx
      .insertInto('batches')
      .values({ ...owner(from), batch: no, state: 'OPEN', opened_at: now })
      .execute();
  }
  if (batch?.state === 'COMPARED') {
    const verdicts = v.parse(batchVerdict.entries.verdicts, JSON.parse(batch.verdicts_json ?? 'null'));
    const hostTotals = v.parse(batchTotals, JSON.parse(batch.host_totals_json ?? 'null'));
    const at = host.clock.now();
    const id = `verdict:${no}:again:${at}`;
    await sendDown(trx, from, { kind: 'batch-verdict', id, body: { no: id, at, batch: no, verdicts, hostTotals } });
  } else await compare(host, trx, from, body);
  return 'done';
}

/** As they came up, in whatever epoch. */
async function totalsOf(trx: HostTrx, from: TerminalRef, batch: string): Promise<BatchTotalsRow | undefined> {
  const stream = await streamOf(trx, from);
  const rows = await trx
    .selectFrom('inbox')
    .select('body')
    .where((eb) => eb.and({ stream: stream.id, kind: 'batch-totals', state: 'applied' }))
    .execute();
  return rows.map(({ body }) => v.parse(batchTotalsRow, JSON.parse(body))).findLast((row) => row.facts.batch === batch);
}

async function compare(host: Host, trx: HostTrx, from: TerminalRef, body: BatchTotalsRow): Promise<void> {
  const { batch, totals, businessDate } = body.facts;
  await endOrdersOf(host, trx, from, batch);
  const { profile } = await readParameters(trx, from.merchant);
  const own = await hostTotals(trx, from, batch, profile);
  const verdicts = verdictsOf((group) => (equal(own[group], totals[group]) ? 1 : 2));
  const now = host.clock.now();
  await setBatch(trx, from, batch, {
    state: 'COMPARED',
    business_date: businessDate,
    verdicts_json: JSON.stringify(verdicts),
    host_totals_json: JSON.stringify(own),
    terminal_totals_json: JSON.stringify(totals),
    compared_at: now,
  });
  const no = `verdict:${batch}`;
  await sendDown(trx, from, {
    kind: 'batch-verdict',
    id: no,
    body: { no, at: now, batch, verdicts, hostTotals: own },
  });
}

function equal(a: GroupTotals, b: GroupTotals): boolean {
  return (
    a.debitCount === b.debitCount &&
    a.debitFen === b.debitFen &&
    a.creditCount === b.creditCount &&
    a.creditFen === b.creditFen
  );
}

async function sayError(host: Host, trx: HostTrx, from: TerminalRef, row: UpRow, body: BatchTotalsRow): Promise<void> {
  const { batch } = body.facts;
  host.log('warn', 'host.totals-in-error', { ...owner(from), batch });
  const no = `verdict:${batch}:${row.seq}`;
  await sendDown(trx, from, {
    kind: 'batch-verdict',
    id: no,
    body: { no, at: host.clock.now(), batch, verdicts: verdictsOf(() => 3), hostTotals: zeroTotals },
  });
}

/** The totals name another business day than the journals of the batch were booked on. */
async function disputeDay(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: BatchTotalsRow,
): Promise<void> {
  const { domestic, foreign } = body.facts.totals;
  const account = `1101:${body.facts.businessDate}`;
  const mirrorFen = (await mirrorBalances(trx, from, [account])).get(account) ?? 0;
  const bookFen = domestic.debitFen + foreign.debitFen;
  await recordDifference(trx, from, row, { account, bookFen, mirrorFen }, host.clock.now());
}
