import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostReject } from '../../../sync/host/business.ts';
import { pack } from '../../../sync/protocol/envelope.ts';
import { loadHostKeys, loadTerminalKeys } from '../../../sync/protocol/keys.ts';
import type { RowOnWire } from '../../../sync/protocol/parse-row.ts';
import { allDown, type UpName, upTopic } from '../../../sync/protocol/topics.ts';
import { embeddedBroker, type TestBroker } from '../../support/broker.ts';
import { openPeer, type Peer } from '../peer.ts';
import {
  type HostExtras,
  ids,
  newPlace,
  openHost,
  type Place,
  removePlace,
  type TestHost,
  until,
  upRow,
} from '../world.ts';

/** The host's end against a terminal that says whatever it likes. */
let broker: TestBroker;
let place: Place;
let peer: Peer;
let host: TestHost;
let bugAt: string | null;
let refuse: string | null;

const business: HostExtras = {
  applyUp: (_, __, row) => {
    if (row.id === bugAt) return Promise.reject(new TypeError('a bug'));
    if (row.id === refuse) return Promise.reject(new HostReject('UNBALANCED_JOURNAL'));
    return Promise.resolve();
  },
  answer: (_, request) =>
    Promise.resolve({
      kind: 'reverse',
      payment: 'payment' in request ? request.payment : '',
      stan: request.stan,
      code: '00',
    }),
};

beforeEach(async () => {
  broker = await embeddedBroker();
  place = newPlace();
  bugAt = null;
  refuse = null;
  host = await openHost(place, broker.url, business);
  peer = await openPeer(broker.url, place.terminal, filterOf(allDown(place)));
  await until('the host is connected', () => host.link.status().connected);
});
afterEach(async () => {
  await peer.close();
  await host.close();
  await broker.stop();
  removePlace(place);
});

const filterOf = ([first]: readonly { readonly filter: string }[]) => first?.filter ?? '';
const packed = (name: UpName, payload: unknown, key = loadTerminalKeys(join(place.folder, 'keys')).own) =>
  pack(upTopic(place, name), JSON.stringify(payload), key);
const say = (name: UpName, payload: unknown) => peer.say(upTopic(place, name), packed(name, payload));
const hello = (epoch: string, more: object = {}) =>
  say('hello', { v: 1, boot: 'b', epoch, highestSeq: 99, highestAcked: 0, appliedDown: 0, deviceTime: 7, ...more });
const onWire = (n: number, id = `check-${n}`): RowOnWire => [n, 'settlement-checked', id, upRow(n).body];
const sayRows = (rows: readonly RowOnWire[], epoch = 'e1') => say('rows', { v: 1, epoch, boot: 'b', rows });
const welcomes = () => peer.heardOn('/down/welcome');
const lastAck = () => peer.heardOn('/down/ack').at(-1);
/** Waits for the next acknowledgement after what `work` says. */
async function acknowledged(work: () => Promise<void>): Promise<unknown> {
  const before = peer.heardOn('/down/ack').length;
  await work();
  await until('an acknowledgement', () => peer.heardOn('/down/ack').length > before);
  return lastAck();
}
async function greeted(epoch = 'e1'): Promise<void> {
  const before = welcomes().length;
  await hello(epoch);
  await until('a welcome', () => welcomes().length > before);
}
const inbox = () =>
  host.store.selectFrom('inbox').select(['epoch', 'seq', 'state', 'code']).orderBy('epoch').orderBy('seq').execute();

describe('fault 5: rows at the host', () => {
  it('beyond a hole are kept and shown as such, and applied in order when the hole is filled', async () => {
    await greeted();
    expect(await acknowledged(() => sayRows([onWire(3), onWire(4)]))).toMatchObject({ upTo: 0, ranges: [[3, 4]] });
    expect(await host.applied()).toEqual([]);
    expect(await acknowledged(() => sayRows([onWire(6)]))).toMatchObject({
      upTo: 0,
      ranges: [
        [3, 4],
        [6, 6],
      ],
    });
    await greeted(); // a new connection hears of the hole too
    expect(welcomes().at(-1)).toMatchObject({
      appliedUp: 0,
      ranges: [
        [3, 4],
        [6, 6],
      ],
    });
    expect(await acknowledged(() => sayRows([onWire(2), onWire(1)]))).toMatchObject({ upTo: 4, ranges: [[6, 6]] });
    expect(await acknowledged(() => sayRows([onWire(5)]))).toMatchObject({ upTo: 6, ranges: [] });
    expect(await host.applied()).toEqual(ids('check', 6));
  });

  it('doubled and stale are acknowledged again and applied once', async () => {
    await greeted();
    for (const rows of [[1, 2], [1, 2], [2, 3], [1], [1, 2, 3]])
      await acknowledged(() => sayRows(rows.map((n) => onWire(n))));
    expect(lastAck()).toMatchObject({ upTo: 3, rejected: [] });
    expect(await host.applied()).toEqual(ids('check', 3));
  });

  it('of another epoch change nothing', async () => {
    await greeted();
    await sayRows([onWire(1)], 'e0');
    expect(await acknowledged(() => sayRows([onWire(1, 'check-first')]))).toMatchObject({ upTo: 1 });
    expect(await host.applied()).toEqual(['check-first']);
  });

  it('under a seq that came before with other bytes mean a restored backup: kept aside, alarm, nothing changed', async () => {
    await greeted();
    await acknowledged(() => sayRows([onWire(1), onWire(2)]));
    await acknowledged(() => sayRows([onWire(2, 'check-other')]));
    expect(await host.applied()).toEqual(ids('check', 2));
    expect(host.logged.map((l) => l.event)).toContain('host.backup-restored');
    const conflict = await host.store.selectFrom('inbox_conflict').select(['seq', 'id']).execute();
    expect(conflict).toEqual([{ seq: 2, id: 'check-other' }]);
  });

  it('of a new database with ids that were applied before are not applied again; with another body they are quarantined', async () => {
    await greeted();
    await acknowledged(() => sayRows([onWire(1), onWire(2)]));
    await greeted('e2');
    const changed: RowOnWire = [2, 'settlement-checked', 'check-2', { ...upRow(2).body, at: 1 }];
    expect(await acknowledged(() => sayRows([onWire(1), changed, onWire(3)], 'e2'))).toMatchObject({
      epoch: 'e2',
      upTo: 3,
      rejected: [{ seq: 2, code: 'IDEMPOTENCY_CONFLICT' }],
    });
    expect(await host.applied()).toEqual(ids('check', 3));
    expect((await inbox()).map((row) => row.state)).toEqual([
      'applied',
      'applied',
      'repeated',
      'quarantined',
      'applied',
    ]);
  });

  it('an epoch that another one followed is not welcome any more, and is told so', async () => {
    await greeted('e1');
    await greeted('e2');
    await hello('e1');
    await until('the alarm', () => host.logged.some((l) => l.event === 'host.old-epoch'));
    expect(await acknowledged(() => sayRows([onWire(1)], 'e2'))).toMatchObject({ epoch: 'e2', upTo: 1 });
    expect(welcomes()).toHaveLength(3);
    expect(welcomes().at(-1)).toMatchObject({ retired: true, deviceTime: 7 });
  });
});

describe('fault 10: poison', () => {
  it('rows are stored, rejected with a code, and the stream moves', async () => {
    await greeted();
    const rows: RowOnWire[] = [
      onWire(1),
      [2, 'coffee', 'c-1', { strong: true }],
      [3, 'settlement-checked', 'check-3', { no: 'x' }],
      [4, 'settlement-checked', 'check-4', undefined],
      [5, '__proto__', 'p', {}],
      onWire(6, 'check-2'),
    ];
    const rejected = [
      { seq: 2, code: 'UNKNOWN_KIND' },
      { seq: 3, code: 'BAD_BODY' },
      { seq: 4, code: 'BAD_BODY' },
      { seq: 5, code: 'UNKNOWN_KIND' },
    ];
    expect(await acknowledged(() => sayRows(rows))).toMatchObject({ upTo: 6, rejected });
    expect(await host.applied()).toEqual(ids('check', 2));
    const poison = await host.store
      .selectFrom('inbox')
      .select(['kind', 'body', 'state'])
      .where('seq', '=', 2)
      .execute();
    expect(poison).toEqual([{ kind: 'coffee', body: '{"strong":true}', state: 'rejected' }]);
    // a lost acknowledgement does not take the rejections with it
    expect(await acknowledged(() => sayRows([onWire(7, 'check-3')]))).toMatchObject({ upTo: 7, rejected });
    expect(await acknowledged(() => hello('e1'))).toMatchObject({ upTo: 7, rejected });
  });

  it('a row that the business refuses is quarantined', async () => {
    refuse = 'check-2';
    await greeted();
    expect(await acknowledged(() => sayRows([onWire(1), onWire(2), onWire(3)]))).toMatchObject({
      upTo: 3,
      rejected: [{ seq: 2, code: 'UNBALANCED_JOURNAL' }],
    });
    expect(await host.applied()).toEqual(['check-1', 'check-3']);
    expect((await inbox()).map((row) => row.state)).toEqual(['applied', 'quarantined', 'applied']);
  });

  it('a row that the terminal rejects is kept with its code, and the log says so once', async () => {
    await host.tell(1);
    await greeted();
    await until('the row', () => peer.heardOn('/down/rows').length > 0);
    const { epoch } = peer.heardOn('/down/rows')[0] as { epoch: string };
    const rejected = [{ seq: 1, code: 'NOT_FOUND' }];
    for (let n = 0; n < 2; n++) await say('ack', { v: 1, epoch, upTo: 1, ranges: [], rejected, window: 4 });
    await acknowledged(() => sayRows([onWire(1)]));
    const logged = host.logged.filter(({ event }) => event === 'host.row-rejected-by-terminal');
    expect(logged.map(({ code }) => code)).toEqual(['NOT_FOUND']);
  });

  it('a bug holds up its row and what follows it, not what came before, and nothing is lost', async () => {
    bugAt = 'check-3';
    await greeted();
    expect(await acknowledged(() => sayRows([1, 2, 3, 4].map((n) => onWire(n))))).toMatchObject({
      upTo: 2,
      ranges: [],
    });
    expect(await host.applied()).toEqual(ids('check', 2));
    bugAt = null;
    expect(await acknowledged(() => sayRows([3, 4].map((n) => onWire(n))))).toMatchObject({ upTo: 4 });
    expect(await host.applied()).toEqual(ids('check', 4));
  });

  it.each<[string, () => Buffer]>([
    ['not JSON', () => Buffer.from('hello')],
    ['a wrong signature', () => packed('rows', { v: 1 }, loadHostKeys(join(place.folder, 'keys')).own)],
    ['a signature for another topic', () => packed('hello', { v: 1, epoch: 'e1', boot: 'b', rows: [onWire(1)] })],
    ['an unknown version', () => packed('rows', { v: 2, epoch: 'e1', boot: 'b', rows: [onWire(1)] })],
    ['no rows', () => packed('rows', { v: 1, epoch: 'e1', boot: 'b', rows: [] })],
    [
      'too many rows',
      () => packed('rows', { v: 1, epoch: 'e1', boot: 'b', rows: Array.from({ length: 51 }, (_, i) => onWire(i + 1)) }),
    ],
    ['a seq of 0', () => packed('rows', { v: 1, epoch: 'e1', boot: 'b', rows: [onWire(0)] })],
  ])('a message with %s is counted and dropped', async (_, bytes) => {
    await greeted();
    await peer.say(upTopic(place, 'rows'), bytes());
    await until('it is counted', () => host.link.status().dropped === 1);
    expect(await acknowledged(() => sayRows([onWire(1)]))).toMatchObject({ upTo: 1, rejected: [] });
  });

  it('noise between rows is counted and dropped, and the rows arrive', async () => {
    await greeted();
    const noise = [Buffer.from('hello'), Buffer.alloc(0), packed('rows', { v: 3 }), packed('hello', { v: 1 })];
    const topic = upTopic(place, 'rows');
    const said = ids('check', 20).flatMap((_, i) => [
      sayRows([onWire(i + 1)]),
      ...noise.map((bytes) => peer.say(topic, bytes)),
    ]);
    await Promise.all(said);
    await until('all are applied', async () => (await host.applied()).length === 20);
    expect(await host.applied()).toEqual(ids('check', 20));
    await until('all noise is counted', () => host.link.status().dropped === 80);
  });

  it('a message of a terminal that the host does not know is counted and dropped', async () => {
    const stranger = { merchant: place.merchant, terminal: 'nobody' };
    const other = await openPeer(broker.url, 'nobody', filterOf(allDown(stranger)));
    await other.say(upTopic(stranger, 'hello'), packed('hello', { v: 1 }));
    await until('it is counted', () => host.link.status().dropped === 1);
    await other.close();
  });
});

describe('fault 11: requests at the host', () => {
  const request = {
    kind: 'reverse',
    payment: 'P1',
    stan: '000001',
    batch: '000001',
    amountFen: 100,
    reason: 'timeout',
  };
  const auth = (exp: number) => say('auth', { v: 1, id: 'P1:reverse:000001', exp, request });

  it('one that comes after its exp is ignored and counted; in time it is answered, again and the same', async () => {
    await auth(Date.now() - 1);
    await until('it is counted', () => host.link.status().expired === 1);
    await auth(Date.now() + 60_000);
    await auth(Date.now() + 60_000);
    await until('two answers', () => peer.heardOn('/down/auth').length === 2);
    const [first, second] = peer.heardOn('/down/auth');
    expect(first).toEqual({
      v: 1,
      id: 'P1:reverse:000001',
      answer: { kind: 'reverse', payment: 'P1', stan: '000001', code: '00' },
    });
    expect(second).toEqual(first);
  });
});

describe('state', () => {
  it('an offline of an older boot is ignored, one of this boot ends the session', async () => {
    await greeted();
    const state = (boot: string, online: boolean) => say('state', { v: 1, boot, online, at: 1 });
    await state('older', false);
    await acknowledged(() => sayRows([onWire(1)]));
    expect(host.link.status().online).toEqual([{ merchant: place.merchant, terminal: place.terminal }]);
    await state('b', false);
    await until('the session ends', () => host.link.status().online.length === 0);
  });

  it('a host that starts invites the terminals that are online to say hello', async () => {
    await peer.say(upTopic(place, 'state'), packed('state', { v: 1, boot: 'b', online: true, at: 1 }), true);
    await host.close();
    host = await openHost(place, broker.url, business);
    await until('an invitation', () => welcomes().length === 1);
    expect(welcomes()[0]).toMatchObject({ deviceTime: 0 });
  });
});
