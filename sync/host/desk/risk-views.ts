import { mostRows, newestOf } from '../report-rows.ts';
import type { HostTrx } from '../store.ts';
import { listOf } from './listed.ts';

/** Refunds that somebody decides, and what upstream freezes and takes back. */

export async function refundsView(trx: HostTrx, merchant: string) {
  const found = await listOf(trx, merchant, 'refunds');
  const rows = found.map((row) => ({
    terminal: row.terminal,
    no: row.no,
    at: row.at,
    payment: row.payment,
    saleTerminal: row.origin_terminal,
    batch: row.batch,
    amountFen: row.amount_fen,
    feeFen: row.fee_fen,
    state: row.state,
    reason: row.reason,
    decidedBy: row.decided_by,
    may: row.state === 'PROCESSING' ? ['succeeded', 'failed'] : [],
    waits: row.waits,
  }));
  return { rows };
}

/** Freezes and charge-backs together, the newest first. */
export async function riskView(trx: HostTrx, merchant: string) {
  const freezes = await newestOf(trx, merchant, 'freezes', 'at');
  const chargeBacks = await newestOf(trx, merchant, 'charge_backs', 'at');
  const frozen = freezes.map(({ terminal, no, payment, amount_fen: amountFen, state, ending, at }) => ({
    kind: 'freeze',
    terminal,
    no,
    payment,
    amountFen,
    state: state !== 'ENDED' && ending === 1 ? 'ENDING' : state,
    at,
  }));
  const takenBack = chargeBacks.map(({ terminal, no, payment, amount_fen: amountFen, posted, at }) => ({
    kind: 'charge-back',
    terminal,
    no,
    payment,
    amountFen,
    state: posted === 1 ? 'DONE' : 'SENT',
    at,
  }));
  return { rows: [...frozen, ...takenBack].toSorted((a, b) => b.at - a.at).slice(0, mostRows) };
}
