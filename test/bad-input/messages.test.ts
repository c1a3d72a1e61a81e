import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxMessageBytes, pack } from '../../sync/protocol/envelope.ts';
import { loadHostKeys, loadTerminalKeys } from '../../sync/protocol/keys.ts';
import { type SigningKey, signingKey } from '../../sync/protocol/signing.ts';
import { type DownName, downTopic, type UpName, upTopic } from '../../sync/protocol/topics.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

/** Messages that nobody should send (issue, Bad input): dropped and counted with a log line without content; money stays, the process goes on. */

const secret = '6222029999000003';
const stranger = signingKey(generateKeyPairSync('ed25519').privateKey);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  await system.sell(10_000);
  await system.atRest();
});
afterAll(() => system.stop());

const tables = ['payment', 'batch', 'settlement', 'journal', 'entry', 'balance', 'outbox'];
const book = (): string =>
  JSON.stringify(tables.map((table) => system.db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()));
const hostBook = (): string =>
  JSON.stringify(
    ['approvals', 'answers', 'barred', 'batches', 'host_journals', 'mirror', 'settlements'].map((table) =>
      system.host.rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4`),
    ),
  );

/** Nothing changed, and a sale works as before. */
async function goesOn(before: string): Promise<void> {
  expect(book()).toBe(before);
  expect((await system.sell(20_000)).kind).toBe('approved');
  expect(await system.problems()).toEqual([]);
  expect(system.logged.join('\n')).not.toContain(secret);
}

interface Bad {
  readonly what: string;
  /** What the log says about it. */
  readonly code: string;
  readonly make: (topic: string, key: SigningKey) => Buffer;
}

const bad: readonly Bad[] = [
  { what: 'nothing', code: 'BAD_MESSAGE', make: () => Buffer.alloc(0) },
  { what: 'text', code: 'BAD_MESSAGE', make: () => Buffer.from(`hello ${secret}`) },
  { what: 'a header and no JSON', code: 'BAD_MESSAGE', make: (topic, key) => pack(topic, `{${secret}`, key) },
  { what: 'JSON of another shape', code: 'BAD_MESSAGE', make: (topic, key) => pack(topic, `{"pan":"${secret}"}`, key) },
  { what: 'JSON null', code: 'BAD_MESSAGE', make: (topic, key) => pack(topic, 'null', key) },
  { what: 'deeply nested JSON', code: 'BAD_MESSAGE', make: (topic, key) => pack(topic, '['.repeat(50_000), key) },
  { what: 'a header that is no header', code: 'BAD_MESSAGE', make: () => Buffer.from(`{"v":2}\n{"pan":"${secret}"}`) },
  {
    what: 'bytes that are not UTF-8',
    code: 'BAD_MESSAGE',
    make: () => Buffer.from([0xff, 0xfe, 0x0a, 0xc0, 0x80]),
  },
  {
    what: 'a stranger’s signature',
    code: 'BAD_SIGNATURE',
    make: (topic) => pack(topic, JSON.stringify({ v: 1, secret }), stranger),
  },
  {
    what: 'the right key id over other bytes',
    code: 'BAD_SIGNATURE',
    make: (topic, key) => Buffer.concat([pack(topic, '{"v":1}', key), Buffer.from(' ')]),
  },
  {
    what: 'a message signed for another topic',
    code: 'BAD_SIGNATURE',
    make: (topic, key) => pack(`${topic}x`, '{"v":1}', key),
  },
  {
    what: 'more bytes than a message may have',
    code: 'BAD_MESSAGE',
    make: () => Buffer.alloc(maxMessageBytes + 1, 'a'),
  },
];

describe('to the terminal', () => {
  const names: readonly DownName[] = ['welcome', 'auth', 'rows', 'ack'];
  test.each(bad)('$what, on every topic', async ({ code, make }) => {
    const before = book();
    const so = dropped('terminal', code);
    const key = loadHostKeys(`${system.home}/keys`).own;
    for (const name of names) {
      const topic = downTopic(system.config, name);
      system.wire.inject('client', topic, make(topic, key));
    }
    await system.eventually('all are dropped', () => dropped('terminal', code) === so + names.length);
    await goesOn(before);
  });

  test('rightly signed, for another terminal', async () => {
    const before = book();
    const key = loadHostKeys(`${system.home}/keys`).own;
    const topic = downTopic({ ...system.config, terminal: '99999999' }, 'rows');
    system.wire.inject('client', topic, pack(topic, '{"v":1}', key));
    await system.eventually('it is dropped', () => dropped('terminal', 'WRONG_TERMINAL') === 1);
    await goesOn(before);
  });

  test('everything that was ever said to it, again, forwards and backwards', async () => {
    await system.closeBatch();
    await system.atRest();
    await system.ready();
    const said = system.wire.seen.filter(({ towards }) => towards === 'client');
    const money = () =>
      JSON.stringify(
        ['journal', 'entry', 'balance', 'batch'].map((t) => system.db.prepare(`SELECT * FROM ${t}`).all()),
      );
    const before = money();
    for (const { topic, payload } of [...said, ...[...said].reverse()]) system.wire.inject('client', topic, payload);
    expect((await system.sell(20_000)).kind).toBe('approved');
    await system.atRest();
    expect(system.count('SELECT count(*) FROM journal')).toBe(JSON.parse(before)[0].length + 1);
    expect(await system.problems()).toEqual([]);
  });

  test.each([
    [
      'of a kind that it does not know',
      (row: Row): Row => [row[0], 'weather', row[2], { forecast: secret }],
      'UNKNOWN_KIND',
    ],
    ['with a body that breaks its contract', (row: Row): Row => [row[0], row[1], row[2], { rev: secret }], 'BAD_BODY'],
    [
      'about a settlement that was never asked for',
      (row: Row): Row => [row[0], 'settle-result', row[2], { ...unheardOf }],
      'BAD_MESSAGE',
    ],
  ])('a row %s: set apart with its code, the stream goes on', async (_, edit, code) => {
    const key = loadHostKeys(`${system.home}/keys`).own;
    const honest = system.wire.rule(({ towards, topic, payload }) => {
      if (towards !== 'client' || !topic.endsWith('/down/rows')) return undefined;
      const message = JSON.parse(payload.subarray(payload.indexOf(10) + 1).toString());
      const rows = message.rows.map((row: Row) =>
        JSON.stringify(row[3]).includes('"kind":"parameters"') ? edit(row) : row,
      );
      return pack(topic, JSON.stringify({ ...message, rows }), key);
    });
    const before = book();
    await system.host.command({ command: 'set-parameter', name: 'sale.maxFen', value: 500_000 + before.length });
    await system.eventually(
      'it is set apart',
      () => system.count('SELECT count(*) FROM down_rejected WHERE code = ?', code) === 1,
    );
    honest();
    await goesOn(before);
  });
});

/** The newest request of a sale, as it went up. */
function lastSaleRequest() {
  const request = system.wire.seen.findLast(({ payload }) => payload.includes('"request":{"kind":"sale"'));
  return JSON.parse(String(request?.payload.subarray(request.payload.indexOf(10) + 1)));
}

const unheardOf = {
  no: 'NOBODY-ASKED',
  at: 1,
  outcome: 'succeeded',
  reason: null,
  limit: null,
  hostRef: null,
  transferRef: null,
  serviceFeeFen: 0,
  valueDate: null,
  rev: 1,
};

type Row = [seq: number, kind: string, id: string, body: unknown];

describe('to the host', () => {
  const names: readonly UpName[] = ['hello', 'auth', 'rows', 'ack', 'state'];
  test.each(bad)('$what, on every topic', async ({ code, make }) => {
    const before = [book(), hostBook()];
    const so = dropped('host', code);
    const key = loadTerminalKeys(`${system.home}/keys`).own;
    for (const name of names) {
      const topic = upTopic(system.config, name);
      system.host.wire.inject('client', topic, make(topic, key));
    }
    await system.eventually('all are dropped', () => dropped('host', code) === so + names.length);
    expect(hostBook()).toBe(before[1]);
    await goesOn(before[0] ?? '');
  });

  test('from a terminal that it does not know', async () => {
    const before = book();
    const so = dropped('host', 'WRONG_TERMINAL'); // a broker that is shared has other terminals too
    const topic = upTopic({ ...system.config, terminal: '99999999' }, 'auth');
    system.host.wire.inject('client', topic, pack(topic, '{"v":1}', stranger));
    await system.eventually('it is dropped', () => dropped('host', 'WRONG_TERMINAL') > so);
    await goesOn(before);
  });

  test('everything that was ever said to it, again, forwards and backwards: nothing is booked twice', async () => {
    await system.sell(10_051);
    await system.atRest();
    const before = [book(), hostBook()];
    const said = system.host.wire.seen.filter(
      ({ towards, topic }) => towards === 'client' && !topic.endsWith('/state'),
    );
    for (const { topic, payload } of [...said, ...[...said].reverse()])
      system.host.wire.inject('client', topic, payload);
    await system.host.stop(); // whatever it had begun is ended
    expect(hostBook()).toBe(before[1]);
    await system.host.start();
    await goesOn(before[0] ?? '');
  });

  test('a request that has expired is not answered and not booked', async () => {
    const before = [book(), hostBook()];
    const message = lastSaleRequest();
    const late = {
      ...message,
      id: 'late',
      exp: message.exp - 600_000,
      request: { ...message.request, payment: '01M80000000000000000000000' },
    };
    const topic = upTopic(system.config, 'auth');
    system.host.wire.inject(
      'client',
      topic,
      pack(topic, JSON.stringify(late), loadTerminalKeys(`${system.home}/keys`).own),
    );
    await system.eventually('it is logged', () => system.logged.some((line) => line.includes('host.request-expired')));
    expect(hostBook()).toBe(before[1]);
    await goesOn(before[0] ?? '');
  });

  test.each([
    ['nothing', 0],
    ['less than nothing', -100],
    ['half a fen', 0.5],
    ['text', '100'],
    ['more than a number holds', 1e300],
  ])('a sale over %s', async (_, amountFen) => {
    const before = [book(), hostBook()];
    const so = dropped('host', 'BAD_MESSAGE');
    const message = lastSaleRequest();
    const topic = upTopic(system.config, 'auth');
    const asked = {
      ...message,
      id: 'other',
      request: { ...message.request, payment: '01M80000000000000000000000', amountFen },
    };
    system.host.wire.inject(
      'client',
      topic,
      pack(topic, JSON.stringify(asked), loadTerminalKeys(`${system.home}/keys`).own),
    );
    await system.eventually('it is dropped', () => dropped('host', 'BAD_MESSAGE') === so + 1);
    expect(hostBook()).toBe(before[1]);
    await goesOn(before[0] ?? '');
  });
});

/** How often this end has dropped a message with this code. */
const dropped = (who: 'terminal' | 'host', code: string): number =>
  system.logged
    .map((line) => JSON.parse(line))
    .filter((line) => line.who === who && /message-dropped$/.test(line.event) && line.code === code).length;
