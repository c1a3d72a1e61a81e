import { join } from 'node:path';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { backUpDaily } from '../../terminal/flows/backup-book.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { startTerminal } from '../../terminal/main.ts';
import { prepareHome } from '../home.ts';
import { openTeller } from './disk-trace.ts';
import { nextMigration } from './next-migration.ts';
import { RecordedCounter } from './recorded-counter.ts';

/**
 * The terminal whose disk is recorded for F12: the real one with its link and its drivers, simulated devices in the same process. Each life is a process of
 * its own, on the home of the one before.
 */
export interface Life {
  readonly home: string;
  readonly brokerUrl: string;
  readonly trace: string;
  /** How often everything is done. */
  readonly turns: number;
  /** `morning`: every kind of transaction, a copy, a checkpoint. `evening`: sales, the close, a settlement. `upgrade`: a program with one more migration. */
  readonly part: 'morning' | 'evening' | 'upgrade';
  /** `killed`: like the power itself; else the terminal stops, which takes its log away. */
  readonly end: 'stopped' | 'killed';
  /** A mutation: what better-sqlite3 does when nobody says otherwise. */
  readonly synchronous?: 'NORMAL' | 'OFF';
}

async function live({ home, brokerUrl, trace, turns, part, end, synchronous }: Life): Promise<void> {
  const teller = openTeller(trace);
  if (part === 'upgrade') {
    openBook(join(home, 'terminal.db'), [...streamMigrations, nextMigration]).close();
    return;
  }
  const bugs: unknown[] = [];
  const terminal = await startTerminal({
    ...prepareHome(home),
    brokerUrl,
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    onBug: (error) => bugs.push(error),
  });
  if (synchronous) terminal.world.db.pragma(`synchronous = ${synchronous}`);
  const counter = new RecordedCounter(terminal, teller);
  await counter.begin();
  for (let turn = 1; turn <= turns; turn++) {
    if (part === 'morning') await counter.everyTransaction(turn);
    else await counter.salesAndClose(turn);
  }
  if (part === 'morning') await backUpDaily(terminal.world);
  if (bugs.length > 0) throw new Error(`the recorded terminal: ${bugs.map(String).join(', ')}`);
  if (end === 'killed') process.kill(process.pid, 'SIGKILL');
  await terminal.stop();
}

const [life] = process.argv.slice(2);
if (life) {
  live(JSON.parse(life)).then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`F12: ${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
}
