import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encipheredPin } from '../drivers/simulator/dukpt.ts';
import { loadHostKeys } from '../sync/protocol/keys.ts';
import { openCard } from '../sync/protocol/sealing.ts';
import { canary, pinTraces, traces, tracesBelow, tracesIn } from './support/canary.ts';
import { startTestSystem, type TestSystem } from './support/terminal.ts';

/** payments.md, Card data: a day with cards and PINs that stand nowhere else, and then every file, log line, slip and message is searched for them. */

const held = canary('622588314159265358');
const swiped = canary('621799271828182845');
const refused = canary('625900161803398874');
const inserted = { ...canary('623557711314159265'), chip: true };
const wrongPin = '739184';
const rightPin = '123456';
/** Every PIN block that this pad can have made today: it counts its keys from 1. */
const blocks = [swiped, inserted, refused].flatMap(({ pan }) =>
  [wrongPin, rightPin].flatMap((pin) => Array.from({ length: 12 }, (_, n) => encipheredPin(pin, pan, n + 1).block)),
);
const all = [...[held, swiped, refused, inserted].map((card) => traces(card)), pinTraces(blocks, [wrongPin])];

let system: TestSystem;
/** Everything that was said to the cashier. */
const told: unknown[] = [];

beforeAll(async () => {
  system = await startTestSystem({
    limits: { hostWaitMs: 300, cardWaitMs: 1_000, pinWaitMs: 1_000 },
    logFiles: true,
    devices: { pinPad: true },
  });
  const { reader, pinPad } = system.devices;
  let pins = [rightPin];
  pinPad.onAsk(() => void pinPad.enterPin(pins.shift() ?? rightPin));
  const abort = new AbortController();
  await system.host.fault({ kind: 'forget-approval' });
  const sale = async (...how: Parameters<TestSystem['sell']>) => told.push(await system.sell(...how).catch(String));
  await sale(10_000, { card: held });
  await sale(20_000, { card: swiped, how: 'swipe' });
  await sale(10_051, { card: refused });
  pins = [wrongPin, rightPin];
  await sale(10_000, { card: swiped, how: 'swipe' });
  await sale(10_000, { atReader: () => reader.insert(inserted) });
  reader.takeAway();
  const offered = system.cashier.offeredCard(new AbortController().signal);
  await system.eventually('the reader waits at idle', () => reader.isWaiting());
  reader.swipe(swiped);
  told.push(await offered);
  await sale(10_000, { atReader: () => {} });
  await sale(10_098, { card: held });
  await system.ready();
  await sale(10_099, { card: swiped, how: 'swipe' });
  await system.ready();
  await sale(10_000, { atReader: () => reader.swipe(refused, 'track') });
  await sale(10_000, { atReader: () => reader.present(refused, 'removed') });
  await sale(10_000, { card: refused, confirm: () => Promise.resolve(false) });
  await sale(10_000, { card: held, signal: abort.signal, onStep: (step) => step.at === 'host' && abort.abort() });
  await system.ready();
  const off = system.wire.rule(({ topic }) => (topic.endsWith('/up/auth') ? 'drop' : undefined));
  await sale(10_000, { card: held });
  off();
  await system.ready();
  system.wire.cut();
  await system.eventually('the terminal has noticed', () => system.cashier.status().link !== 'online');
  await system.ready();
  told.push(await system.closeBatch());
  await system.ready();
  await system.atRest();
  told.push(await system.settle());
  told.push(system.cashier.transactions(50));
  await system.atRest();
}, 60_000);
afterAll(() => system.stop());

const nowhere = (where: string, bytes: Buffer): void => {
  for (const wanted of all) expect(tracesIn(bytes, wanted), where).toEqual([]);
};

test('the day was one: approved, declined, reversed, stopped, closed, settled', () => {
  const kinds = told.map((outcome) =>
    outcome && typeof outcome === 'object' && 'kind' in outcome ? outcome.kind : '-',
  );
  expect(kinds).toEqual([
    'approved',
    'approved',
    'declined',
    'approved',
    'approved',
    '-',
    'approved',
    'unknown',
    'unknown',
    'stopped',
    'stopped',
    'stopped',
    'unknown',
    'unknown',
    'closed',
    '-',
    '-',
  ]);
});

describe('B-031: no card number, no track, in any form', () => {
  test('in any file below the home: book, host’s book, WAL, logs, keys', async () => {
    const files = readdirSync(system.home, { recursive: true }).map(String);
    expect(files).toEqual(
      expect.arrayContaining(['terminal.db', 'terminal.db-wal', 'host.db', 'host.db-wal', 'log/terminal.1.log']),
    );
    for (const wanted of all) expect(tracesBelow(system.home, wanted)).toEqual([]);
  });

  test('in any message, either way, on either wire', () => {
    const messages = [...system.wire.seen, ...system.host.wire.seen];
    expect(messages.length).toBeGreaterThan(50);
    for (const { topic, payload } of messages) nowhere(topic, payload);
  });

  test('in any log line, on any slip, in anything that the cashier is told', () => {
    nowhere('the logs', Buffer.from(system.logged.join('\n')));
    nowhere('the slips', Buffer.from(system.slips().flat().join('\n')));
    nowhere('the screen', Buffer.from(JSON.stringify(told)));
  });

  test('on any slip but as 6+4', () => {
    const paper = system.slips().flat().join('\n');
    for (const { pan } of [held, swiped]) expect(paper).toContain(`${pan.slice(0, 6)}*********${pan.slice(-4)}`);
  });
});

const saleRequests = () =>
  system.wire.seen
    .filter(({ topic, payload }) => topic.endsWith('/up/auth') && payload.includes('"kind":"sale"'))
    .map(({ payload }) => JSON.parse(payload.subarray(payload.indexOf(10) + 1).toString()).request);

describe('the search itself', () => {
  test('the card was there: the host opens it from what went over the wire', () => {
    const { opening } = loadHostKeys(join(system.home, 'keys'));
    const opened = saleRequests().map((request) => openCard(request.card, request.payment, opening).pan);
    expect(new Set(opened)).toEqual(new Set([held.pan, swiped.pan, refused.pan, inserted.pan]));
  });

  test('the PINs were there: the host opens their blocks, which are among those that were searched for', () => {
    const { opening } = loadHostKeys(join(system.home, 'keys'));
    const sent = saleRequests().flatMap((request) => openCard(request.card, request.payment, opening).pin?.block ?? []);
    expect(sent.length).toBeGreaterThanOrEqual(4);
    for (const block of sent) expect(blocks).toContain(block);
  });

  const { pan } = held;
  const leaks: readonly [string, (text: string) => Buffer][] = [
    ['plain', (text) => Buffer.from(text)],
    ['hex', (text) => Buffer.from(Buffer.from(text).toString('hex'))],
    ['packed', (text) => Buffer.from(text, 'hex')],
    ['base64', (text) => Buffer.from(Buffer.from(text).toString('base64'))],
    ['base64, one byte on', (text) => Buffer.from(Buffer.from(` ${text}`).toString('base64'))],
    ['base64, two bytes on', (text) => Buffer.from(Buffer.from(`  ${text}`).toString('base64'))],
    ['UTF-16', (text) => Buffer.from(text, 'utf16le')],
  ];
  test.each(leaks)('finds a leak: %s', (_, leak) => {
    const file = join(system.home, 'leak');
    writeFileSync(
      file,
      Buffer.concat([
        Buffer.from('some text before '),
        leak(pan.length % 2 ? `${pan}0` : pan),
        Buffer.from(' and behind'),
      ]),
    );
    expect(tracesBelow(system.home, traces(held)).length).toBeGreaterThan(0);
    writeFileSync(file, '');
  });

  test('finds only the hidden middle', () => {
    expect(tracesIn(Buffer.from(`x${pan.slice(6, -4)}x`), traces(held))).toEqual(['hidden middle']);
  });
});
