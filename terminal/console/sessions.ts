import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';

const idleMs = 30 * 60_000;
const longestMs = 12 * 3_600_000;
const mostSessions = 100;
const tokenBytes = 32;

/** Somebody who logged in at this process. What the name may do is asked of the book each time. */
export interface Session {
  readonly login: string;
  readonly openedAt: number;
  seenAt: number;
  /** Commands of this session by their keys (idempotency.ts). */
  readonly answers: Map<string, Remembered>;
}

export interface Remembered {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
}

/**
 * Sessions are kept in memory, by the hash of their token; a restart ends them all. A token that nobody logged in with holds nothing, so visitors cost nothing: it is what the CSRF
 * token of a log-in page belongs to.
 */
export class Sessions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #key: Uint8Array;
  readonly #open = new Map<string, Session>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#key = random.bytes(tokenBytes);
  }

  newToken(): string {
    return Buffer.from(this.#random.bytes(tokenBytes)).toString('base64url');
  }

  /** Begins one, under a token of its own. The one that was quiet longest makes room. */
  open(login: string): string {
    if (this.#open.size >= mostSessions) {
      const [quietest] = [...this.#open].sort(([, a], [, b]) => a.seenAt - b.seenAt);
      if (quietest) this.#open.delete(quietest[0]);
    }
    const token = this.newToken();
    const now = this.#clock.now();
    this.#open.set(sha256(token), { login, openedAt: now, seenAt: now, answers: new Map() });
    return token;
  }

  /** `isActive`: a person did something; what a page asks by itself does not keep a session alive. */
  find(token: string, isActive: boolean): Session | undefined {
    const name = sha256(token);
    const session = this.#open.get(name);
    if (!session) return undefined;
    const now = this.#clock.now();
    const isOver = now - session.seenAt > idleMs || now - session.openedAt > longestMs || now < session.openedAt; // the clock was set
    if (isOver) {
      this.#open.delete(name);
      return undefined;
    }
    if (isActive) session.seenAt = now;
    return session;
  }

  end(token: string): void {
    this.#open.delete(sha256(token));
  }

  /** Every session of this user but the one with this token. */
  endOthers(login: string, token: string): void {
    const kept = sha256(token);
    for (const [name, session] of this.#open) if (session.login === login && name !== kept) this.#open.delete(name);
  }

  csrf(token: string): string {
    return createHmac('sha256', this.#key).update(token).digest('base64url');
  }

  isCsrf(token: string, said: string): boolean {
    const [left, right] = [Buffer.from(this.csrf(token)), Buffer.from(said)];
    return left.length === right.length && timingSafeEqual(left, right);
  }

  /** What a command was, without keeping what stands in it. */
  fingerprint(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64');
  }
}

const sha256 = (token: string): string => createHash('sha256').update(token).digest('base64');
