import type { BatchTotalsRow, BatchVerdict, Verdict } from '../protocol/batch.ts';
import type { GroupTotals } from '../protocol/common.ts';
import type { UpRow } from '../protocol/rows.ts';
import { findBatch, hostTotals, setBatch, zeroTotals } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { at } from './crash-points.ts';
import { recordDifference } from './differences.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { mirrorBalances } from './mirror.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

export const verdictsOf = (same: (group: 'domestic' | 'foreign' | 'codes') => Verdict): BatchVerdict['verdicts'] => ({
  domestic: same('domestic'),
  foreign: same('foreign'),
  codes: same('codes'),
});

/**
 * `batch-totals`: compares, once, what the terminal says with what the host itself approved, and sends the verdict for each group.
 * A batch that was compared before is not compared again; a batch that the host does not know gets 3, a human must look.
 */
export async function planTotals(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: BatchTotalsRow,
): Promise<RowPlan> {
  const batch = await findBatch(trx, from, body.facts.batch);
  if (!batch) return { expected: noEffects, apply: () => sayUnknown(host, trx, from, row, body) };
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

async function compare(host: Host, trx: HostTrx, from: TerminalRef, body: BatchTotalsRow): Promise<void> {
  const { batch, totals, businessDate } = body.facts;
  const own = await hostTotals(trx, from, batch);
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

async function sayUnknown(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: BatchTotalsRow,
): Promise<void> {
  const { batch } = body.facts;
  host.log('warn', 'host.totals-of-unknown-batch', { ...owner(from), batch });
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
