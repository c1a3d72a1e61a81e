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
  /** Of the secret that the user had then (`secretMark`): another secret ends the session, and so does none. */
  secretMark: string | undefined;
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
  /** Under which number somebody applied to be the first user, by the hash of the token. */
  readonly #applied = new Map<string, string>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#key = random.bytes(tokenBytes);
  }

  newToken(): string {
    return Buffer.from(this.#random.bytes(tokenBytes)).toString('base64url');
  }

  /** Begins one, under a token of its own. The one that was quiet longest makes room. */
  open(login: string, secretMark: string | undefined): string {
    if (this.#open.size >= mostSessions) {
      const [quietest] = [...this.#open].sort(([, a], [, b]) => a.seenAt - b.seenAt);
      if (quietest) this.#open.delete(quietest[0]);
    }
    const token = this.newToken();
    const now = this.#clock.now();
    this.#open.set(sha256(token), { login, secretMark, openedAt: now, seenAt: now, answers: new Map() });
    return token;
  }

  /** `isActive`: a person did something; what a page asks by itself does not keep a session alive. `stands`: whether its secret is still the one of its user. */
  find(token: string, isActive: boolean, stands: (session: Session) => boolean): Session | undefined {
    const name = sha256(token);
    const session = this.#open.get(name);
    if (!session) return undefined;
    const now = this.#clock.now();
    const isOver = now - session.seenAt > idleMs || now - session.openedAt > longestMs || now < session.openedAt; // the clock was set
    if (isOver || !stands(session)) {
      this.#open.delete(name);
      return undefined;
    }
    if (isActive) session.seenAt = now;
    return session;
  }

  /** Who holds this token applied to become a user. That is no session: it only lets one ask what became of it. */
  applied(token: string, application: string): void {
    this.#applied.set(sha256(token), application);
    if (this.#applied.size > mostSessions) this.#applied.delete(this.#applied.keys().next().value ?? '');
  }

  applicationOf(token: string): string | undefined {
    return this.#applied.get(sha256(token));
  }

  end(token: string): void {
    this.#open.delete(sha256(token));
    this.#applied.delete(sha256(token));
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
