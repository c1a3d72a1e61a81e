import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AssertionFailed } from '../../../terminal/base/assert.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import type { RouteParts } from '../../../terminal/cli/routes.ts';
import { type LocalServer, serveLocal } from '../../../terminal/cli/server.ts';

const unused = (): never => {
  throw new Error('must not be reached: 4321');
};
const logged: string[] = [];
const bugs: unknown[] = [];
const nothingBehind: RouteParts = {
  counter: unused,
  status: unused,
  settlementOffer: unused,
  backUp: unused,
  ledgerCheck: unused,
  doctor: unused,
  devices: unused,
  staff: unused,
  desk: unused,
  consoleUrl: unused,
  screen: () => ({ rows: ['账平'] }),
  settings: { maxBodyBytes: 64 * 1024 },
  log: (level, event, details) => logged.push(`${level} ${event} ${JSON.stringify(details)}`),
  onBug: (error) => bugs.push(error),
};

let home: string;
let socketPath: string;
let server: LocalServer | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pos-'));
  socketPath = join(home, 'pos.sock');
  logged.length = 0;
  bugs.length = 0;
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(home, { recursive: true });
});

const serve = async (parts: Partial<RouteParts> = {}): Promise<void> => {
  server = await serveLocal({ ...nothingBehind, ...parts, socketPath });
};

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += String(chunk);
      });
      answer.once('end', () => resolve({ status: answer.statusCode, text }));
      answer.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

describe('the socket', () => {
  it('is open to its owner only', async () => {
    await serve();
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(await ask('GET', '/v1/screen')).toEqual({ status: 200, text: '{"screen":{"rows":["账平"]}}' });
  });

  it('of a process that was killed is replaced', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => console.log('listening'))`;
    const dead = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => dead.stdout.once('data', resolve));
    dead.kill('SIGKILL');
    await new Promise((resolve) => dead.once('exit', resolve));
    expect(existsSync(socketPath)).toBe(true);
    await serve();
    expect((await ask('GET', '/v1/screen')).status).toBe(200);
  });

  it('of a process that lives is left to it', async () => {
    await serve();
    const second = serveLocal({ ...nothingBehind, socketPath });
    await expect(second).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { device: socketPath } });
    expect((await ask('GET', '/v1/screen')).status).toBe(200);
  });

  it('does not replace a file of another kind', async () => {
    writeFileSync(socketPath, 'precious');
    await expect(serve()).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    expect(readFileSync(socketPath, 'utf8')).toBe('precious');
  });

  it('with a path that no system takes is refused in words', async () => {
    socketPath = join(home, 'x'.repeat(110), 'pos.sock');
    await expect(serve()).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('is gone after stop, with every connection', async () => {
    await serve({ doctor: () => new Promise(() => {}) });
    const waiting = ask('GET', '/v1/doctor');
    waiting.catch(() => {});
    await ask('GET', '/v1/screen');
    await server?.stop();
    await expect(waiting).rejects.toThrow();
    expect(existsSync(socketPath)).toBe(false);
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(socketPath, resolve));
    await new Promise((resolve) => free.close(resolve));
  });
});

describe('what comes in is checked before anything else', () => {
  const who = { operator: '00', secret: '123456' };
  const key = 'KEY-0001';
  it.each([{}, { 'transfer-encoding': 'chunked' }])('a good body is taken, with headers %o', async (headers) => {
    let reached = false;
    await serve({
      counter: () => {
        reached = true;
        throw new TerminalError('DISK_FULL');
      },
    });
    expect((await ask('POST', '/v1/batch/close', JSON.stringify(who), headers)).status).toBe(507);
    expect(reached).toBe(true);
  });

  it.each([
    ['nothing', '/v1/batch/close', '', 'JSON'],
    ['no JSON', '/v1/batch/close', '{"operator"', 'JSON'],
    ['no object', '/v1/batch/close', '[]', 'operator'],
    ['no secret', '/v1/batch/close', JSON.stringify({ operator: '00' }), 'secret'],
    ['an operator of three digits', '/v1/batch/close', JSON.stringify({ ...who, operator: '123' }), 'operator'],
    ['a secret that is a number', '/v1/batch/close', JSON.stringify({ ...who, secret: 123456 }), 'secret'],
    ['a secret that is too long', '/v1/batch/close', JSON.stringify({ ...who, secret: '1'.repeat(65) }), 'secret'],
    ['an unknown field', '/v1/batch/close', JSON.stringify({ ...who, force: true }), 'force'],
    ['an amount as text', '/v1/settle', JSON.stringify({ ...who, amountFen: '100', idempotencyKey: key }), 'amountFen'],
    ['half a fen', '/v1/settle', JSON.stringify({ ...who, amountFen: 0.5, idempotencyKey: key }), 'amountFen'],
    [
      'an amount beyond 2^53',
      '/v1/settle',
      JSON.stringify({ ...who, amountFen: 2 ** 53, idempotencyKey: key }),
      'amountFen',
    ],
    ['neither amount nor all', '/v1/settle', JSON.stringify({ ...who, idempotencyKey: key }), 'amountFen or all'],
    [
      'amount and all',
      '/v1/settle',
      JSON.stringify({ ...who, amountFen: 1, all: true, idempotencyKey: key }),
      'amountFen or all',
    ],
    ['all that is false', '/v1/settle', JSON.stringify({ ...who, all: false, idempotencyKey: key }), 'all'],
    ['no key', '/v1/settle', JSON.stringify({ ...who, all: true }), 'idempotencyKey'],
    [
      'a key with blanks',
      '/v1/settle',
      JSON.stringify({ ...who, all: true, idempotencyKey: 'a b c d e f' }),
      'idempotencyKey',
    ],
    ['a STAN of words', '/v1/transactions/last/reprint', JSON.stringify(who), 'stan'],
  ])('POST with %s', async (_, path, body, place) => {
    await serve();
    const { status, text } = await ask('POST', path, body);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'error',
      code: 'BAD_REQUEST',
      details: { what: expect.stringContaining(place) },
    });
    expect(text).not.toContain('123456');
    expect(logged).toEqual([]);
  });

  it.each([
    '/v1/transactions?limit=0',
    '/v1/transactions?limit=501',
    '/v1/transactions?limit=ten',
    '/v1/transactions?limit=-1',
    '/v1/transactions?limit=5&secret=123456',
    '/v1/transactions/12',
    '/v1/transactions/000001%20OR%201',
  ])('GET %s', async (path) => {
    await serve();
    const { status, text } = await ask('GET', path);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ kind: 'error', code: 'BAD_REQUEST' });
    expect(text).not.toContain('123456');
  });

  it.each([
    ['GET', '/v1/nothing'],
    ['GET', '/'],
    ['GET', '/v1/settle'],
    ['DELETE', '/v1/status'],
    ['POST', '/v1/settle/000001'],
  ])('%s %s is not there', async (method, path) => {
    await serve();
    const { status, text } = await ask(method, path);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ kind: 'error', code: 'NOT_FOUND' });
  });

  it.each([
    ['with its length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('a body over 64 KB, %s, is refused', async (_, headers) => {
    await serve();
    const body = JSON.stringify({ operator: '00', secret: '1'.repeat(64 * 1024) });
    const { status, text } = await ask('POST', '/v1/batch/close', body, headers);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'BAD_REQUEST', details: { what: 'body: at most 65536 bytes' } });
  });
});

describe('what goes wrong behind it', () => {
  it('a refusal has the status and the words of the error table', async () => {
    await serve({
      ledgerCheck: () => {
        throw new TerminalError('DATABASE_BUSY');
      },
    });
    const { status, text } = await ask('GET', '/v1/ledger/check');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'error',
      code: 'DATABASE_BUSY',
      zh: expect.stringContaining('占用'),
    });
    expect(logged).toEqual([]);
  });

  it('anything else is 500, logged, and not told', async () => {
    await serve();
    const { status, text } = await ask('GET', '/v1/status');
    expect(status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ kind: 'error', code: 'INTERNAL' });
    expect(text).not.toContain('4321');
    expect(logged).toEqual([expect.stringMatching(/error request-failed .*GET \/v1\/status.*4321/)]);
    expect(bugs).toEqual([]);
  });

  it('a failed assert reaches whoever can stop the process', async () => {
    const bug = new AssertionFailed('books differ');
    await serve({ doctor: () => Promise.reject(bug) });
    expect((await ask('GET', '/v1/doctor')).status).toBe(500);
    expect(bugs).toEqual([bug]);
  });

  it('a secret in a request that fails stays out of answer and log', async () => {
    await serve();
    const { status, text } = await ask(
      'POST',
      '/v1/batch/close',
      JSON.stringify({ operator: '00', secret: 'hush-hush' }),
    );
    expect(status).toBe(500);
    expect(text + logged.join()).not.toContain('hush-hush');
    expect(logged).toHaveLength(1);
  });
});
