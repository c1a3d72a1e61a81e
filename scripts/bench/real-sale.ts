import { streamMigrations } from '../../sync/stream/migrations.ts';
import { assert } from '../../terminal/base/assert.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { checkpoint, type Database, growWal, inTransaction } from '../../terminal/base/database.ts';
import { fen } from '../../terminal/base/money.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { recordAnswer } from '../../terminal/flows/record-answer.ts';
import { createPayment } from '../../terminal/payments/create-payment.ts';
import type { CardFacts, Payment } from '../../terminal/payments/payment.ts';
import { countPrint } from '../../terminal/payments/store.ts';
import { openBatch } from '../../terminal/settlement/open-batch.ts';
import { currentBatch } from '../../terminal/settlement/queries.ts';
import type { SaleBench } from './sale-bench.ts';

const operator = { no: '01', role: 'C' } as const;
const card: CardFacts = {
  entry: 'CONTACTLESS',
  card: '621700******1234',
  cardHash: Buffer.alloc(32, 7),
  chip: { AID: 'A000000333010101', ARQC: '0123456789ABCDEF', TVR: '0000000000', ATC: '0001' },
};

/** The terminal's own sale on its own schema, with everything that the program does in its transactions and nothing of devices and link. */
export interface RealSale extends SaleBench {
  /** A whole sale, intent, result and printed mark, as often as `count` says. Returns the number of commits of each. */
  whole(count: number): number;
  /** Ends the batch, without what a close says to the host, and opens the next. */
  nextBatch(): void;
  readonly db: Database;
}

/** `cleared`: the host says with every approval that the money is cleared, so that nothing is left to be done at the close. */
export function openRealSale(file: string, cleared = false): RealSale {
  const db = openBook(file, streamMigrations);
  growWal(db);
  const world = { db, clock: systemClock, random: systemRandom };
  const open = (no: string) => inTransaction(db, (tx) => openBatch(tx, systemClock.now(), no, 23));
  let batch = currentBatch(db) ?? open('000001');
  const intend = (): Payment =>
    createPayment(db, world, {
      txn: 'sale',
      amount: fen(12_345),
      user: operator,
      batch: { ...batch, open: true },
      maxAmountFen: fen(999_999_999),
      maxRecords: Number.MAX_SAFE_INTEGER,
    });
  let prepared: Payment | undefined;
  const prepare = (): void => {
    prepared = intend();
  };
  const commit = (): Payment => {
    assert(prepared, 'a sale was prepared');
    return recordAnswer(world, prepared, card, approval(prepared, cleared));
  };
  return {
    db,
    prepare,
    commit,
    whole: (count) => {
      for (let i = 0; i < count; i++) {
        prepare();
        const { no } = commit();
        inTransaction(db, (tx) => countPrint(tx, no));
      }
      return 3;
    },
    nextBatch: () => {
      db.prepare("UPDATE batch SET state = 'CLOSED', closed_at = opened_at WHERE id = ?").run(batch.id);
      db.prepare("DELETE FROM due_work WHERE kind = 'batch-close'").run();
      batch = open(String(Number(batch.no) + 1).padStart(6, '0'));
    },
    checkpoint: () => checkpoint(db),
    close: () => db.close(),
  };
}

const approval = (payment: Payment, cleared: boolean): Parameters<typeof recordAnswer>[3] => ({
  kind: 'sale',
  payment: payment.no,
  stan: payment.stan,
  code: '00',
  amountFen: payment.amountFen,
  approvedFen: payment.amountFen,
  discountFen: 0,
  rrn: payment.stan.padStart(12, '0'),
  authCode: payment.stan,
  issuer: '建设银行',
  acquirer: '银联商务',
  group: 'domestic',
  cleared,
  rate: { id: 'contactless', ppm: 3800, capFen: null },
  verification: null,
});
