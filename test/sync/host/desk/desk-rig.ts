import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { hashSecret } from '../../../../sync/host/desk/secret.ts';
import { Desk } from '../../../../sync/host/desk/server.ts';
import { merchant, otherTerminal, type TestHost, terminal } from '../start-host.ts';

/** The reviewers' page of a test host, and a browser that speaks HTTP. */

export const secrets = { u1: 'first reviewer', u2: 'second reviewer' } as const;
const reviewers = [
  { login: 'u1', name: '审核一', secretHash: await hashSecret(secrets.u1, Buffer.from('salt of u1')) },
  { login: 'u2', name: '审核二', secretHash: await hashSecret(secrets.u2, Buffer.from('salt of u2')) },
];

export async function startDesk(test: TestHost, decided: () => void = () => test.upstream.stir()): Promise<Desk> {
  // Sessions must differ, unlike the chance of the other tests.
  const host = { ...test.host, random: { ...test.host.random, bytes: (length: number) => randomBytes(length) } };
  const terminals = [terminal.terminal, otherTerminal.terminal];
  const desk = new Desk({ host, merchant, terminals, decided, port: 0, reviewers });
  await desk.start();
  return desk;
}

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: { readonly [key: string]: unknown };
}

export function ask(
  desk: Desk,
  method: string,
  path: string,
  { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Said> {
  const url = new URL(path, desk.url);
  return new Promise((resolve, reject) => {
    const own = { origin: url.origin, 'content-type': 'application/json' };
    const sent = request(url, { method, headers: { ...own, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: isJson ? JSON.parse(text) : { text },
        });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** A reviewer at the page. */
export class AtDesk {
  readonly #desk: Desk;
  cookie = '';
  csrf = '';

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async logIn(login: string, secret: string): Promise<Said> {
    const said = await ask(this.#desk, 'POST', '/api/log-in', { body: { login, secret } });
    this.cookie = String(said.headers['set-cookie']).split(';')[0] ?? '';
    this.csrf = String(said.body['csrf']);
    return said;
  }

  get(path: string): Promise<Said> {
    return ask(this.#desk, 'GET', path, { headers: { cookie: this.cookie } });
  }

  /** As the page does by itself, while nobody may be there. */
  look(path: string): Promise<Said> {
    return ask(this.#desk, 'GET', path, { headers: { cookie: this.cookie, 'x-background': '1' } });
  }

  async rows(view: string): Promise<readonly { readonly [key: string]: unknown }[]> {
    const { body } = await this.get(`/api/view/${view}`);
    return body['rows'] as readonly { readonly [key: string]: unknown }[];
  }

  command(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
    const own = { cookie: this.cookie, 'x-csrf-token': this.csrf };
    return ask(this.#desk, 'POST', '/api/command', { body, headers: { ...own, ...headers } });
  }
}
