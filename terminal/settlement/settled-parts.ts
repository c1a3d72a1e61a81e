import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { type Fen, fen, subtractFen } from '../base/money.ts';
import { setSetting, setting } from '../base/settings.ts';
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
  given: db.prepare<[string], Credit>('SELECT entry, fen FROM realtime_credit WHERE settlement = ? ORDER BY entry'),
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
export function takeFront(tx: Tx, no: string, amountFen: Fen): void {
  const from = begin(tx.db);
  const to =
    amountFen === balanceOf(tx.db, '2002') ? { entry: endOfBook(tx.db), takenFen: 0 } : placeOf(tx.db, from, amountFen);
  statements(tx.db).keep.run(from.entry, from.takenFen, to.entry, to.takenFen, no);
  moveTo(tx, to);
}

const moveTo = (tx: Tx, { entry, takenFen }: Place): void => setSetting(tx, name, `${entry}:${takenFen}`);

/** Where the sum of the row from `from` on passes `amountFen` the last time. */
function placeOf(db: Database, from: Place, amountFen: Fen): Place {
  const end = endOfBook(db);
  let [sumFen, place]: [number, Place] = [0, { entry: end, takenFen: 0 }];
  for (const { movement, fen: movedFen } of row(db, from, { entry: end, takenFen: 0 })) {
    const { entry } = movement;
    const restFen = amountFen - sumFen;
    const takenBefore = entry === from.entry ? from.takenFen : 0;
    if (restFen > 0 && movedFen >= restFen) place = { entry, takenFen: takenBefore + restFen };
    sumFen += movedFen;
  }
  return place;
}

/** The movements between two places, each with what of it lies between them; without settlements, and without what was taken out of the row. */
function row(db: Database, from: Place, to: Place): readonly Stretch[] {
  const before = to.entry + (to.takenFen > 0 ? 1 : 0);
  const out = new Map(
    statements(db)
      .takenOut.all(from.entry, before)
      .map((credit) => [credit.entry, credit.fen]),
  );
  return availableMovements(db, from.entry, before)
    .filter((movement) => !isRequest(movement))
    .map((movement) => {
      const skippedFen = (out.get(movement.entry) ?? 0) + (movement.entry === from.entry ? from.takenFen : 0);
      const endFen = movement.entry === to.entry ? (out.get(movement.entry) ?? 0) + to.takenFen : movement.fen;
      return { movement, skippedFen, fen: fen(endFen - skippedFen) };
    });
}

/** J-20. */
const isRequest = ({ about, fen: movedFen }: Movement): boolean => about?.startsWith('2005:') === true && movedFen < 0;

/** What of each payment, refund, freeze is in this settlement, in the order in which it came; the sum is its amount. Empty for one from before there were places. */
export function partsOf(db: Database, no: string): readonly Part[] {
  const known = last(db);
  if (known.no !== no) Object.assign(known, { no, parts: summedUp(rawParts(db, no)) });
  return known.parts;
}

/** What was in a settlement never changes, and a page follows a page. */
const last = perDatabase(() => ({ no: '', parts: [] as readonly Part[] }));

function rawParts(db: Database, no: string): readonly Part[] {
  const sql = statements(db);
  const places = sql.places.get(no);
  if (!places) return [];
  const { fromEntry, fromTakenFen, toEntry, toTakenFen } = places;
  if (fromEntry === null)
    return sql.given
      .all(no)
      .flatMap((credit) =>
        availableMovements(db, credit.entry, credit.entry + 1).flatMap(
          (movement) => split(parts(db, movement), credit.fen)[0],
        ),
      );
  const from = { entry: fromEntry, takenFen: fromTakenFen };
  return row(db, from, { entry: toEntry, takenFen: toTakenFen }).flatMap(({ movement, skippedFen, fen: lengthFen }) => {
    const whole = parts(db, movement);
    return lengthFen < 0 ? whole : split(split(whole, skippedFen)[1], lengthFen)[0];
  });
}

/** A movement as what it is of. */
function parts(db: Database, { entry, fen: movedFen, about }: Movement): readonly Part[] {
  if (about?.startsWith('2005:')) return rawParts(db, about.slice(5));
  const returned =
    about === undefined && movedFen > 0 ? statements(db).returned.get(Math.floor(entry / maxLines)) : undefined;
  if (returned === undefined) return [{ of: about ?? '', fen: movedFen }];
  const feeFen = statements(db).places.get(returned)?.serviceFeeFen ?? 0;
  return [...rawParts(db, returned), ...(feeFen > 0 ? [{ of: '', fen: fen(-feeFen) }] : [])];
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

/** Each payment, refund, freeze once, at its first place; what came to nothing is left out. */
function summedUp(all: readonly Part[]): readonly Part[] {
  const sums = new Map<string, number>();
  for (const part of all) sums.set(part.of, (sums.get(part.of) ?? 0) + part.fen);
  return [...sums].filter(([, sumFen]) => sumFen !== 0).map(([of, sumFen]) => ({ of, fen: fen(sumFen) }));
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

/** Before J-20 of a REALTIME settlement: the oldest of the credits that are due are in it; what of them is not stays in the row. The settlement's row is there. */
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
  dropCreditsDue(tx);
  let restFen: number = amountFen;
  for (const { entry, fen: dueFen } of due) {
    if (restFen > 0) statements(tx.db).give.run(entry, Math.min(dueFen, restFen), no);
    restFen -= dueFen;
  }
  if (amountFen === balanceOf(tx.db, '2002')) moveTo(tx, { entry: endOfBook(tx.db), takenFen: 0 });
}
