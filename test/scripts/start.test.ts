import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callJson } from '../../scripts/stage/socket.ts';
import { openPty } from '../support/pty.ts';

/** `npm start` as a process, as a user meets it; built by `npm test`. */
const program = join(import.meta.dirname, '../../dist/start.js');

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pos-start-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

const homeOf = (name = 'home') => join(folder, name);

/** Starts it with its output in a pipe. `said(words)` waits until the output has them, or it ended. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      look();
    });
  }
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  const said = (words: string) =>
    new Promise<string>((resolve, reject) => {
      look = () => output.includes(words) && resolve(output);
      look();
      void ended.then(() => (output.includes(words) ? resolve(output) : reject(new Error(`ended:\n${output}`))));
    });
  return { child, said, ended, output: () => output };
}

const lastLine = '退出 quit';

const secretsIn = (text: string) => /u1\/\d{8} {2}u2\/\d{8}/.exec(text)?.[0] ?? 'none';

const linkOf = async (home: string): Promise<string> => {
  const answer = await callJson(join(home, 'pos.sock'), 'GET', '/v1/status');
  return typeof answer === 'object' && answer !== null && 'link' in answer ? String(answer.link) : '';
};

async function eventually(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (!(await look())) {
    if (Date.now() > endMs) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The host that a start has as its child. */
function hostOf(child: ChildProcess): number {
  const list = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  expect(list).toHaveLength(1);
  return Number(list[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

test('says in a dozen lines what a user needs, then goes on', async () => {
  const { said } = start('--home', homeOf());
  const lines = (await said(lastLine)).split('\n').filter((line) => !/^\d\d:\d\d:\d\d /.test(line) && line !== '');
  expect(lines.length).toBeLessThanOrEqual(12);
  const text = lines.join('\n');
  for (const words of ['模拟模式', '01/0000', '00/123456', '99/12345678', join(homeOf(), 'slips'), '"serial:/dev/'])
    expect(text).toContain(words);
  const [, desk = '', ...secrets] = /(http\S+) {2}u1\/(\d{8}) {2}u2\/(\d{8})/.exec(text) ?? [];
  const logIn = (login: string, secret = '') =>
    fetch(`${desk}api/log-in`, {
      method: 'POST',
      headers: { origin: new URL(desk).origin, 'content-type': 'application/json' },
      body: JSON.stringify({ login, secret }),
    });
  expect((await logIn('u1', secrets[0])).status).toBe(200);
  expect((await logIn('u2', secrets[1])).status).toBe(200);
  expect((await logIn('u2', secrets[0])).status).toBe(401);
  expect(readFileSync(join(homeOf(), 'host.json'), 'utf8')).not.toContain(secrets[0]);
  expect(text).toMatch(/操作台 console +http:\S+ .*设置码 set-up code \S+/);
  const [page] = /http:\/\/127\.0\.0\.1:\d+\/\w+\//.exec(text) ?? [];
  expect((await fetch(String(page))).status).toBe(200);
  await eventually('online', async () => (await linkOf(homeOf())) === 'online');
});

describe('the end', () => {
  test.each([
    ['SIGTERM', 0],
    ['SIGHUP', 0],
    ['SIGINT', 130],
  ] as const)('%s: everything is gone within two seconds, exit status %i', async (signal, status) => {
    const { child, said, ended } = start('--home', homeOf());
    await said(lastLine);
    const host = hostOf(child);
    const beganMs = Date.now();
    child.kill(signal);
    expect(await ended).toBe(status);
    expect(Date.now() - beganMs).toBeLessThan(2_000);
    expect(isAlive(host)).toBe(false);
  });

  test('killed: the host goes, too, and the next start has the same book', async () => {
    const first = start('--home', homeOf());
    const before = await first.said(lastLine);
    const host = hostOf(first.child);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const second = start('--home', homeOf());
    expect(secretsIn(await second.said(lastLine))).toBe(secretsIn(before));
    await eventually('online', async () => (await linkOf(homeOf())) === 'online');
    await eventually('the first host is gone', () => !isAlive(host));
  });

  test('a host that dies is started again, and meanwhile the screen says that it connects', async () => {
    const { child, said } = start('--home', homeOf());
    const [desk = ''] = /http\S+(?= {2}u1)/.exec(await said(lastLine)) ?? [];
    await eventually('online', async () => (await linkOf(homeOf())) === 'online');
    const host = hostOf(child);
    process.kill(host, 'SIGKILL');
    await eventually('connecting', async () => (await linkOf(homeOf())) === 'connecting');
    await eventually('online again', async () => (await linkOf(homeOf())) === 'online');
    expect(hostOf(child)).not.toBe(host);
    expect((await fetch(desk)).status).toBe(200);
  });
});

describe('a home', () => {
  test('that is in use is left alone: what to do, exit status 1', async () => {
    const first = start('--home', homeOf());
    await first.said(lastLine);
    const second = start('--home', homeOf());
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('已经在运行');
    expect(second.output()).toContain('npm start -- --home');
    expect(await start('--home', homeOf(), '--fresh').ended).toBe(1);
    expect(await linkOf(homeOf())).not.toBe('');
  });

  test('--fresh moves the old one aside', async () => {
    const first = start('--home', homeOf());
    await first.said(lastLine);
    first.child.kill('SIGTERM');
    await first.ended;
    const second = start('--home', homeOf(), '--fresh');
    expect(await second.said(lastLine)).toContain(`${homeOf()}-1`);
    expect(existsSync(join(`${homeOf()}-1`, 'terminal.db'))).toBe(true);
  });

  test.each<[string, (home: string) => void, string]>([
    ['of a newer program', (home) => addMigration(home), 'DATABASE_NEWER'],
    ['with a damaged book', (home) => cpSync(program, join(home, 'terminal.db')), 'DATABASE_CORRUPT'],
    ['with a damaged book of the host', (home) => cpSync(program, join(home, 'host.db')), '主机未能启动'],
  ])('%s ends with what to do, exit status 1', async (_, damage, words) => {
    const first = start('--home', homeOf());
    await first.said(lastLine);
    first.child.kill('SIGTERM');
    await first.ended;
    damage(homeOf());
    const second = start('--home', homeOf());
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(words);
    expect(second.output()).toContain(homeOf());
    expect(second.output()).not.toContain('at '); // no traceback
  });
});

function addMigration(home: string): void {
  const db = new Sqlite(join(home, 'terminal.db'));
  db.prepare("INSERT INTO migration VALUES ('terminal', 99, 'later', 'x')").run();
  db.close();
}

test('a busy broker port: another one, and it says so', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { said } = start('--home', homeOf(), '--broker-port', String(port));
  expect(await said(lastLine)).toContain(`${port} 被占用`);
  await eventually('online', async () => (await linkOf(homeOf())) === 'online');
  server.close();
});

test.each([[['--speed']], [['--lang', 'fr']], [['--broker-port', '70000']]])(
  '%j: usage, exit status 2',
  async (args) => {
    const { ended, output } = start(...args);
    expect(await ended).toBe(2);
    expect(output()).toContain('--home DIR');
  },
);

/** Starts it on a text terminal. */
function startOnTty() {
  const pty = openPty();
  const fd = openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY);
  let drawn = '';
  let look = () => {};
  pty.far.onData((bytes) => {
    drawn += Buffer.from(bytes).toString('utf8');
    look();
  });
  const child = spawn(process.execPath, [program, '--home', homeOf()], { stdio: [fd, fd, 'pipe'] });
  closeSync(fd);
  children.push(child);
  return {
    pty,
    child,
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code))),
    drawn: () => drawn,
    shows: (words: string) =>
      new Promise<void>((resolve) => {
        look = () => drawn.includes(words) && resolve();
        look();
      }),
  };
}

describe('on a text terminal', () => {
  test('boot screen, keypad screen, and q q gives the terminal back', async () => {
    const { pty, ended, drawn, shows } = startOnTty();
    await shows('启动中');
    await shows('操作员登录');
    expect(drawn().indexOf('启动中')).toBeLessThan(drawn().indexOf('模拟模式'));
    expect(drawn()).not.toContain('网页键盘');
    await pty.far.write(Buffer.from('qq'));
    expect(await ended).toBe(0);
    await shows('已结束');
    expect(drawn().slice(drawn().lastIndexOf('\u001b[?1049l'))).toContain('已结束');
    const times = (sequence: string) => drawn().split(`\u001b[?1049${sequence}`).length;
    expect(times('l')).toBe(times('h'));
    pty.close();
  });

  test('a window that is closed ends everything', async () => {
    const { pty, child, ended, shows } = startOnTty();
    await shows('操作员登录');
    const host = hostOf(child);
    pty.close();
    await ended;
    expect(isAlive(host)).toBe(false);
    await expect(linkOf(homeOf())).rejects.toThrow(); // nobody answers any more
    expect(existsSync(join(homeOf(), 'pos.sock'))).toBe(false); // it was stopped, not killed
  });
});
