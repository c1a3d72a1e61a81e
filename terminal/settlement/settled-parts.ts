import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { type Fen, fen, subtractFen } from '../base/money.ts';
import { setSetting, setting } from '../base/settings.ts';
import type { Steps } from '../base/steps.ts';
import { maxLines } from '../ledger/journal.ts';
import { availableMovements, creditOf, endOfBook, type Movement } from '../ledger/movements.ts';
import { balanceOf } from '../ledger/queries.ts';

/**
 * Which money is in which settlement (B-012). The movements of 2002 but settlements themselves stand in a row, in the order of posting. AUTO and MANUAL take from the front of the
 * row: all of it where they take the whole balance, else up to the place where its sum passes the amount for good, and the movement at that place is divided. REALTIME takes the very
 * credits that it is for, out of the row. What comes back (J-22, J-23) stands in the row as what was in that settlement. So each fen of a payment is in one settlement that was paid or
 * is on its way, and whole payments are in one wherever balances are settled whole. Nothing is written for a sale, and two places for a settlement.
 */
export interface Part {
  /** `2001:<payment>`, `2302:<refund or void>`, `2004:<freeze>`; empty: what belongs to none of them, such as the recovery of a debt. */
  readonly of: string;
  readonly fen: Fen;
}

/** A place in the row: in front of it everything is settled, and of the movement there so much. */
interface Place {
  readonly entry: number;
  readonly takenFen: number;
}

interface Places {
  /** Null: nothing of it is from the front of the row. */
  readonly fromEntry: number | null;
  readonly fromTakenFen: number;
  readonly toEntry: number;
  readonly toTakenFen: number;
  readonly serviceFeeFen: number;
}

/** What of a movement lies between two places. */
interface Stretch {
  readonly movement: Movement;
  readonly skippedFen: number;
  readonly fen: Fen;
}

interface Credit {
  readonly entry: number;
  readonly fen: number;
}

const statements = perDatabase((db) => ({
  keep: db.prepare(
    'UPDATE settlement SET from_entry = ?, from_taken_fen = ?, to_entry = ?, to_taken_fen = ? WHERE no = ?',
  ),
  places: db.prepare<
    [string],
    Places
  >(`SELECT from_entry AS fromEntry, from_taken_fen AS fromTakenFen, to_entry AS toEntry,
    to_taken_fen AS toTakenFen, service_fee_fen AS serviceFeeFen FROM settlement WHERE no = ?`),
  returned: db
    .prepare<[number], string>(
      `SELECT s.no FROM settlement s JOIN journal j ON j.key = 'settle-return:' || s.no WHERE s.state = 'RETURNED' AND j.id = ?`,
    )
    .pluck(),
  note: db.prepare('INSERT INTO realtime_credit (entry, fen) VALUES (?, ?) ON CONFLICT (entry) DO NOTHING'),
  due: db.prepare<[], Credit>('SELECT entry, fen FROM realtime_credit WHERE settlement IS NULL ORDER BY entry'),
  drop: db.prepare('DELETE FROM realtime_credit WHERE settlement IS NULL'),
  give: db.prepare('INSERT INTO realtime_credit (entry, fen, settlement) VALUES (?, ?, ?)'),
  given: db.prepare<[string, number, number], Credit>(
    'SELECT entry, fen FROM realtime_credit WHERE settlement = ? AND entry > ? ORDER BY entry LIMIT ?',
  ),
  takenOut: db.prepare<[number, number], Credit>(
    'SELECT entry, fen FROM realtime_credit WHERE entry >= ? AND entry < ? AND settlement IS NOT NULL',
  ),
}));

const name = 'settled-to';

function begin(db: Database): Place {
  const [entry = 0, takenFen = 0] = (setting(db, name) ?? '0:0').split(':').map(Number);
  return { entry, takenFen };
}

/** Before J-20 of an AUTO or MANUAL settlement: what is at the front of the row is in it. The settlement's row is there. */
export const takeFront = (tx: Tx, no: string, amountFen: Fen): void =>
  takeOfRow(tx, no, amountFen, balanceOf(tx.db, '2002'));

/** `rowFen`: all that stands in the row. */
function takeOfRow(tx: Tx, no: string, amountFen: number, rowFen: number): void {
  const from = begin(tx.db);
  const to = amountFen === rowFen ? endOf(tx.db) : placeOf(tx.db, from, amountFen, rowFen);
  statements(tx.db).keep.run(from.entry, from.takenFen, to.entry, to.takenFen, no);
  moveTo(tx, to);
}

const moveTo = (tx: Tx, { entry, takenFen }: Place): void => setSetting(tx, name, `${entry}:${takenFen}`);
const endOf = (db: Database): Place => ({ entry: endOfBook(db), takenFen: 0 });

/** Where the sum of the row from `from` on passes `amountFen` the last time. Looked for from the end, behind which mostly little is left. */
function placeOf(db: Database, from: Place, amountFen: number, rowFen: number): Place {
  const ends = { from, to: endOf(db) };
  let sumFen = rowFen;
  for (let before = ends.to.entry; before > from.entry; before -= page) {
    const some = stretches(db, Math.max(from.entry, before - page), before, ends);
    for (const { movement, fen: movedFen } of some.toReversed()) {
      const { entry } = movement;
      const restFen = amountFen - (sumFen - movedFen);
      if (restFen > 0 && movedFen >= restFen)
        return { entry, takenFen: restFen + (entry === from.entry ? from.takenFen : 0) };
      sumFen -= movedFen;
    }
  }
  return ends.to;
}

/** Entries that are read at once: some hundred journals. */
const page = 500 * maxLines;

interface Ends {
  readonly from: Place;
  readonly to: Place;
}

/** The movements between two entries, each with what of it lies between the two places; without settlements, and without what was taken out of the row. */
function stretches(db: Database, first: number, before: number, { from, to }: Ends): readonly Stretch[] {
  const out = new Map(
    statements(db)
      .takenOut.all(first, before)
      .map((credit) => [credit.entry, credit.fen]),
  );
  return availableMovements(db, first, before)
    .filter((movement) => !isRequest(movement))
    .map((movement) => {
      const skippedFen = (out.get(movement.entry) ?? 0) + (movement.entry === from.entry ? from.takenFen : 0);
      const endFen = movement.entry === to.entry ? (out.get(movement.entry) ?? 0) + to.takenFen : movement.fen;
      return { movement, skippedFen, fen: fen(endFen - skippedFen) };
    });
}

/** J-20. */
const isRequest = ({ about, fen: movedFen }: Movement): boolean => about?.startsWith('2005:') === true && movedFen < 0;

/**
 * What of each payment, refund, freeze is in this settlement, in the order in which it came, each once, as `nameOf` calls it; what came to nothing is left out. The sum is its amount. Empty
 * for one from before there were places. In steps of some milliseconds; what was in a settlement never changes.
 */
export function* partsIn(
  db: Database,
  no: string,
  nameOf: (of: string) => string = (of) => of,
): Steps<readonly Part[]> {
  const sums = new Map<string, number>();
  yield* eachPart(db, no, new Map(), (part) => {
    const of = nameOf(part.of);
    sums.set(of, (sums.get(of) ?? 0) + part.fen);
  });
  const parts: Part[] = [];
  for (const [of, sumFen] of sums) if (sumFen !== 0) parts.push({ of, fen: fen(sumFen) });
  return parts;
}

type Known = Map<string, readonly Part[]>;

function* eachPart(db: Database, no: string, known: Known, take: (part: Part) => void): Steps<void> {
  for (const stretch of pagesOf(db, no)) {
    for (const { movement, skippedFen, fen: lengthFen } of stretch) {
      const back = cameBack(db, movement);
      const whole = back
        ? [...(yield* partsBefore(db, back.no, known)), ...back.fee]
        : [{ of: movement.about ?? '', fen: movement.fen }];
      for (const part of lengthFen < 0 ? whole : split(split(whole, skippedFen)[1], lengthFen)[0]) take(part);
    }
    yield;
  }
}

/** Of one that came back. It may be divided between two that come back again, and so on: each is read once. */
function* partsBefore(db: Database, no: string, known: Known): Steps<readonly Part[]> {
  const found = known.get(no);
  if (found) return found;
  const all: Part[] = [];
  yield* eachPart(db, no, known, (part) => all.push(part));
  known.set(no, all);
  return all;
}

/** What is in a settlement, page by page: of the front of the row, and the credits that it was for. */
function* pagesOf(db: Database, no: string): Generator<readonly Stretch[]> {
  const sql = statements(db);
  const places = sql.places.get(no);
  if (!places) return;
  const { fromEntry, fromTakenFen, toEntry, toTakenFen } = places;
  if (fromEntry !== null) {
    const ends = { from: { entry: fromEntry, takenFen: fromTakenFen }, to: { entry: toEntry, takenFen: toTakenFen } };
    const before = toEntry + (toTakenFen > 0 ? 1 : 0);
    for (let first = fromEntry; first < before; first += page)
      yield stretches(db, first, Math.min(first + page, before), ends);
  }
  for (
    let given = sql.given.all(no, -1, 500);
    given.length > 0;
    given = sql.given.all(no, given.at(-1)?.entry ?? 0, 500)
  )
    yield given.flatMap((credit) =>
      availableMovements(db, credit.entry, credit.entry + 1).map((movement) => ({
        movement,
        skippedFen: 0,
        fen: fen(credit.fen),
      })),
    );
}

/** The settlement whose money this movement brings back, and the fee that stays with upstream. */
function cameBack(
  db: Database,
  { entry, fen: movedFen, about }: Movement,
): { readonly no: string; readonly fee: readonly Part[] } | undefined {
  if (about?.startsWith('2005:')) return { no: about.slice(5), fee: [] };
  if (about !== undefined || movedFen <= 0) return undefined;
  const no = statements(db).returned.get(Math.floor(entry / maxLines));
  if (no === undefined) return undefined;
  const feeFen = statements(db).places.get(no)?.serviceFeeFen ?? 0;
  return { no, fee: feeFen > 0 ? [{ of: '', fen: fen(-feeFen) }] : [] };
}

/** The front up to where the sum passes `atFen` the last time, and the rest; the part at that place is divided. Their sums are `atFen` and what is left. */
function split(all: readonly Part[], atFen: number): readonly [front: readonly Part[], back: readonly Part[]] {
  if (atFen <= 0) return [[], all];
  let [sumFen, index, frontFen] = [0, -1, 0];
  for (const [i, part] of all.entries()) {
    if (sumFen < atFen && sumFen + part.fen >= atFen) [index, frontFen] = [i, atFen - sumFen];
    sumFen += part.fen;
  }
  const at = all[index];
  // All of it is all of it, also where something was taken back in between.
  if (!at || atFen === sumFen) return [all, []];
  const restFen = subtractFen(at.fen, fen(frontFen));
  return [
    [...all.slice(0, index), { of: at.of, fen: fen(frontFen) }],
    [...(restFen > 0 ? [{ of: at.of, fen: restFen }] : []), ...all.slice(index + 1)],
  ];
}

/** Whether what the journal of this key brought still stands in the row: no settlement took all of it. */
export function isLeft(db: Database, key: string): boolean {
  const credit = creditOf(db, key);
  if (!credit || credit.entry < begin(db).entry) return false;
  const [out] = statements(db).takenOut.all(credit.entry, credit.entry + 1);
  return (out?.fen ?? 0) < credit.fen;
}

/** In real time: what the journal of this key brought is to be settled at once. */
export function noteCredit(tx: Tx, key: string): void {
  const credit = creditOf(tx.db, key);
  if (credit) statements(tx.db).note.run(credit.entry, credit.fen);
}

/** What was noted and nobody has settled by hand meanwhile, not even in part. */
export function creditsDue(db: Database): readonly Credit[] {
  const { entry, takenFen } = begin(db);
  return statements(db)
    .due.all()
    .filter((credit) => credit.entry > entry || (credit.entry === entry && takenFen === 0));
}

export const hasCreditsDue = (db: Database): boolean => statements(db).due.get() !== undefined;
export const dropCreditsDue = (tx: Tx): void => {
  statements(tx.db).drop.run();
};

/**
 * Before J-20 of a REALTIME settlement: the oldest of the credits that are due are in it; what of them is not stays in the row. What they do not cover is taken from the front: a person may
 * have settled part of one meanwhile. The settlement's row is there.
 */
export const takeCredits = (tx: Tx, no: string, amountFen: Fen): void => take(tx, no, amountFen, creditsDue(tx.db));

/**
 * The same of a book that comes back. There every clearing was noted, because it is not known in which mode it came: those that came last and make up the amount are meant.
 */
export function takeLastCredits(tx: Tx, no: string, amountFen: Fen): void {
  const due = creditsDue(tx.db);
  let [first, sumFen] = [due.length, 0];
  while (first > 0 && sumFen < amountFen) sumFen += due[--first]?.fen ?? 0;
  take(tx, no, amountFen, due.slice(first));
}

function take(tx: Tx, no: string, amountFen: Fen, due: readonly Credit[]): void {
  const rowFen = balanceOf(tx.db, '2002');
  dropCreditsDue(tx);
  let restFen: number = amountFen;
  for (const { entry, fen: dueFen } of due) {
    const takenFen = Math.min(dueFen, restFen);
    if (takenFen > 0) statements(tx.db).give.run(entry, takenFen, no);
    restFen -= takenFen;
  }
  if (restFen > 0) takeOfRow(tx, no, restFen, rowFen - amountFen + restFen);
  else if (amountFen === rowFen) moveTo(tx, endOf(tx.db));
}
