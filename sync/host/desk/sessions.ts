import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { isSecret } from './secret.ts';

export interface Reviewer {
  readonly login: string;
  readonly name: string;
  /** secret.ts */
  readonly secretHash: string;
}

export interface Session {
  readonly login: string;
  readonly name: string;
  /** Comes back with every command, so that no other page can send one. */
  readonly csrf: string;
}

const minuteMs = 60_000;
const idleMs = 30 * minuteMs;
const lifeMs = 12 * 60 * minuteMs;
const lockMs = 15 * minuteMs;
const mostWrong = 5;
/** So many secrets are looked at or wait to be; the rest comes later. */
const mostWaiting = 8;

interface Kept extends Session {
  readonly since: number;
  seen: number;
}

/** Who is logged in at the desk. In memory: a restart of the host logs everybody out. */
export class Sessions {
  readonly #reviewers: ReadonlyMap<string, Reviewer>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #kept = new Map<string, Kept>();
  readonly #wrong = new Map<string, { count: number; at: number }>();
  #looking: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(reviewers: readonly Reviewer[], clock: Clock, random: Random) {
    this.#reviewers = new Map(reviewers.map((reviewer) => [reviewer.login, reviewer]));
    this.#clock = clock;
    this.#random = random;
  }

  /** After five wrong secrets in a row a reviewer is locked for a quarter of an hour; it is not told apart from a wrong one. */
  async logIn(
    login: string,
    secret: string,
  ): Promise<{ readonly token: string; readonly session: Session } | 'UNAUTHENTICATED' | 'TOO_MANY'> {
    const reviewer = this.#reviewers.get(login);
    if (!reviewer || this.#isLocked(login)) return 'UNAUTHENTICATED';
    if (this.#waiting >= mostWaiting) return 'TOO_MANY';
    this.#waiting += 1;
    const looked = this.#looking.then(() => isSecret(secret, reviewer.secretHash));
    this.#looking = looked.catch(() => undefined);
    const right = await looked.finally(() => {
      this.#waiting -= 1;
    });
    // Another one may have locked it meanwhile.
    if (this.#isLocked(login)) return 'UNAUTHENTICATED';
    if (!right) {
      this.#wrong.set(login, { count: (this.#wrong.get(login)?.count ?? 0) + 1, at: this.#clock.now() });
      return 'UNAUTHENTICATED';
    }
    this.#wrong.delete(login);
    const now = this.#clock.now();
    const session = { login, name: reviewer.name, csrf: this.#token(), since: now, seen: now };
    const token = this.#token();
    this.#kept.set(token, session);
    return { token, session };
  }

  /** What the page asks by itself keeps no session alive. */
  find(token: string | undefined, isByItself: boolean): Session | undefined {
    const session = token === undefined ? undefined : this.#kept.get(token);
    if (token === undefined || !session) return undefined;
    const now = this.#clock.now();
    if (now - session.seen > idleMs || now - session.since > lifeMs) {
      this.#kept.delete(token);
      return undefined;
    }
    if (!isByItself) session.seen = now;
    return session;
  }

  logOut(token: string | undefined): void {
    if (token !== undefined) this.#kept.delete(token);
  }

  #isLocked(login: string): boolean {
    const wrong = this.#wrong.get(login);
    if (!wrong || wrong.count < mostWrong) return false;
    if (this.#clock.now() - wrong.at < lockMs) return true;
    this.#wrong.delete(login);
    return false;
  }

  #token(): string {
    return Buffer.from(this.#random.bytes(24)).toString('base64url');
  }
}
