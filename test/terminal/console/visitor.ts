import { randomUUID } from 'node:crypto';

/** What came back, and what it said. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of a refusal. */
  readonly code: string | undefined;
}

/** Somebody at a browser: keeps the cookie, knows the CSRF token, says the right origin. */
export class Visitor {
  readonly origin: string;
  cookie = '';
  csrf = '';

  constructor(url: string) {
    this.origin = new URL(url).origin;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#reply(await fetch(`${this.origin}${path}`, { headers: { ...this.#cookies(), ...headers } }));
  }

  async post(
    path: string,
    body: unknown,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly key?: string } = {},
  ): Promise<Reply> {
    const headers = { ...this.#commandHeaders(more.key ?? randomUUID()), ...more.headers };
    return this.#reply(await fetch(`${this.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  /** The same in two pieces: `between` happens when the server has the head and waits for the rest. */
  async postSlowly(path: string, body: unknown, between: () => unknown): Promise<Reply> {
    const text = Buffer.from(JSON.stringify(body));
    const pieces = async function* () {
      yield text.subarray(0, 1);
      await between();
      yield text.subarray(1);
    };
    const init: RequestInit & { readonly duplex: 'half' } = {
      method: 'POST',
      headers: this.#commandHeaders(randomUUID()),
      body: ReadableStream.from(pieces()),
      duplex: 'half',
    };
    return this.#reply(await fetch(`${this.origin}${path}`, init));
  }

  /** Asks who is logged in, as a page does first. */
  async session(): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await this.get('/api/session');
    this.csrf = String(body['csrf']);
    return body;
  }

  async logIn(login: string, password: string): Promise<Reply> {
    if (this.csrf === '') await this.session();
    const reply = await this.post('/api/log-in', { login, password });
    if (reply.status === 200) this.csrf = String(reply.body['csrf']);
    return reply;
  }

  /** Opens the stream of events; it is left when the server ends it, or with `leave`. */
  async listen(): Promise<Heard> {
    const stop = new AbortController();
    const answer = await fetch(`${this.origin}/api/events`, { headers: this.#cookies(), signal: stop.signal });
    return new Heard(answer, stop);
  }

  #commandHeaders(key: string): Readonly<Record<string, string>> {
    return {
      'Content-Type': 'application/json',
      Origin: this.origin,
      'X-CSRF-Token': this.csrf,
      'Idempotency-Key': key,
      ...this.#cookies(),
    };
  }

  #cookies(): Readonly<Record<string, string>> {
    return this.cookie === '' ? {} : { Cookie: this.cookie };
  }

  async #reply(answer: Response): Promise<Reply> {
    const given = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (given !== undefined) this.cookie = given;
    const text = await answer.text();
    const body: unknown = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : { text };
    const fields = typeof body === 'object' && body !== null ? { ...body } : {};
    const error: unknown = Reflect.get(fields, 'error');
    const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    return { status: answer.status, headers: answer.headers, body: fields, code };
  }
}

interface HeardEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const patienceMs = 10_000;

/** What a page hears. */
export class Heard {
  readonly status: number;
  readonly events: HeardEvent[] = [];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  readonly #stop: AbortController;
  #look: () => void = () => {};

  constructor(answer: Response, stop: AbortController) {
    this.status = answer.status;
    this.#stop = stop;
    this.ended = this.#read(answer).catch(() => undefined);
  }

  until(what: string, fits: (event: HeardEvent) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`not heard: ${what}; ${JSON.stringify(this.events)}`)),
        patienceMs,
      );
      this.#look = () => {
        if (!this.events.some(fits)) return;
        clearTimeout(limit);
        resolve();
      };
      this.#look();
    });
  }

  leave(): void {
    this.#stop.abort();
  }

  async #read(answer: Response): Promise<void> {
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) this.#take(part);
    }
  }

  #take(part: string): void {
    const [event, data] = ['event', 'data'].map((name) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1]);
    if (event === undefined || data === undefined) return;
    this.events.push({ event, data: JSON.parse(data) });
    this.#look();
  }
}
