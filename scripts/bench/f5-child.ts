import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { checkTotals } from '../../terminal/flows/check-book.ts';
import { currentBatch } from '../../terminal/settlement/queries.ts';
import { seedBatch } from './seed-batch.ts';

export interface Totals {
  readonly rounds: readonly {
    readonly runningMs: number;
    readonly verifiedMs: number;
    readonly y3Ms: number;
    /** The same GROUP BY over the terminal's own rows, which have no index for it: a sale would pay for one. */
    readonly bareMs: number;
  }[];
  /** Whether the running totals are what the rows come to. */
  readonly agree: boolean;
}

const roundCount = 7;
const lookUps = 1_000;

const y3 = `
CREATE TABLE record (id INTEGER PRIMARY KEY, batch TEXT NOT NULL, grp TEXT NOT NULL, side TEXT NOT NULL, amount_fen INTEGER NOT NULL) STRICT;
CREATE INDEX record_covering ON record (batch, grp, side, amount_fen);
`;

function measure(folder: string, records: number): Totals {
  const db = seedBatch(join(folder, 'terminal.db'), records);
  const yardstick = new Sqlite(join(folder, 'y3.db'));
  yardstick.exec(y3);
  yardstick.exec(`ATTACH '${join(folder, 'terminal.db')}' AS book`);
  yardstick.exec("INSERT INTO record SELECT id, batch, card_group, 'debit', amount_fen FROM book.payment");
  const covered = yardstick.prepare(
    'SELECT grp, side, count(*), sum(amount_fen) FROM record WHERE batch = ? GROUP BY grp, side',
  );
  const bare = db.prepare('SELECT card_group, txn, count(*), sum(amount_fen) FROM payment GROUP BY card_group, txn');
  const batch = currentBatch(db)?.no ?? '';
  const timed = (times: number, work: () => unknown): number => {
    const started = performance.now();
    for (let n = 0; n < times; n++) work();
    return (performance.now() - started) / times;
  };
  let agree = true;
  const rounds = Array.from({ length: roundCount }, () => ({
    y3Ms: timed(1, () => covered.all(batch)),
    verifiedMs: timed(1, () => {
      agree &&= checkTotals(db).length === 0;
    }),
    bareMs: timed(1, () => bare.all()),
    runningMs: timed(lookUps, () => currentBatch(db)),
  }));
  yardstick.close();
  db.close();
  return { rounds, agree };
}

const [folder, records] = process.argv.slice(2);
if (folder && records) process.stdout.write(JSON.stringify(measure(folder, Number(records))));
