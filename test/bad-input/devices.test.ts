import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../drivers/simulator/behaviours.ts';
import { fen } from '../../terminal/base/money.ts';
import { refusal } from '../support/refusal.ts';
import { startTestSystem, type TestSystem, unionPayCard } from '../support/terminal.ts';

/** Frames that no device should send, in the middle of a sale: never a charge that was not meant, never a charge twice. */

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());
beforeEach(async () => {
  system.devices.reader.reset();
  system.devices.printer.reset();
  await system.eventually('the reader is there', () => system.cashier.status().readerProblem === undefined);
});

const charged = (): number => system.host.count("SELECT count(*) FROM approvals WHERE state = 'APPROVED'");
const asked = (): number =>
  system.wire.seen.filter(({ payload }) => payload.includes('"request":{"kind":"sale"')).length;

/** What becomes of each frame of a device: the chunks that arrive of it. */
const arrivingAs = (chunks: (frame: Uint8Array) => readonly Uint8Array[]): Behaviour<unknown> => ({
  onSend(bytes, deliver) {
    for (const chunk of chunks(bytes)) deliver(chunk);
  },
});
const behind = (...noise: readonly number[]) => arrivingAs((frame) => [Uint8Array.from([...noise, ...frame])]);
const twice = arrivingAs((frame) => [frame, frame]);
const silence = arrivingAs(() => []);

/** The reader's answer to the card goes through `fault`. */
const answerThrough = (fault: Behaviour<unknown>) => () => {
  system.devices.reader.use(fault);
  system.devices.reader.present(unionPayCard);
};

describe('the reader, with the card', () => {
  const harmless: readonly [string, Behaviour<unknown>][] = [
    ['noise in front of every frame', behind(0x00, 0x56, 0x69, 0xff)],
    ['every byte alone', arrivingAs((frame) => [...frame].map((byte) => Uint8Array.of(byte)))],
    ['every frame twice', twice],
  ];
  test.each(harmless)('%s: approved, once', async (_, fault) => {
    const before = charged();
    expect((await system.sell(10_000, { atReader: answerThrough(fault) })).kind).toBe('approved');
    expect(charged()).toBe(before + 1);
    expect(await system.problems()).toEqual([]);
  });

  const broken: readonly [string, Behaviour<unknown>][] = [
    ['a wrong checksum', arrivingAs((frame) => [frame.with(-1, (frame.at(-1) ?? 0) ^ 0x01)])],
    ['a frame that is torn off', arrivingAs((frame) => [frame.slice(0, 9)])],
    ['an answer of one byte', arrivingAs((frame) => [frame.slice(0, 1)])],
    ['no answer', silence],
  ];
  test.each(broken)('%s: no card was read; 取消 ends it, nothing was asked, the next sale goes', async (_, fault) => {
    const before = [charged(), asked()];
    const abort = new AbortController();
    const atReader = answerThrough(fault);
    const sale = system.sell(10_000, {
      signal: abort.signal,
      atReader: () => {
        atReader();
        system.devices.reader.onActivate(() => setImmediate(() => abort.abort()));
      },
    });
    expect(await sale).toMatchObject({ kind: 'stopped' });
    expect([charged(), asked()]).toEqual(before);
    system.devices.reader.reset();
    expect((await system.sell(10_000)).kind).toBe('approved');
    expect(await system.problems()).toEqual([]);
  });

  const unknown: readonly [string, number, number, readonly number[]][] = [
    ['a command that it never heard of', 0x77, 0x99, [1, 2, 3]],
    ['an answer to a ping that nobody sent', 0x18, 0x00, []],
    ['a card without any data', 0x02, 0x23, []],
    ['a card with a length beyond its frame', 0x02, 0x23, [0x01, 0x57, 0x7f, 0x11]],
    ['a card with an indefinite length', 0x02, 0x23, [0x01, 0x57, 0x80, 0x11, 0x00, 0x00]],
    [
      'a card with a length of eight bytes',
      0x02,
      0x23,
      [0x01, 0x57, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ],
    ['a tag that never ends', 0x02, 0x23, [0x01, 0x9f, ...Array<number>(40).fill(0xff)]],
  ];
  test.each(unknown)(
    '%s: the sale is stopped or goes on with the real card, never charged for nothing',
    async (_, command, sub, data) => {
      const before = charged();
      const { reader } = system.devices;
      const outcome = await system.sell(10_000, {
        atReader: () => {
          const stop = reader.onActivate(() => {
            stop();
            reader.send({ command, sub, data: Uint8Array.from(data) });
            setImmediate(() => reader.present(unionPayCard));
          });
        },
      });
      expect(['stopped', 'approved']).toContain(outcome.kind);
      expect(charged()).toBe(before + (outcome.kind === 'approved' ? 1 : 0));
      reader.reset();
      await system.eventually('the reader is there', () => system.cashier.status().readerProblem === undefined);
      expect((await system.sell(10_000)).kind).toBe('approved');
      expect(await system.problems()).toEqual([]);
    },
  );

  test('it restarts while it waits for the card: stopped, the next sale goes', async () => {
    const { reader } = system.devices;
    const outcome = await system.sell(10_000, {
      atReader: () => {
        const stop = reader.onActivate(() => {
          stop();
          reader.restart();
        });
      },
    });
    expect(outcome).toMatchObject({ kind: 'stopped', why: 'reader' });
    expect((await system.sell(10_000)).kind).toBe('approved');
  });
});

describe('the printer, with the slip', () => {
  const faults: readonly [string, Behaviour<unknown>][] = [
    ['noise in front of every answer', behind(0xff, 0x55)],
    ['every answer twice', twice],
    ['no answer', silence],
  ];
  test.each(faults)('%s: the sale is approved and safe, whatever becomes of the slip', async (_, fault) => {
    const before = charged();
    system.devices.printer.use(fault);
    expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', txn: { state: 'PAID' } });
    expect(charged()).toBe(before + 1);
    system.devices.printer.reset();
    await system.eventually('the printer is there', () => system.terminal.world.printer.status().state === 'ready');
    await system.cashier.reprint({ kind: 'last' }, new AbortController().signal);
    expect(await system.problems()).toEqual([]);
  });
});

describe('amounts', () => {
  test.each([0, -1, -100, 1_000_000_000, 9_007_199_254_740_991])(
    '%d fen: INVALID_AMOUNT, no payment, one audit line',
    async (amountFen) => {
      const count = () => [
        system.count('SELECT count(*) FROM payment'),
        system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'"),
      ];
      const [payments = 0, lines = 0] = count();
      expect(await refusal(() => system.sell(amountFen))).toBe('INVALID_AMOUNT');
      expect(count()).toEqual([payments, lines + 1]);
    },
  );

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no amount at all', (value) => {
    expect(() => fen(value)).toThrow();
  });
});
