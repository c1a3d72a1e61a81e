import type { User } from '../users/user.ts';
import type { ConsoleApp } from './command.ts';
import type { AnswerPath, Answers } from './contract.ts';
import type { Gate } from './limits.ts';
import type { ConsoleParts } from './parts.ts';
import { type ConsoleContext, requireUser } from './request.ts';

/** What takes long to read of the book, in steps between which a sale has its turn: N readings at once would make each of its waits N times as long (F4). */

interface Reading<T> {
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  readers: number;
}

/** Who asks for the same while it is read shares it; when all of them have left it stops. */
export class Readings<T> {
  readonly #gate: Gate;
  readonly #open = new Map<string, Reading<T>>();

  /** `gate`: which readings wait for each other. */
  constructor(gate: Gate) {
    this.#gate = gate;
  }

  /** DEVICE_BUSY when too many wait. */
  read(name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const reading = this.#open.get(name) ?? this.#begin(name, work);
    reading.readers += 1;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reading.readers -= 1;
        if (reading.readers === 0) this.#end(name, reading);
        reject(new Error('the reader left'));
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave);
      reading.answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #begin(name: string, work: (signal: AbortSignal) => Promise<T>): Reading<T> {
    const stop = new AbortController();
    const answer = this.#gate.pass(async () => {
      stop.signal.throwIfAborted();
      return work(stop.signal);
    });
    const reading = { answer, stop, readers: 0 };
    this.#open.set(name, reading);
    answer.catch(() => undefined).finally(() => this.#end(name, reading));
    return reading;
  }

  #end(name: string, reading: Reading<T>): void {
    reading.stop.abort();
    if (this.#open.get(name) === reading) this.#open.delete(name);
  }
}

interface Asked {
  readonly by: User;
  readonly c: ConsoleContext;
  readonly signal: AbortSignal;
}

/** Answers what takes long to read. */
export function addReading<P extends AnswerPath>(
  app: ConsoleApp,
  parts: ConsoleParts,
  path: P,
  read: (asked: Asked) => Promise<Answers[P]>,
): void {
  const readings = new Readings<Answers[P]>(parts.limits.readings);
  app.get(path, async (c) => {
    const by = requireUser(c, parts);
    const name = `${by.no} ${by.role} ${new URL(c.req.url).search}`;
    return Response.json(await readings.read(name, c.req.raw.signal, (signal) => read({ by, c, signal })));
  });
}
