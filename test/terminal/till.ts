import type { SaleAnswer } from '../../sync/protocol/card-requests.ts';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { type Database, inTransaction } from '../../terminal/base/database.ts';
import { fen } from '../../terminal/base/money.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { recordAnswer } from '../../terminal/flows/record-answer.ts';
import type { World } from '../../terminal/flows/world.ts';
import { createPayment, type Intent } from '../../terminal/payments/create-payment.ts';
import type { CardFacts, Payment } from '../../terminal/payments/payment.ts';
import { openBatch } from '../../terminal/settlement/open-batch.ts';
import { currentBatch } from '../../terminal/settlement/queries.ts';
import { type TestClock, testClock } from '../support/test-clock.ts';

/** The book of a terminal whose batch 000001 is open, with a clock to turn; no devices, no link. */
export interface Till {
  readonly db: Database;
  readonly clock: TestClock;
  readonly random: typeof systemRandom;
}

/** 2026-11-20, 10:00 in Shanghai, with every option of the terminal as it is by default. */
export function newTill(startMs = Date.UTC(2026, 10, 20, 2, 0, 0), file = ':memory:'): Till {
  const till = { db: openBook(file, streamMigrations), clock: testClock(startMs), random: systemRandom };
  inTransaction(till.db, (tx) => openBatch(tx, till.clock.now(), '000001', 23));
  return till;
}

export const cashier = { no: '01', role: 'C' } as const;
export const supervisor = { no: '00', role: 'MO' } as const;

export const card: CardFacts = {
  entry: 'CONTACTLESS',
  card: '622202*********0128',
  cardHash: new Uint8Array(32).fill(5),
  chip: { AID: 'A000000333010101', TVR: '0000000000', ATC: '0001', ARQC: 'F0B0B6E1C72FE433' },
};

/** The intent of a sale, with everything that a test does not care about filled in. */
export function intend(
  till: Pick<World, 'db' | 'clock' | 'random'>,
  amountFen: number,
  change: Partial<Intent> = {},
): Payment {
  const batch = currentBatch(till.db);
  return createPayment(till.db, till, {
    txn: 'sale',
    amount: fen(amountFen),
    user: cashier,
    batch: batch && { ...batch, open: batch.state === 'OPEN' },
    maxAmountFen: fen(999_999_999),
    maxRecords: 500,
    ...change,
  });
}

/** The host's approval of a payment. */
export const approval = (payment: Payment, change: Partial<SaleAnswer> = {}): SaleAnswer => ({
  kind: 'sale',
  payment: payment.no,
  stan: payment.stan,
  code: '00',
  amountFen: payment.amountFen,
  approvedFen: payment.amountFen,
  discountFen: 0,
  rrn: '112000000001',
  authCode: '711683',
  issuer: '中国银联',
  acquirer: '账平参考主机',
  group: 'domestic',
  cleared: false,
  rate: { id: 'card-6000', ppm: 6_000, capFen: null },
  verification: null,
  ...change,
});

/** A sale with its answer; approved unless told. */
export const sell = (till: Till, amountFen: number, answer: Partial<SaleAnswer> = {}): Payment => {
  const payment = intend(till, amountFen);
  return recordAnswer(till, payment, card, approval(payment, answer));
};

/** Everything in the book but the audit trail, to see that nothing changed. */
export const contents = (db: Database): string =>
  JSON.stringify(
    [
      'payment',
      'batch',
      'settlement',
      'settlement_account',
      'journal',
      'entry',
      'balance',
      'outbox',
      'counter',
      'due_work',
      'setting',
    ].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()),
  );
