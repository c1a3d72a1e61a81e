import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../sync/clock.ts';
import type { ReverseRequest } from '../../sync/protocol/card-requests.ts';
import type { Answer, Request } from '../../sync/protocol/requests.ts';
import { ask } from '../../sync/request.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { embeddedBroker, type TestBroker } from '../support/broker.ts';
import { expectDelivered } from './delivered.ts';
import {
  newPlace,
  openHost,
  openTerminal,
  type Place,
  removePlace,
  type TestHost,
  type TestTerminal,
  until,
} from './world.ts';

let broker: TestBroker;
let place: Place;
let host: TestHost;
let terminal: TestTerminal;
let offsetMs: number;
let answering: (id: string, request: Request) => Promise<Answer | null>;
let late: string[];

const request: ReverseRequest = {
  kind: 'reverse',
  payment: 'P1',
  of: 'sale',
  stan: '000001',
  batch: '000001',
  amountFen: 100,
  reason: 'timeout',
};
const yes = (of: Request): Answer => ({ kind: 'reverse', payment: 'P1', stan: of.stan, code: '00' });
/** The device's clock, which somebody may set. */
const clock: Clock = { now: () => systemClock.now() + offsetMs, after: systemClock.after };

beforeEach(async () => {
  broker = await embeddedBroker();
  place = newPlace();
  offsetMs = 0;
  late = [];
  answering = (_, of) => Promise.resolve(yes(of));
  host = await openHost(place, broker.url, { answer: (id, of) => answering(id, of) });
  terminal = openTerminal(place, broker.url, { clock, onLateAnswer: (id) => late.push(id) });
});
afterEach(async () => {
  await terminal.close();
  await host.close();
  await broker.stop();
  removePlace(place);
});

const start = async () => {
  terminal.link.start();
  await until('the link is open', () => terminal.link.status().state === 'open');
};

describe('a request', () => {
  it('is answered', async () => {
    await start();
    await expect(ask(terminal.link, 'P1:reverse:000001', request, { deadlineMs: 5_000 })).resolves.toEqual(
      yes(request),
    );
  });

  it('is refused at once when the host is not there, and nothing is sent', async () => {
    let asked = 0;
    answering = (_, of) => {
      asked += 1;
      return Promise.resolve(yes(of));
    };
    await expect(ask(terminal.link, 'r1', request, { deadlineMs: 5_000 })).rejects.toMatchObject({ code: 'OFFLINE' });
    await start();
    await ask(terminal.link, 'r2', request, { deadlineMs: 5_000 });
    expect(asked).toBe(1);
  });

  it('that is cancelled ends at once', async () => {
    answering = () => Promise.resolve(null);
    await start();
    const cancel = new AbortController();
    const answer = ask(terminal.link, 'r1', request, { deadlineMs: 60_000, signal: cancel.signal });
    cancel.abort();
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(ask(terminal.link, 'r2', request, { deadlineMs: 5_000, signal: cancel.signal })).rejects.toMatchObject(
      {
        code: 'CANCELLED',
      },
    );
  });

  it('fault 11: an answer after the deadline revives nothing: it is counted and handed on', async () => {
    const held: (() => void)[] = [];
    answering = (_, of) => new Promise((resolve) => held.push(() => resolve(yes(of))));
    await start();
    await expect(ask(terminal.link, 'r1', request, { deadlineMs: 60 })).rejects.toMatchObject({ code: 'NO_ANSWER' });
    await until('the host has it', () => held.length === 1);
    held[0]?.();
    await until('the late answer', () => late.length === 1);
    expect(late).toEqual(['r1']);
    expect(terminal.link.status().lateAnswers).toBe(1);
  });

  it.each([
    ['forward', 7_200_000],
    ['back', -7_200_000],
  ])('fault 11: a device clock that is two hours off, or jumps %s, changes nothing', async (_, jumpMs) => {
    offsetMs = -jumpMs;
    await start();
    await expect(ask(terminal.link, 'r1', request, { deadlineMs: 2_000 })).resolves.toEqual(yes(request));
    offsetMs += 2 * jumpMs;
    await expect(ask(terminal.link, 'r2', request, { deadlineMs: 2_000 })).resolves.toEqual(yes(request));
    terminal.sell(100);
    await expectDelivered(terminal, host, 100);
    await until('the new offset', () => Math.abs((terminal.link.status().clockOffsetMs ?? 0) + jumpMs) < 1_000);
    await expect(ask(terminal.link, 'r3', request, { deadlineMs: 2_000 })).resolves.toEqual(yes(request));
    expect(host.link.status().expired).toBe(0);
  });

  it('passes the rows that wait', async () => {
    terminal.sell(5_000);
    await start();
    await ask(terminal.link, 'r1', request, { deadlineMs: 5_000 });
    expect(terminal.link.status().outboxCount).toBeGreaterThan(2_000);
    await expectDelivered(terminal, host, 5_000);
  });
});
