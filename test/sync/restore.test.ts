import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BookEvent } from '../../sync/protocol/book.ts';
import type { DownRow } from '../../sync/protocol/rows.ts';
import { bookState, endRestore, keepRestored } from '../../sync/stream/epoch.ts';
import { send } from '../../sync/stream/send.ts';
import { embeddedBroker } from '../support/broker.ts';
import {
  newPlace,
  openHost,
  openTerminal,
  type Place,
  removePlace,
  type TestHost,
  type TestTerminal,
  until,
  upRow,
} from './world.ts';

/** A terminal's database that is put back, or lost: what the streams of both ends make of it, whatever the rows mean. */

let place: Place;
let broker: Awaited<ReturnType<typeof embeddedBroker>>;
let host: TestHost;
let terminal: TestTerminal;
/** What came back, by id, in order; `<` from above. */
let cameBack: string[];
let failing: boolean;

beforeEach(async () => {
  place = newPlace();
  broker = await embeddedBroker();
  host = await openHost(place, broker.url);
  cameBack = [];
  failing = false;
  terminal = opened();
});
afterEach(async () => {
  await terminal.close();
  await host.close();
  await broker.stop();
  removePlace(place);
});

const file = () => join(place.folder, 'terminal.db');

/** Applies what comes back as a terminal does, but for what it means. */
function opened(): TestTerminal {
  const made = openTerminal(place, broker.url, {
    apply: (tx: Sqlite.Database, row: DownRow) => {
      if (row.kind !== 'book-restore') {
        tx.prepare('INSERT INTO down_applied (seq, id) VALUES (?, ?)').run(row.seq, row.id);
        return;
      }
      if (failing) throw new Error('a bug');
      if (row.body.part === 'rows') for (const event of row.body.events) happened(tx, event);
      if (row.body.part === 'end') endRestore(tx);
    },
  });
  made.link.start();
  return made;
}

function happened(tx: Sqlite.Database, event: BookEvent): void {
  if (event.is === 'batch') return;
  const { kind, id } = event;
  if (event.is === 'down') cameBack.push(`<${id}`);
  // What it has already may come too: an acknowledgement is written down a moment after it came.
  else if (keepRestored(tx, { kind, id, body: JSON.stringify(event.body) }) === 'new') cameBack.push(id);
}

const inStep = (of: TestTerminal) =>
  until(
    'both are in step',
    () => of.link.status().gateOpen && of.link.status().outboxCount === 0 && !bookState(of.db).restoring,
  );

/** A plain copy of the file, as somebody makes it who does not know better. */
function copied(): string {
  const copy = join(place.folder, 'copy.db');
  terminal.db.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(file(), copy);
  return copy;
}

async function putBack(copy: string | undefined): Promise<void> {
  await terminal.close();
  for (const part of ['', '-wal', '-shm']) rmSync(file() + part, { force: true });
  if (copy !== undefined) copyFileSync(copy, file());
  terminal = opened();
}

async function sold(count: number): Promise<void> {
  terminal.sell(count);
  await inStep(terminal);
}

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `check-${from + i}`);

describe('a copy of the database that is put back', () => {
  it('is found out, gets a new epoch, and what happened since comes back before the gate opens', async () => {
    await sold(5);
    const copy = copied();
    const old = bookState(terminal.db).epoch;
    await sold(4);
    let openedWhole = true;
    await putBack(copy);
    terminal.link.onStatus(() => {
      if (terminal.link.status().gateOpen) openedWhole &&= !bookState(terminal.db).restoring;
    });
    await inStep(terminal);
    expect(cameBack).toEqual(ids(6, 9));
    expect(openedWhole).toBe(true);
    expect(bookState(terminal.db).epoch).not.toBe(old);
    expect(terminal.logged).toContainEqual({ event: 'link.problem', code: 'BACKUP_RESTORED' });
    terminal.db.transaction(() => send(terminal.db, upRow(10)))();
    terminal.link.wake();
    await inStep(terminal);
    expect(await host.applied()).toEqual(ids(1, 10));
  });

  it('is found out although it went on selling meanwhile: its own rows arrive, those with an id of before are quarantined', async () => {
    await sold(5);
    const copy = copied();
    await sold(3); // check-6 to check-8
    await terminal.close();
    const db = new Sqlite(copy);
    db.transaction(() => {
      const facts = { settlement: 'another' };
      const body = { no: 'check-6', at: 1, by: '01', facts, journals: [] };
      send(db, { kind: 'settlement-checked', id: 'check-6', body });
      for (let n = 20; n < 25; n++) send(db, upRow(n));
    })();
    db.close();
    await putBack(copy);
    await inStep(terminal);
    expect(cameBack).toEqual(ids(7, 8)); // check-6 is its own
    expect(await host.applied()).toEqual([...ids(1, 8), ...ids(20, 24)]);
    const rejected = terminal.db.prepare('SELECT id, rejected FROM outbox WHERE rejected IS NOT NULL');
    await until('the refusal', () => rejected.all().length > 0);
    expect(rejected.all()).toEqual([{ id: 'check-6', rejected: 'IDEMPOTENCY_CONFLICT' }]);
  });

  it('may be put back again, also before everything came back', async () => {
    await sold(3);
    const copy = copied();
    await sold(2);
    await putBack(copy);
    await inStep(terminal);
    terminal.db.transaction(() => send(terminal.db, upRow(6)))();
    terminal.link.wake();
    await inStep(terminal);
    failing = true;
    cameBack = [];
    await putBack(copy);
    await until('it was tried', () => terminal.logged.some(({ event }) => event === 'link.failed'));
    expect(terminal.link.status().gateOpen).toBe(false);
    failing = false;
    await putBack(copy);
    await inStep(terminal);
    expect(cameBack).toEqual(ids(4, 6));
    expect(await host.applied()).toEqual(ids(1, 6));
  });

  it.each([
    ['lost', { dropDowns: 2 }],
    ['doubled', { duplicateDowns: 5 }],
    ['a welcome lost', { dropWelcomes: 1 }],
  ] as const)('comes back once, with messages %s', async (_, faults) => {
    await sold(3);
    const copy = copied();
    await sold(120);
    Object.assign(host.faults, faults);
    await putBack(copy);
    await inStep(terminal);
    expect(cameBack).toEqual(ids(4, 123));
  });

  it('comes back from where it was when the host was off in between', async () => {
    await sold(3);
    const copy = copied();
    await sold(4);
    await terminal.close();
    await host.close();
    await putBack(copy);
    host = await openHost(place, broker.url);
    await inStep(terminal);
    expect(cameBack).toEqual(ids(4, 7));
  });
});

describe('a database that is lost', () => {
  it('comes back whole, with what came from above after it', async () => {
    await sold(60);
    await host.tell(3);
    await until('the news', () => terminal.received().length === 3);
    await putBack(undefined);
    await inStep(terminal);
    expect(cameBack).toEqual(ids(1, 60));
    expect(terminal.received()).toEqual(['differs-1', 'differs-2', 'differs-3']);
    expect(await host.applied()).toEqual(ids(1, 60));
  });

  it('of a terminal that the host never heard of is whole from the first', async () => {
    await inStep(terminal);
    expect(cameBack).toEqual([]);
    expect(await host.store.selectFrom('outbox').selectAll().execute()).toEqual([]);
  });
});

it('a book of another terminal is not welcome', async () => {
  await sold(3);
  terminal.db.exec("UPDATE link_state SET epoch = 'strange', restoring = 1, since_epoch = 'stranger', since_seq = 3");
  const copy = copied();
  await putBack(copy);
  await until('the alarm', () => host.logged.some(({ event }) => event === 'host.strange-book'));
  expect(terminal.link.status().gateOpen).toBe(false);
});
