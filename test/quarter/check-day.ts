import { expect } from 'vitest';
import { checkAtRest, checkInFlight } from '../../scripts/storm/check-books.ts';
import { fen } from '../../terminal/base/money.ts';
import { refusal } from '../support/refusal.ts';
import { clearingDay, nextDay } from './calendar.ts';
import { writtenBy } from './counter.ts';
import { owner, type Shop } from './shop.ts';

/** What holds after every day. */

/** At any moment: P-01 to P-05, P-07 to P-09, P-26 journal by journal, and what else scripts/storm knows. */
export function checkMoment({ system, states }: Shop): void {
  expect([...checkInFlight(system.db, system.host.file), ...states.problems()]).toEqual([]);
  expect(system.bugs).toEqual([]);
}

/** When the day has ended: nothing is under way but what the bank has not decided, and that is held, whole (P-25). */
export async function checkNight(shop: Shop): Promise<void> {
  const { system, states } = shop;
  await system.atRest();
  const open = openSettlements(shop);
  const undecided = open.map(({ no, state }) => `undecided: settlement ${no} is ${state}`);
  const problems = checkAtRest(system.db, system.host.file).filter((problem) => !undecided.includes(problem));
  expect([...problems, ...states.problems()]).toEqual([]);
  expect(system.bugs).toEqual([]);
  for (const { no, heldFen, wantedFen } of open) expect({ no, fen: heldFen }).toEqual({ no, fen: wantedFen });
}

const openSettlements = (shop: Shop) =>
  shop.rows<{ no: string; state: string; wantedFen: number; heldFen: number | null }>(
    `SELECT no, state, amount_fen AS wantedFen, (SELECT balance_fen FROM balance WHERE account = '2005:' || no) AS heldFen
     FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING')`,
  );

/** B-025, B-026: every code has cleared, and of the cards those whose next business day has come. */
export function checkArrival(shop: Shop, today: string): void {
  const wrong = shop
    .rows<{ no: string; txn: string; cleared: number; day: string }>(
      `SELECT p.no, p.txn, p.cleared, b.business_date AS day FROM payment p JOIN batch b ON b.no = p.batch
       WHERE p.txn IN ('sale', 'code-sale') AND p.state IN ('PAID', 'CLEARED')`,
    )
    .filter(({ txn, cleared, day }) => (cleared === 1) !== (txn === 'code-sale' || clearingDay(day) <= today));
  expect(wrong).toEqual([]);
}

/** P-06: more than there is. */
export async function checkRefusal(shop: Shop): Promise<void> {
  const { desk } = shop;
  const { balances, account } = desk.home(owner);
  const seenAvailableFen = balances.availableFen;
  const [amountFen, accountVersion] = [fen(seenAvailableFen + 1), account?.version ?? 0];
  const before = writtenBy(shop);
  const key = `too much ${shop.clock.now()}`;
  const code = await refusal(() => desk.settle(owner, { amountFen, seenAvailableFen, accountVersion, key }));
  expect(['INSUFFICIENT_BALANCE', 'SETTLE_ACCOUNT_ERRORED']).toContain(code);
  expect(writtenBy(shop)).toEqual({ moved: before.moved, refused: before.refused + 1 });
}

interface Head {
  readonly date: string;
  readonly openingFen: number;
  readonly inFen: number;
  readonly outFen: number;
  readonly closingFen: number;
  readonly sha256: string;
}

const headsOf = (shop: Shop): readonly Head[] =>
  shop.rows<Head>(
    `SELECT date, opening_fen AS openingFen, in_fen AS inFen, out_fen AS outFen, closing_fen AS closingFen, sha256
     FROM statement ORDER BY date`,
  );

/** P-31, B-036: each day once, from the first on; it goes on from the day before and ends with what the ledger had at 24:00; no statement ever changes. */
export class Statements {
  #seen: readonly Head[] = [];

  check(shop: Shop, first: string, yesterday: string): void {
    const heads = headsOf(shop);
    expect(heads.slice(0, this.#seen.length)).toEqual(this.#seen);
    let [day, closingFen] = [first, 0];
    for (const head of heads) {
      expect(head).toMatchObject({
        date: day,
        openingFen: closingFen,
        closingFen: closingFen + head.inFen - head.outFen,
      });
      [day, closingFen] = [nextDay(day), head.closingFen];
    }
    expect(heads.at(-1)?.date).toBe(yesterday);
    for (const { date, closingFen: atEndFen } of heads.slice(this.#seen.length))
      expect({ date, fen: atEndFen }).toEqual({
        date,
        fen: availableAt(shop, Date.parse(`${nextDay(date)}T00:00:00+08:00`)),
      });
    this.#seen = heads;
  }
}

/** 2002 by the journals before that moment. */
const availableAt = ({ system }: Shop, ms: number): number =>
  system.count(
    `SELECT coalesce(sum(iif(side = 'C', e.amount_fen, -e.amount_fen)), 0) FROM journal j
       JOIN entry e ON e.id >= j.id * 64 AND e.id < (j.id + 1) * 64 WHERE e.account = '2002' AND j.at < CAST(? AS INTEGER)`,
    String(ms),
  );

/** B-032: the newest bill of that day says what the book says, line by line. */
export function checkBill(shop: Shop, day: string): void {
  const run = shop.one(
    'SELECT state, rows, matched, differences, waiting FROM bill_run WHERE date = ? ORDER BY version DESC LIMIT 1',
    day,
  );
  const from = Date.parse(`${day}T00:00:00+08:00`);
  const rows = shop.system.count(
    `SELECT (SELECT count(*) FROM payment WHERE txn IN ('sale', 'code-sale') AND state NOT IN ('FAILED', 'REVERSED') AND created_at >= @from AND created_at < @to)
       + (SELECT count(*) FROM refund WHERE state = 'SUCCESS' AND requested_at >= @from AND requested_at < @to)`
      .replaceAll('@from', String(from))
      .replaceAll('@to', String(from + 86_400_000)),
  );
  expect({ day, ...(run as object) }).toEqual({
    day,
    state: 'BALANCED',
    rows,
    matched: rows,
    differences: 0,
    waiting: 0,
  });
}
