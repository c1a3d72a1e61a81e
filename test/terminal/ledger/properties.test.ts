import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AssertionFailed } from '../../../terminal/base/assert.ts';
import type { Database } from '../../../terminal/base/database.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { fen } from '../../../terminal/base/money.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { feeOf } from '../../../terminal/ledger/fee.ts';
import type { Journal } from '../../../terminal/ledger/journal.ts';
import { balanceOf, sumByCode, trialBalance } from '../../../terminal/ledger/queries.ts';
import { clear, contents, funds, newBook, postAll, released, returned, sale, settle, settled } from './book.ts';

/**
 * A second opinion of the book, in the words of the business: payments and settlements with their states, no accounts. It says of every
 * command whether it is allowed, and what the sums must be.
 */
interface Business {
  readonly payments: Map<string, { readonly gross: number; readonly fee: number; cleared: boolean }>;
  readonly settlements: Map<
    string,
    { readonly amount: number; readonly d: number; state: 'open' | 'paid' | 'released' | 'returned' }
  >;
  readonly received: Map<number, number>;
}

const sum = <T>(values: Iterable<T>, part: (value: T) => number): number =>
  [...values].reduce((s, v) => s + part(v), 0);

function available({ payments, settlements }: Business): number {
  const earned = sum(payments.values(), (p) => (p.cleared ? p.gross - p.fee : 0));
  const back = { open: () => 0, paid: () => 0, released: (a: number) => a, returned: (a: number, d: number) => a - d };
  return earned - sum(settlements.values(), (s) => s.amount - back[s.state](s.amount, s.d));
}

const commands = fc.record({
  kind: fc.constantFrom(
    'sale',
    'clear',
    'funds',
    'settle',
    'success',
    'release',
    'return',
    'again',
    'twist',
    'nonsense',
  ),
  pick: fc.nat({ max: 5 }),
  amount: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 999_999_999 })),
  fee: fc.nat({ max: 30 }),
});
type Command = typeof commands extends fc.Arbitrary<infer C> ? C : never;

type Expected = 'posted' | 'already' | 'nothing' | 'conflict' | 'insufficient' | 'bug';

/** The journal of a command and what must come of it; changes the business when it is allowed. */
function play(
  business: Business,
  { kind, pick, amount, fee }: Command,
  posted: readonly Journal[],
): [Journal | undefined, Expected] {
  const payment = business.payments.get(`T${pick}`);
  const settlement = business.settlements.get(`S${pick}`);
  const old = posted[pick % Math.max(posted.length, 1)];
  switch (kind) {
    case 'sale': {
      if (payment) return [sale(`T${pick}`, payment.gross), 'already'];
      const rate = { id: 'r', ppm: 6000, capFen: null };
      business.payments.set(`T${pick}`, { gross: amount, fee: feeOf(fen(amount), rate), cleared: false });
      return [sale(`T${pick}`, amount), 'posted'];
    }
    case 'clear': {
      if (!payment) return [clear(`T${pick}`, amount, 0), 'bug'];
      const expected = payment.cleared ? 'already' : 'posted';
      payment.cleared = true;
      return [clear(`T${pick}`, payment.gross, payment.fee), expected];
    }
    case 'funds': {
      const signed = pick === 0 ? 0 : fee % 2 === 0 ? amount : -amount;
      const before = business.received.get(pick);
      if (before !== undefined) return [funds(before, pick), 'already'];
      if (signed !== 0) business.received.set(pick, signed);
      return [funds(signed, pick), signed === 0 ? 'nothing' : 'posted'];
    }
    case 'settle': {
      if (settlement) return [settle(`S${pick}`, settlement.amount), 'already'];
      if (amount > available(business)) return [settle(`S${pick}`, amount), 'insufficient'];
      business.settlements.set(`S${pick}`, { amount, d: Math.min(fee, amount - 1), state: 'open' });
      return [settle(`S${pick}`, amount), 'posted'];
    }
    case 'success': {
      if (!settlement) return [settled(`S${pick}`, amount), 'bug'];
      const journal = settled(`S${pick}`, settlement.amount, settlement.d);
      if (settlement.state === 'released') return [journal, 'bug'];
      const expected = settlement.state === 'open' ? 'posted' : 'already';
      if (settlement.state === 'open') settlement.state = 'paid';
      return [journal, expected];
    }
    case 'release': {
      if (!settlement) return [released(`S${pick}`, amount), 'bug'];
      const expected = { open: 'posted', released: 'already', paid: 'bug', returned: 'bug' } as const;
      const outcome = expected[settlement.state];
      if (outcome === 'posted') settlement.state = 'released';
      return [released(`S${pick}`, settlement.amount), outcome];
    }
    case 'return': {
      if (settlement?.state !== 'paid') return [undefined, 'nothing'];
      settlement.state = 'returned';
      return [returned(`S${pick}`, settlement.amount, settlement.d), 'posted'];
    }
    case 'again':
      return [old, old ? 'already' : 'nothing'];
    case 'twist': {
      const lines = old?.lines.map((line) => ({ ...line, amount: fen(line.amount + 1 + fee) }));
      const balanced = lines?.length === 2;
      return old && lines ? [{ ...old, lines }, balanced ? 'conflict' : 'bug'] : [undefined, 'nothing'];
    }
    case 'nonsense': {
      const good = sale(`X${pick}`, amount);
      const [first, second] = good.lines;
      if (!first || !second) throw new Error('a sale has two lines');
      const bad = [
        [first],
        [first, { ...second, amount: fen(amount + 1) }],
        [first, { ...second, account: '2001' }],
        [first, { ...second, side: 'D' as const }],
        [first, second, { ...second, amount: fen(0) }],
        [],
      ];
      return [{ ...good, lines: bad[pick] ?? [] }, 'bug'];
    }
  }
}

function outcomeOf(db: Database, journal: Journal | undefined): Expected | string | undefined {
  try {
    return postAll(db, journal)[0];
  } catch (error) {
    if (error instanceof AssertionFailed) return 'bug';
    if (!(error instanceof TerminalError)) throw error;
    return error.code === 'IDEMPOTENCY_CONFLICT'
      ? 'conflict'
      : error.code === 'INSUFFICIENT_BALANCE'
        ? 'insufficient'
        : error.code;
  }
}

function agree(db: Database, business: Business): void {
  expect(checkLedger(db)).toMatchObject({ ok: true, ledgerSumFen: 0 }); // P-01 to P-04
  const trial = trialBalance(db);
  expect(trial.debitFen).toBe(trial.creditFen); // P-02
  for (const [txn, payment] of business.payments) {
    expect(balanceOf(db, `2001:${txn}`)).toBe(payment.cleared ? 0 : payment.gross); // P-08
  }
  const settlements = [...business.settlements.values()];
  expect(sumByCode(db, '2005')).toBe(sum(settlements, (s) => (s.state === 'open' ? s.amount : 0))); // P-09
  expect(balanceOf(db, '2002')).toBe(available(business));
  expect(balanceOf(db, '4001')).toBe(sum(business.payments.values(), (p) => (p.cleared ? p.fee : 0)));
  const paid = settlements.filter((s) => s.state === 'paid' || s.state === 'returned');
  expect(balanceOf(db, '4002')).toBe(sum(paid, (s) => s.d));
  const received = sum(business.received.values(), (x) => x);
  expect(balanceOf(db, '1001')).toBe(received - sum(paid, (s) => (s.state === 'paid' ? s.amount - s.d : 0)));
  expect(sumByCode(db, '1101')).toBe(sum(business.payments.values(), (p) => p.gross) - received);
}

test('whatever is asked, in whatever order, twice or twisted: the book stays right (P-01 to P-05, P-08, P-09)', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 60, size: 'max' }), (sequence) => {
      const db = newBook();
      const business: Business = { payments: new Map(), settlements: new Map(), received: new Map() };
      const posted: Journal[] = [];
      for (const command of sequence) {
        const [journal, expected] = play(business, command, posted);
        const before = contents(db);
        expect(outcomeOf(db, journal)).toBe(expected);
        if (expected === 'posted' && journal) posted.push(journal);
        else expect(contents(db)).toBe(before);
        agree(db, business);
      }
      db.close();
    }),
    { numRuns: 150 },
  );
});
