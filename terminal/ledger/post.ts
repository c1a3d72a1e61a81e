import { assert, present } from '../base/assert.ts';
import { perDatabase, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { type Account, accountOf, type Side } from './accounts.ts';
import { type Journal, maxLines } from './journal.ts';
import { linesOf } from './queries.ts';

/**
 * Writes a journal and moves the balances. Idempotent by key: the same content again is `already`, other content IDEMPOTENCY_CONFLICT.
 * Throws INSUFFICIENT_BALANCE when the merchant's available balance does not cover it; every other overdraft, an unbalanced journal and an
 * unknown account are bugs (P-01, P-03, P-05). Nothing was written when it throws.
 */
export function post(tx: Tx, journal: Journal): 'posted' | 'already' {
  const moves = movesOf(journal);
  const sql = statements(tx.db);
  // What was posted before must not be held against the balance of now; where nothing is taken, the insert finds it.
  if (moves.some(needsCover)) {
    const known = sql.find.get(journal.key);
    if (known) return already(tx, journal, known);
    for (const move of moves) checkCover(tx, move);
  }
  const id = (sql.last.get() ?? 0) + 1;
  const { changes } = sql.journal.run(journal.key, id, journal.event, journal.no, journal.at, journal.by);
  if (changes === 0) return already(tx, journal, present(sql.find.get(journal.key), 'the journal of this key'));
  writeEntries(tx, id, journal);
  for (const move of moves) moveBalance(tx, move);
  return 'posted';
}

/** What a journal does to one account, on its normal side. */
interface Move {
  readonly key: string;
  readonly account: Account;
  deltaFen: number;
}

/** One move for each account: netted, so lines that increase it count before lines that decrease it (accounting.md §1). */
function movesOf(journal: Journal): readonly Move[] {
  const { lines } = journal;
  assert(lines.length >= 2 && lines.length <= maxLines, 'a journal has 2 to 64 lines');
  const moves: Move[] = [];
  let sumFen = 0;
  for (const { account: key, side, amount } of lines) {
    assert(side === 'D' || side === 'C', 'a line is a debit or a credit');
    assert(Number.isSafeInteger(amount) && amount > 0, 'a line has a positive amount');
    sumFen += side === 'D' ? amount : -amount;
    const account = accountOf(key);
    const deltaFen = side === account.side ? amount : -amount;
    const known = moves.find((move) => move.key === key);
    if (known) known.deltaFen += deltaFen;
    else moves.push({ key, account, deltaFen });
  }
  assert(sumFen === 0, 'debits equal credits');
  return moves;
}

const needsCover = ({ account, deltaFen }: Move): boolean => deltaFen < 0 && !account.mayBeNegative;

function checkCover(tx: Tx, move: Move): void {
  const { key, account, deltaFen } = move;
  if (!needsCover(move)) return;
  const balanceFen = statements(tx.db).balance.get(account.side, key)?.balanceFen ?? 0;
  if (balanceFen + deltaFen >= 0) return;
  assert(account.code === '2002', 'only the available balance can be asked for too much');
  throw new TerminalError('INSUFFICIENT_BALANCE', { limit: formatYuan(balanceFen), value: formatYuan(-deltaFen) });
}

function moveBalance(tx: Tx, { key, account, deltaFen }: Move): void {
  const sql = statements(tx.db);
  if (deltaFen > 0 || account.mayBeNegative) sql.add.run(key, account.side, account.mayBeNegative ? 1 : 0, deltaFen);
  else sql.take.run(-deltaFen, account.side, key);
  if (deltaFen < 0 && account.dimensions.length > 0) sql.forget.run(account.side, key);
}

function writeEntries(tx: Tx, id: number, journal: Journal): void {
  const { entry } = statements(tx.db);
  let place = id * maxLines;
  for (const line of journal.lines) entry.run(place++, line.account, line.side, line.amount);
}

/** The journal of this key was posted before: the same content (who and when aside) or another? */
function already(tx: Tx, journal: Journal, old: Known): 'already' {
  const lines = linesOf(tx.db, old.id);
  const same =
    old.event === journal.event &&
    old.no === journal.no &&
    lines.length === journal.lines.length &&
    journal.lines.every((line, index) => {
      const before = lines[index];
      return before?.account === line.account && before.side === line.side && before.amount === line.amount;
    });
  if (!same) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: journal.key });
  return 'already';
}

interface Known {
  readonly id: number;
  readonly event: string;
  readonly no: string;
}

const statements = perDatabase((db) => ({
  find: db.prepare<[string], Known>('SELECT id, event, no FROM journal WHERE key = ?'),
  last: db.prepare<[], number | null>(`SELECT max(id) / ${maxLines} FROM entry`).pluck(),
  journal: db.prepare(
    'INSERT INTO journal (key, id, event, no, at, by) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
  ),
  entry: db.prepare('INSERT INTO entry VALUES (?, ?, ?, ?)'),
  balance: db.prepare<[Side, string], { balanceFen: number }>(
    'SELECT balance_fen AS balanceFen FROM balance WHERE side = ? AND account = ?',
  ),
  add: db.prepare(`INSERT INTO balance VALUES (?, ?, ?, ?)
    ON CONFLICT (side, account) DO UPDATE SET balance_fen = balance_fen + excluded.balance_fen`),
  // Not the upsert: its CHECK would see the amount taken instead of the balance left.
  take: db.prepare('UPDATE balance SET balance_fen = balance_fen - ? WHERE side = ? AND account = ?'),
  // What is kept for each payment or settlement is over at zero; its row goes, so that the table stays as small as what is open.
  forget: db.prepare('DELETE FROM balance WHERE side = ? AND account = ? AND balance_fen = 0'),
}));
