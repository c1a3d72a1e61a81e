import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticeDesk } from '../../terminal/flows/notice.ts';
import { restoreReport } from '../../terminal/flows/restore-report.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(() => system.stop());

const owner = { no: '00', role: 'MO' } as const;
const successes = () =>
  noticeDesk(system.terminal.world)
    .list(owner, 50)
    .notices.filter(({ text }) => text === 'N-06');
const asked = (): number => system.host.count("SELECT count(*) FROM inbox WHERE kind = 'notify' AND state = 'applied'");

test('N-06 B-011: after a success the operator reads it, the host is asked for e-mail and SMS, and tells how it went', async () => {
  await system.earn(100_000);
  const { no } = await system.settle();
  await system.eventually('the host was asked', () => asked() === 2);
  expect(successes()).toMatchObject([{ about: no, level: 'info', sent: [{ channel: 'email' }, { channel: 'sms' }] }]);
  await system.eventually('it tells', () => successes()[0]?.sent.every(({ state }) => state !== 'QUEUED') ?? false);
});

test('N-06: a book that is lost tells again in the console, and the host is asked once', async () => {
  await system.earn(100_000);
  const { no } = await system.settle();
  await system.eventually('the host was asked', () => asked() === 2);
  await system.atRest();
  const before = successes();
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.terminalHome, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  await system.eventually('it is back', () => restoreReport(system.db)?.state === 'restored');
  await system.atRest();
  expect(successes()).toMatchObject([{ about: no, sent: before[0]?.sent }]);
  expect(asked()).toBe(2);
  expect(system.count("SELECT count(*) FROM outbox WHERE kind = 'notify'")).toBe(2);
});
