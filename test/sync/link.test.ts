import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pack } from '../../sync/protocol/envelope.ts';
import { loadHostKeys, loadTerminalKeys } from '../../sync/protocol/keys.ts';
import type { Ack, Hello, State } from '../../sync/protocol/messages.ts';
import { type DownName, downTopic } from '../../sync/protocol/topics.ts';
import { rejectedDownRows } from '../../sync/stream/inbox.ts';
import { troubledRows } from '../../sync/stream/outbox.ts';
import { embeddedBroker, hostId, type TestBroker } from '../support/broker.ts';
import { expectDelivered } from './delivered.ts';
import { openPeer, type Peer } from './peer.ts';
import { proxyTo } from './proxy.ts';
import {
  downRow,
  ids,
  newPlace,
  openHost,
  openTerminal,
  type Place,
  removePlace,
  type TestTerminal,
  until,
} from './world.ts';

/** The terminal's end against a host that says whatever it likes. */
let broker: TestBroker;
let place: Place;

beforeEach(async () => {
  broker = await embeddedBroker();
  place = newPlace();
});
afterEach(async () => {
  await broker.stop();
  removePlace(place);
});

describe('against a host that says whatever it likes', () => {
  let host: Peer;
  let terminal: TestTerminal;

  beforeEach(async () => {
    host = await openPeer(broker.url, hostId, `pos/v1/+/${place.terminal}/up/#`);
    terminal = openTerminal(place, broker.url);
  });
  afterEach(async () => {
    await terminal.close();
    await host.close();
  });

  const packed = (name: DownName, payload: unknown, key = loadHostKeys(join(place.folder, 'keys')).own) =>
    pack(downTopic(place, name), JSON.stringify(payload), key);
  const say = (name: DownName, payload: unknown) => host.say(downTopic(place, name), packed(name, payload));
  const hellos = () => host.heardOn('/up/hello') as Hello[];
  const welcome = async (more: object = {}) => {
    await until('a hello', () => hellos().length > 0);
    const { deviceTime } = hellos().at(-1) ?? { deviceTime: 0 };
    const nothing = { appliedUp: 0, ranges: [], window: 4, downEpoch: 'd1', downHighest: 0 };
    await say('welcome', { v: 1, boot: 'h', hostTime: Date.now(), deviceTime, ...nothing, ...more });
  };
  const open = async (more: object = {}) => {
    terminal.link.start();
    await welcome(more);
    await until('the link is open', () => terminal.link.status().state === 'open');
  };
  const epoch = () => hellos().at(-1)?.epoch ?? '';
  const ackUp = (upTo: number, more: object = {}) =>
    say('ack', { v: 1, epoch: epoch(), upTo, ranges: [], rejected: [], window: 4, ...more });
  const down = (numbers: readonly number[], in_ = 'd1') =>
    say('rows', {
      v: 1,
      epoch: in_,
      boot: 'h',
      rows: numbers.map((n) => [n, 'mirror-differs', `differs-${n}`, downRow(n).body]),
    });
  const acks = () => host.heardOn('/up/ack');
  const waiting = () => terminal.link.status().outboxCount;

  it('fault 5: acknowledgements that are stale, doubled, of another epoch or of rows never sent', async () => {
    terminal.sell(120);
    await open();
    await ackUp(50);
    await until('50 are acknowledged', () => waiting() === 70);
    await ackUp(120, { epoch: 'other' });
    await ackUp(121);
    await ackUp(20);
    await ackUp(100);
    await ackUp(100);
    await until('100 are acknowledged', () => waiting() === 20);
    expect(terminal.link.status().dropped).toBe(2);
    const marked = () => terminal.db.prepare('SELECT acked_up FROM link_state').pluck().get();
    await until('it is written down', () => marked() === 100);
  });

  it('fault 5: rows from above that are doubled, out of order or of another epoch', async () => {
    await open({ downHighest: 5 });
    await down([1, 2]);
    await down([4, 5]);
    await down([2, 3], 'd0');
    await down([1, 2, 3]);
    await until('three are applied', () => terminal.received().length === 3);
    expect(terminal.link.status().gateOpen).toBe(false);
    await down([4, 5]);
    await until('the gate opens', () => terminal.link.status().gateOpen);
    expect(terminal.received()).toEqual(ids('differs', 5));
    const last = () => acks().at(-1) as Ack | undefined;
    await until('the acknowledgement', () => last()?.upTo === 5);
    expect(last()).toMatchObject({ epoch: 'd1', rejected: [] });
  });

  it('fault 5: rows from above before the welcome on this connection are not applied', async () => {
    terminal.link.start();
    await until('a hello', () => hellos().length > 0);
    await down([1]);
    await welcome({ downHighest: 1 });
    await until('the link is open', () => terminal.link.status().state === 'open');
    expect(terminal.received()).toEqual([]);
    await down([1]);
    await until('the gate opens', () => terminal.link.status().gateOpen);
  });

  it('fault 10: rows from above that are not understood are kept, shown and rejected, and the stream moves', async () => {
    await open({ downHighest: 4 });
    const rows = [
      [1, 'mirror-differs', 'differs-1', downRow(1).body],
      [2, 'fireworks', 'f-1', { big: true }],
      [3, 'mirror-differs', 'differs-3', { no: 'x' }],
      [4, 'mirror-differs', 'differs-4', downRow(4).body],
    ];
    await say('rows', { v: 1, epoch: 'd1', boot: 'h', rows });
    await until('the gate opens', () => terminal.link.status().gateOpen);
    const rejected = [
      { seq: 2, code: 'UNKNOWN_KIND' },
      { seq: 3, code: 'BAD_BODY' },
    ];
    await until('an acknowledgement', () => acks().length === 1);
    expect(acks()[0]).toMatchObject({ upTo: 4, rejected });
    expect(terminal.received()).toEqual(['differs-1', 'differs-4']);
    expect(rejectedDownRows(terminal.db)).toMatchObject([
      { seq: 2, kind: 'fireworks', body: '{"big":true}' },
      { seq: 3 },
    ]);
    await down([5]);
    await until('another acknowledgement', () => acks().length === 2);
    expect(acks()[1]).toMatchObject({ upTo: 5, rejected });
  });

  it.each<[string, () => Buffer]>([
    ['is not JSON', () => Buffer.from('hello')],
    ['is signed by a terminal', () => packed('ack', { v: 1 }, loadTerminalKeys(join(place.folder, 'keys')).own)],
    ['is signed for another topic', () => packed('welcome', { v: 1 })],
    [
      'is of an unknown version',
      () => packed('ack', { v: 2, epoch: epoch(), upTo: 10, ranges: [], rejected: [], window: 4 }),
    ],
    [
      'acknowledges less than nothing',
      () => packed('ack', { v: 1, epoch: epoch(), upTo: -1, ranges: [], rejected: [], window: 4 }),
    ],
    ['opens no window', () => packed('ack', { v: 1, epoch: epoch(), upTo: 10, ranges: [], rejected: [], window: 0 })],
  ])('fault 10: a message that %s is counted and dropped', async (_, bytes) => {
    terminal.sell(10);
    await open();
    await host.say(downTopic(place, 'ack'), bytes());
    await until('it is counted', () => terminal.link.status().dropped === 1);
    expect(terminal.link.status()).toMatchObject({ state: 'open', outboxCount: 10 });
  });

  it('fault 10: a replayed welcome does not open the gate', async () => {
    terminal.link.start();
    await until('a hello', () => hellos().length > 0);
    await welcome({ deviceTime: 12_345 });
    await until('it says hello again', () => hellos().length > 1);
    expect(terminal.link.status().state).toBe('connected');
  });

  it('an invitation does not make it forget the hello that is under way: else each answer would come too late for ever', async () => {
    terminal.link.start();
    await until('a hello', () => hellos().length > 0);
    const [first] = hellos();
    await welcome({ deviceTime: 0 });
    await until('another hello', () => hellos().length > 1);
    await welcome({ deviceTime: first?.deviceTime });
    await until('the link is open', () => terminal.link.status().state === 'open');
  });

  it('a rejected row is shown with the code of the host', async () => {
    terminal.sell(3);
    await open();
    await ackUp(3, { rejected: [{ seq: 2, code: 'UNBALANCED_JOURNAL' }] });
    await until('it is written down', () => troubledRows(terminal.db).length === 1);
    expect(troubledRows(terminal.db)).toMatchObject([{ seq: 2, id: 'check-2', rejected: 'UNBALANCED_JOURNAL' }]);
    expect(waiting()).toBe(0);
  });

  it('a host that has more than the terminal says that a backup was restored: nothing is sent', async () => {
    terminal.sell(2);
    terminal.link.start();
    await welcome({ appliedUp: 3 });
    await until('the problem is shown', () => terminal.link.status().lastProblem === 'BACKUP_RESTORED');
    expect(terminal.link.status()).toMatchObject({ state: 'connected', gateOpen: false });
    expect(host.heardOn('/up/rows')).toEqual([]);
  });

  it('a host that was restored from a backup gets again what it lost', async () => {
    terminal.sell(5);
    await open();
    await ackUp(5);
    await until('all are acknowledged', () => waiting() === 0);
    await until('the lost rows come', async () => {
      await welcome({ boot: 'h2', appliedUp: 3 }); // an invitation, until it answers a hello
      return host.heardOn('/up/rows').length >= 2;
    });
    expect(host.heardOn('/up/rows')[1]).toMatchObject({
      rows: [[4], [5]].map(([seq]) => [seq, 'settlement-checked', `check-${seq}`, {}]),
    });
  });

  it('names each connection, so that a late will of the last one ends nothing', async () => {
    const boots = () => new Set(hellos().map(({ boot }) => boot));
    for (const connections of [1, 2]) {
      terminal.link.start();
      await until('a hello of this connection', () => boots().size === connections);
      await terminal.link.stop();
    }
    const births = (host.heardOn('/up/state') as State[]).filter(({ online }) => online);
    expect(births.map(({ boot }) => boot)).toEqual([...boots()]);
  });

  it('takes the offset of the clocks at the midpoint', async () => {
    terminal.link.start();
    await welcome({ hostTime: Date.now() + 3_600_000 });
    await until('the link is open', () => terminal.link.status().state === 'open');
    expect(Math.abs((terminal.link.status().clockOffsetMs ?? 0) - 3_600_000)).toBeLessThan(1_000);
  });
});

describe('with a real host', () => {
  it('a row that ends the connection each time is sent alone, set aside after five times, and the others arrive', async () => {
    const wire = await proxyTo(broker.url);
    wire.chokeOn('"S7"');
    const host = await openHost(place, broker.url);
    const terminal = openTerminal(place, wire.url);
    terminal.sell(20);
    terminal.link.start();
    await until('everything is acknowledged', () => terminal.link.status().outboxCount === 0);
    expect(await host.applied()).toEqual(ids('check', 20).filter((id) => id !== 'check-7'));
    await until('it is shown', () => troubledRows(terminal.db).some((row) => row.rejected !== null));
    expect(troubledRows(terminal.db)).toMatchObject([{ seq: 7, kind: 'settlement-checked', rejected: 'UNKNOWN_KIND' }]);
    expect(terminal.logged).toContainEqual({ event: 'link.problem', code: 'ROW_SET_ASIDE' });
    await terminal.close();
    await host.close();
    await wire.stop();
  });

  it('a bug in applying holds up its row and keeps the gate shut; nothing is lost', async () => {
    let bug = true;
    const failures: unknown[] = [];
    const host = await openHost(place, broker.url);
    await host.tell(4);
    const terminal = openTerminal(place, broker.url, {
      apply: (tx, row) => {
        tx.prepare('INSERT INTO down_applied (seq, id) VALUES (?, ?)').run(row.seq, row.id);
        if (bug && row.id === 'differs-3') throw new TypeError('a bug');
      },
      failed: (error) => failures.push(error),
    });
    terminal.link.start();
    await until('the bug is told', () => failures.length > 0);
    expect(terminal.received()).toEqual(ids('differs', 2));
    expect(terminal.link.status()).toMatchObject({ state: 'open', gateOpen: false, lastProblem: 'TypeError' });
    bug = false;
    await expectDelivered(terminal, host, 0, 4);
    expect(terminal.link.status().gateOpen).toBe(true);
    await terminal.close();
    await host.close();
  });

  it('stops and starts again', async () => {
    const host = await openHost(place, broker.url);
    const terminal = openTerminal(place, broker.url);
    for (let round = 1; round <= 3; round++) {
      terminal.link.start();
      terminal.sell(10);
      await expectDelivered(terminal, host, 10 * round);
      await terminal.link.stop();
      expect(terminal.link.status().state).toBe('stopped');
      await until('the host knows', () => host.link.status().online.length === 0);
    }
    await terminal.close();
    await host.close();
  });
});
