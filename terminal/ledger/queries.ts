import { type Database, perDatabase } from '../base/database.ts';
import { type Fen, fen, sumFen } from '../base/money.ts';
import { type Account, type AccountCode, chart, type Side } from './accounts.ts';
import { type Journal, type Line, maxLines } from './journal.ts';

/** Normal side − other side; zero for an account that was never used. */
export const balanceOf = (db: Database, account: string): Fen => fen(statements(db).balance.get(account)?.fen ?? 0);

/** Over all dimensions of a code, e.g. every `2001:…`. */
export const sumByCode = (db: Database, code: AccountCode): Fen =>
  // ';' follows ':' in ASCII: the range is the code itself and the code with dimensions.
  fen(statements(db).sum.get(code, `${code};`)?.fen ?? 0);

/** Where the merchant's money is (accounting.md §1). */
export interface Balances {
  /** 可用: may be settled now. */
  readonly availableFen: Fen;
  /** 冻结. */
  readonly frozenFen: Fen;
  /** 在途: settlements, splits, payouts, refunds under way. */
  readonly inTransitFen: Fen;
  /** 待分账. */
  readonly pendingSplitFen: Fen;
  /** 待清算: sold, not cleared. */
  readonly unclearedFen: Fen;
}

export const balances = (db: Database): Balances => ({
  availableFen: balanceOf(db, '2002'),
  frozenFen: sumByCode(db, '2004'),
  inTransitFen: sumFen((['2005', '2006', '2103', '2301', '2302'] as const).map((code) => sumByCode(db, code))),
  pendingSplitFen: sumByCode(db, '2003'),
  unclearedFen: sumByCode(db, '2001'),
});

/** Every code that has a balance: 试算平衡表. The sums of both sides are equal (P-02). */
export function trialBalance(db: Database): {
  readonly rows: readonly { readonly account: Account; readonly balanceFen: Fen }[];
  readonly debitFen: Fen;
  readonly creditFen: Fen;
} {
  const rows = chart
    .map((account) => ({ account, balanceFen: sumByCode(db, account.code) }))
    .filter((row) => row.balanceFen !== 0);
  const total = (side: Side) => sumFen(rows.filter((row) => row.account.side === side).map((row) => row.balanceFen));
  return { rows, debitFen: total('D'), creditFen: total('C') };
}

/** The journals that belong to a number, of a payment, refund, settlement …, in the order they were posted. */
export const journalsOf = (db: Database, no: string): readonly Journal[] =>
  statements(db)
    .journals.all(
      JSON.stringify(keyWords.flatMap((word) => [`${word}:${no}`, `rec:${word}:${no}`])),
      `frz:${no}:`,
      `frz:${no};`,
    )
    .map(({ id, ...journal }) => ({ ...journal, lines: linesOf(db, id) }));

/** The words before the number in the keys of what belongs to one payment, settlement, … */
const keyWords = [
  'sale',
  'clear',
  'void',
  'voided',
  'unvoid',
  'refund',
  'refunded',
  'unrefund',
  'unfrz',
  'cb',
  'fund',
  'settle',
  'settled',
  'unsettle',
  'settle-return',
  'diff',
  'undiff',
  'diff-lost',
  'diff-back',
] as const;

/** The lines of the journal with this id, in their order. */
export const linesOf = (db: Database, id: number): readonly Line[] =>
  statements(db).lines.all(id * maxLines, (id + 1) * maxLines);

interface JournalRow extends Omit<Journal, 'lines'> {
  readonly id: number;
}

/** Balances stand by side and account. */
const anySide = "side IN ('D', 'C')";

const statements = perDatabase((db) => ({
  balance: db.prepare<[string], { fen: number }>(
    `SELECT balance_fen AS fen FROM balance WHERE ${anySide} AND account = ?`,
  ),
  sum: db.prepare<[string, string], { fen: number | null }>(
    `SELECT sum(balance_fen) AS fen FROM balance WHERE ${anySide} AND account >= ? AND account < ?`,
  ),
  journals: db.prepare<[string, string, string], JournalRow>(
    // A freeze has a journal for each part of it: `frz:<no>:<n>`.
    `SELECT * FROM journal WHERE key IN (SELECT value FROM json_each(?)) OR key BETWEEN ? AND ?
      ORDER BY id`,
  ),
  lines: db.prepare<[number, number], Line>(
    'SELECT account, side, amount_fen AS amount FROM entry WHERE id >= ? AND id < ? ORDER BY id',
  ),
}));
