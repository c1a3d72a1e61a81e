import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mosquittoBroker } from '../support/broker.ts';
import { canary, traces, tracesBelow, tracesIn } from '../support/canary.ts';
import { startTestSystem } from '../support/terminal.ts';

/** payments.md, Card data: a broker that keeps every message, in its file and in its memory, has no card in either. */

const card = canary('622588327182818284');
const topicsOfPos = 'pos/v1/#';
let folder: string;
let broker: Awaited<ReturnType<typeof mosquittoBroker>>;
let memory: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mosquitto-kept-'));
  broker = await mosquittoBroker(4, folder);
  // Somebody who is away, for whom everything is kept.
  const away = await connectAsync(broker.url, { clientId: 'away', clean: false });
  await away.subscribeAsync(topicsOfPos, { qos: 1 });
  await away.endAsync();
  process.env['POS_BROKER_URL'] = broker.url;
  const system = await startTestSystem();
  for (const amountFen of [10_000, 10_051, 20_000]) await system.sell(amountFen, { card });
  await system.closeBatch();
  await system.atRest();
  memory = memoryOf(broker.pid);
  await system.stop();
  await broker.stop();
}, 60_000);
afterAll(() => {
  delete process.env['POS_BROKER_URL'];
  rmSync(folder, { recursive: true });
});

/** What a core dump of a process would hold: its writable memory. */
function memoryOf(pid: number): Buffer {
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  const parts = readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = ''] = /^([\da-f]+)-([\da-f]+) rw/.exec(line) ?? [];
      const size = Number.parseInt(to, 16) - Number.parseInt(from, 16);
      if (!(size > 0)) return [];
      const part = Buffer.alloc(size);
      try {
        return [part.subarray(0, readSync(fd, part, 0, size, Number.parseInt(from, 16)))];
      } catch {
        return []; // a page that nobody may read
      }
    });
  closeSync(fd);
  return Buffer.concat(parts);
}

test('the messages are there: masked cards in its file and in its memory', () => {
  const masked = Buffer.from(`${card.pan.slice(0, 6)}*`);
  expect(tracesBelow(folder, new Map([['masked', masked]]))).not.toEqual([]);
  expect(tracesIn(memory, new Map([['masked', masked]]))).toEqual(['masked']);
});

test('the card is not', () => {
  expect(tracesBelow(folder, traces(card))).toEqual([]);
  expect(tracesIn(memory, traces(card))).toEqual([]);
});
