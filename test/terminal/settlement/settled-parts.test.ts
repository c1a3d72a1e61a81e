import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Database, inTransaction, type Tx } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { finish } from '../../../terminal/base/steps.ts';
import type { Journal } from '../../../terminal/ledger/journal.ts';
import { post } from '../../../terminal/ledger/post.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { refundReleased, refundReserved } from '../../../terminal/ledger/undo-journals.ts';
import {
  creditsDue,
  noteCredit,
  type Part,
  partsIn,
  takeCredits,
  takeFront,
} from '../../../terminal/settlement/settled-parts.ts';
import { newSettlement } from '../../../terminal/settlement/settlement.ts';
import { getSettlement, insertSettlement, saveAccount, updateSettlement } from '../../../terminal/settlement/store.ts';
import { clear, released, returned, sale, settle, settled } from '../ledger/book.ts';
import { newTill } from '../till.ts';

/** Which payments are in which settlement (B-012), straight on the book. */

const deed = { at: 1, by: '01' };

function newDb(): Database {
  const { db } = newTill();
  inTransaction(db, (tx) =>
    saveAccount(
      tx,
      {
        version: 1,
        state: 'ACTIVE',
        name: '账平',
        maskedNumber: '****0001',
        bank: '工商银行',
        destination: 'bank',
        reason: null,
      },
      1,
    ),
  );
  return db;
}

const book = (db: Database, ...journals: readonly Journal[]): void =>
  inTransaction(db, (tx) => {
    for (const journal of journals) post(tx, journal);
  });

const earn = (db: Database, no: string, netFen: number): void =>
  book(db, sale(no, netFen + 1), clear(no, netFen + 1, 1));

function request(db: Database, no: string, amountFen: number, mode: 'MANUAL' | 'REALTIME' = 'MANUAL'): void {
  inTransaction(db, (tx) => {
    const made = newSettlement({
      no,
      mode,
      amountFen: fen(amountFen),
      accountVersion: 1,
      requestedBy: '00',
      requestedAt: 1,
    });
    insertSettlement(tx, made);
    (mode === 'REALTIME' ? takeCredits : takeFront)(tx, no, fen(amountFen));
    post(tx, settle(no, amountFen));
  });
}

function end(db: Database, no: string, state: 'FAILED' | 'RETURNED', journal: Journal, serviceFeeFen = 0): void {
  const found = getSettlement(db, no);
  if (!found) throw new Error(no);
  inTransaction(db, (tx: Tx) => {
    updateSettlement(tx, { ...found, state, serviceFeeFen: fen(serviceFeeFen) });
    post(tx, journal);
  });
}

const shown = (parts: readonly Part[]): string =>
  parts.map(({ of, fen: partFen }) => `${of.slice(5)}:${partFen}`).join(' ');
const partsOf = (db: Database, no: string): readonly Part[] => finish(partsIn(db, no));
const inIt = (db: Database, no: string): string => shown(partsOf(db, no));

describe('B-012: the payments of a settlement', () => {
  test('of the whole balance: everything since the one before', () => {
    const db = newDb();
    earn(db, 'A', 100);
    earn(db, 'B', 50);
    request(db, 'S1', 150);
    earn(db, 'C', 70);
    request(db, 'S2', 70);
    expect([inIt(db, 'S1'), inIt(db, 'S2')]).toEqual(['A:100 B:50', 'C:70']);
  });

  test('B-005: of a part: the oldest first, and the last one divided', () => {
    const db = newDb();
    for (const no of ['A', 'B', 'C']) earn(db, no, 100);
    request(db, 'S1', 130);
    request(db, 'S2', 50);
    earn(db, 'D', 100);
    request(db, 'S3', 220);
    expect([inIt(db, 'S1'), inIt(db, 'S2'), inIt(db, 'S3')]).toEqual(['A:100 B:30', 'B:50', 'B:20 C:100 D:100']);
  });

  test('a refund between is in the settlement that it made less; one that failed is in none', () => {
    const db = newDb();
    earn(db, 'A', 100);
    const [refund, failed] = [
      { no: 'R', amountFen: fen(30), feeFen: fen(0) },
      { no: 'X', amountFen: fen(20), feeFen: fen(0) },
    ];
    book(db, refundReserved(refund, '2002', deed), refundReserved(failed, '2002', deed));
    book(db, refundReleased(failed, '2002', deed));
    request(db, 'S1', 70);
    expect(inIt(db, 'S1')).toBe('A:100 R:-30');
  });

  test('B-050: what failed or came back is in the next one, less the fee that stays with upstream', () => {
    const db = newDb();
    earn(db, 'A', 100);
    request(db, 'S1', 60);
    earn(db, 'B', 50);
    end(db, 'S1', 'FAILED', released('S1', 60));
    request(db, 'S2', 150);
    expect(inIt(db, 'S2')).toBe('A:100 B:50');
    book(db, settled('S2', 150, 5));
    end(db, 'S2', 'RETURNED', returned('S2', 150, 5), 5);
    earn(db, 'C', 10);
    request(db, 'S3', 155);
    expect(inIt(db, 'S3')).toBe('A:100 B:50 :-5 C:10');
  });

  test('B-006: in real time the very payment, whatever older money is there; that waits for the next by hand', () => {
    const db = newDb();
    earn(db, 'A', 100);
    earn(db, 'B', 50);
    inTransaction(db, (tx) => noteCredit(tx, 'clear:B'));
    request(db, 'S1', 50, 'REALTIME');
    request(db, 'S2', 40);
    request(db, 'S3', 60);
    expect([inIt(db, 'S1'), inIt(db, 'S2'), inIt(db, 'S3')]).toEqual(['B:50', 'A:40', 'A:60']);
    expect(creditsDue(db)).toEqual([]);
  });

  test('what a person settled meanwhile is not settled again in real time', () => {
    const db = newDb();
    earn(db, 'A', 100);
    inTransaction(db, (tx) => noteCredit(tx, 'clear:A'));
    request(db, 'S1', 100);
    expect(creditsDue(db)).toEqual([]);
  });
});

test('B-012: what came back and was divided, again and again, is found at once', () => {
  const db = newDb();
  earn(db, 'A', 1_000);
  request(db, 'S00', 1_000);
  end(db, 'S00', 'FAILED', released('S00', 1_000));
  const numbers = Array.from({ length: 30 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`);
  for (const no of numbers) {
    request(db, `${no}a`, 400);
    request(db, `${no}b`, 600);
    end(db, `${no}a`, 'FAILED', released(`${no}a`, 400));
    end(db, `${no}b`, 'FAILED', released(`${no}b`, 600));
    request(db, no, 500);
    end(db, no, 'FAILED', released(no, 500));
  }
  request(db, 'S99', 1_000);
  expect(inIt(db, 'S99')).toBe('A:1000');
});

test('B-006, B-012: in real time, after a person settled part of what it is for: the rest of it from the front', () => {
  const db = newDb();
  earn(db, 'A', 100);
  inTransaction(db, (tx) => noteCredit(tx, 'clear:A'));
  request(db, 'S1', 100, 'REALTIME');
  end(db, 'S1', 'FAILED', released('S1', 100));
  request(db, 'S2', 40);
  earn(db, 'B', 50);
  inTransaction(db, (tx) => {
    noteCredit(tx, 'unsettle:S1');
    noteCredit(tx, 'clear:B');
  });
  request(db, 'S3', 110, 'REALTIME');
  earn(db, 'C', 5);
  request(db, 'S4', 5);
  expect([inIt(db, 'S2'), inIt(db, 'S3'), inIt(db, 'S4')]).toEqual(['A:40', 'A:60 B:50', 'C:5']);
});

test('a part of a long row is found from its end, and all of it is read in small steps', () => {
  const db = newDb();
  for (let i = 0; i < 1_200; i++) earn(db, `P${String(i).padStart(4, '0')}`, 10);
  request(db, 'S1', 11_995);
  const steps = partsIn(db, 'S1');
  let count = 0;
  while (!steps.next().done) count += 1;
  expect(count).toBeGreaterThan(3);
  expect(partsOf(db, 'S1').at(-1)).toEqual({ of: '2001:P1199', fen: 5 });
  request(db, 'S2', 5);
  expect(inIt(db, 'S2')).toBe('P1199:5');
});

/** Sales, refunds, settlements of any size, failures and returns in any order. */
type Step = {
  readonly do: 'earn' | 'refund' | 'part' | 'all' | 'now' | 'more' | 'fail' | 'return';
  readonly share: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('earn', 'earn', 'earn', 'refund', 'part', 'all', 'now', 'more', 'fail', 'return'),
  share: fc.integer({ min: 1, max: 100 }),
});

test('B-012: whatever happens, the parts of a settlement are its amount, and each payment is settled once and whole when all is settled', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const db = newDb();
      const nets = new Map<string, number>();
      const amounts = new Map<string, number>();
      const live = new Set<string>();
      const open: string[] = [];
      const ask = (amountFen: number, mode: 'MANUAL' | 'REALTIME'): void => {
        if (amountFen <= 0) return;
        const no = `S${String(amounts.size).padStart(3, '0')}`;
        request(db, no, amountFen, mode);
        amounts.set(no, amountFen);
        live.add(no);
        open.push(no);
      };
      const have = () => balanceOf(db, '2002');
      for (const [i, { do: what, share }] of steps.entries()) {
        const part = Math.floor((have() * share) / 100);
        if (what === 'earn') {
          earn(db, `P${i}`, share);
          nets.set(`P${i}`, share);
        }
        if (what === 'refund' && part > 0) {
          book(db, refundReserved({ no: `R${i}`, amountFen: fen(part), feeFen: fen(0) }, '2002', deed));
          nets.set(`R${i}`, -part);
        }
        if (what === 'part') ask(part, 'MANUAL');
        if (what === 'all') ask(have(), 'MANUAL');
        if (what === 'now') {
          earn(db, `P${i}`, share);
          nets.set(`P${i}`, share);
          inTransaction(db, (tx) => noteCredit(tx, `clear:P${i}`));
          ask(share, 'REALTIME');
        }
        // What was refused, settled again in real time, after a person took some of it.
        if (what === 'more') ask(part, 'REALTIME');
        const no =
          what === 'fail' || what === 'return' ? open.splice((share - 1) % Math.max(1, open.length), 1)[0] : undefined;
        const amountFen = amounts.get(no ?? '') ?? 0;
        if (no !== undefined && what === 'fail') end(db, no, 'FAILED', released(no, amountFen));
        if (no !== undefined && what === 'return') {
          book(db, settled(no, amountFen));
          end(db, no, 'RETURNED', returned(no, amountFen));
        }
        if (no !== undefined) live.delete(no);
      }
      earn(db, 'Z', 1);
      nets.set('Z', 1);
      ask(have(), 'MANUAL');
      const sums = new Map<string, number>();
      for (const [no, amountFen] of amounts) {
        const parts = partsOf(db, no);
        expect(parts.reduce((sum, part) => sum + part.fen, 0)).toBe(amountFen);
        if (live.has(no))
          for (const { of, fen: partFen } of parts) sums.set(of.slice(5), (sums.get(of.slice(5)) ?? 0) + partFen);
      }
      if (steps.every(({ do: what }) => what !== 'now' && what !== 'more'))
        expect(Object.fromEntries([...sums].toSorted())).toEqual(Object.fromEntries([...nets].toSorted()));
      // What refunds took of all that was left when a settlement in real time took the rest is in none.
      const total = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((sum, value) => sum + value, 0);
      expect(total(sums)).toBe(total(nets));
    }),
    { numRuns: 100 },
  );
});
