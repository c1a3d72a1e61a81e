import type { ChargeBack, Freeze, Unfreeze } from '../../sync/protocol/risk.ts';
import { audit } from '../base/audit.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen, subtractFen, zeroFen } from '../base/money.ts';
import { dropRest, freezeAvailable, frozenFen } from '../ledger/freezes.ts';
import type { Deed, Journal } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { balanceOf } from '../ledger/queries.ts';
import { chargedBack, unfrozen } from '../ledger/risk-journals.ts';
import { getPayment } from './store.ts';

/**
 * What upstream holds back of a payment and takes back (accounting.md J-09 to J-11; states.md 21). Each is a fact, applied in the transaction that
 * records its row; returned are the journals that it caused. FLAGGED: the payment has not cleared, its J-03 will hold the money.
 */
export interface FreezeRow {
  readonly no: string;
  readonly payment: string;
  readonly state: 'FLAGGED' | 'FROZEN' | 'RELEASED' | 'CONFISCATED';
  readonly amountFen: Fen;
}

const columns = 'no, payment, state, amount_fen AS amountFen';

const statements = perDatabase((db) => ({
  insert: db.prepare('INSERT INTO freeze (no, payment, state, amount_fen, reason, at) VALUES (?, ?, ?, ?, ?, ?)'),
  end: db.prepare('UPDATE freeze SET state = ?, ended_at = ? WHERE no = ?'),
  held: db.prepare("UPDATE freeze SET state = 'FROZEN' WHERE no = ?"),
  byNo: db.prepare<[string], FreezeRow>(`SELECT ${columns} FROM freeze WHERE no = ?`),
  live: db.prepare<[string], FreezeRow>(
    `SELECT ${columns} FROM freeze WHERE payment = ? AND state IN ('FLAGGED','FROZEN') ORDER BY no LIMIT 1`,
  ),
  insertChargeBack: db.prepare('INSERT INTO charge_back VALUES (?, ?, ?, ?, ?, ?)'),
  chargeBack: db.prepare<[string], { no: string }>('SELECT no FROM charge_back WHERE no = ?'),
  chargedBack: db.prepare<[string], { fen: number }>(
    'SELECT coalesce(sum(amount_fen), 0) AS fen FROM charge_back WHERE payment = ?',
  ),
}));

/** The freeze of a payment that has not ended: void and refund of it are refused. */
export const liveFreezeOf = (db: Database, payment: string): FreezeRow | undefined => statements(db).live.get(payment);

/** Whether or not it has ended. */
export const freezeByNo = (db: Database, no: string): FreezeRow | undefined => statements(db).byNo.get(no);

/** RISK_BLOCKED while upstream holds the money of this payment. */
export function requireNotFrozen(db: Database, payment: string): void {
  const freeze = liveFreezeOf(db, payment);
  if (freeze) throw new TerminalError('RISK_BLOCKED', { no: freeze.no });
}

/** ΣC: what charge-backs took of a payment. */
export const chargedBackOf = (db: Database, payment: string): Fen =>
  fen(statements(db).chargedBack.get(payment)?.fen ?? 0);

/** What the J-03 of a payment that is posted now holds, from now on. */
export function takeHold(tx: Tx, payment: string): { readonly freeze: string; readonly amountFen: Fen } | undefined {
  const freeze = liveFreezeOf(tx.db, payment);
  if (freeze?.state !== 'FLAGGED') return undefined;
  statements(tx.db).held.run(freeze.no);
  return { freeze: freeze.no, amountFen: freeze.amountFen };
}

/** J-09, or the flag: of what has not cleared here, and of what is not known here, whose J-03 has still to come. */
export function applyFreeze(tx: Tx, atMs: number, news: Freeze): readonly Journal[] {
  if (statements(tx.db).byNo.get(news.no)) return [];
  const payment = getPayment(tx.db, news.payment);
  const cleared = payment?.cleared === true;
  const { no, amountFen, reason } = news;
  statements(tx.db).insert.run(no, news.payment, cleared ? 'FROZEN' : 'FLAGGED', amountFen, reason, atMs);
  told(tx, atMs, 'freeze', news, { amountFen, reason });
  return cleared && amountFen > 0 ? freezeAvailable(tx, no, fen(amountFen), sys(atMs)) : [];
}

/** J-10; flag and rest lapse. */
export function applyUnfreeze(tx: Tx, atMs: number, news: Unfreeze): readonly Journal[] {
  const freeze = statements(tx.db).byNo.get(news.no);
  if (!freeze) throw new TerminalError('NOT_FOUND', { what: 'freeze', no: news.no });
  if (!isLive(freeze)) return [];
  told(tx, atMs, 'unfreeze', news, { reason: news.reason });
  return end(tx, atMs, freeze.no, 'RELEASED');
}

/** J-11, then J-10 for what the freeze still holds. */
export function applyChargeBack(tx: Tx, atMs: number, news: ChargeBack): readonly Journal[] {
  const { no, payment, freeze, reason } = news;
  if (statements(tx.db).chargeBack.get(no)) return [];
  const amountFen = fen(news.amountFen);
  statements(tx.db).insertChargeBack.run(no, payment, freeze, amountFen, reason, atMs);
  const fromFrozenFen = least(amountFen, freeze === null ? zeroFen : frozenFen(tx, freeze));
  const fromAvailableFen = least(subtractFen(amountFen, fromFrozenFen), balanceOf(tx.db, '2002'));
  const owedFen = subtractFen(subtractFen(amountFen, fromFrozenFen), fromAvailableFen);
  const parts = { fromFrozenFen, fromAvailableFen, owedFen };
  const lost = chargedBack({ no, receivable: news.account, date: news.date, freeze, ...parts }, sys(atMs));
  told(tx, atMs, 'charge-back', news, { amountFen, reason });
  const journals = postAll(tx, [lost]);
  return freeze === null ? journals : [...journals, ...end(tx, atMs, freeze, 'CONFISCATED')];
}

function end(tx: Tx, atMs: number, freeze: string, as: 'RELEASED' | 'CONFISCATED'): readonly Journal[] {
  statements(tx.db).end.run(as, atMs, freeze);
  dropRest(tx, freeze);
  const heldFen = frozenFen(tx, freeze);
  return heldFen > 0 ? postAll(tx, [unfrozen(freeze, heldFen, sys(atMs))]) : [];
}

const isLive = ({ state }: FreezeRow): boolean => state === 'FLAGGED' || state === 'FROZEN';
const least = (a: Fen, b: Fen): Fen => (a < b ? a : b);
const sys = (atMs: number): Deed => ({ at: atMs, by: 'SYS' });

function told(
  tx: Tx,
  atMs: number,
  action: string,
  news: { readonly no: string; readonly payment: string },
  details: { readonly amountFen?: number; readonly reason: string },
): void {
  const about = news.payment;
  audit(tx, { at: atMs, by: 'SYS', action, about, outcome: 'ok', details: { no: news.no, ...details } });
}
