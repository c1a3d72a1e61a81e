import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveTerminal } from '../../../scripts/run-terminal.ts';
import { runPos } from '../../../terminal/cli/program.ts';
import type { LocalServer } from '../../../terminal/cli/server.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { capturedShell } from './captured-shell.ts';

/** `pos batch …` and `pos txn resume` against a terminal with a host. */

let system: TestSystem;
let server: LocalServer;
beforeAll(async () => {
  system = await startTestSystem({ limits: { hostWaitMs: 400, maxReversalRefusals: 1 } });
  server = await serveTerminal(
    system.home,
    system.terminal,
    () => undefined,
    (error) => system.bugs.push(error),
  );
  for (const [name, secret] of Object.entries({ '00': '123456', '01': '0000' }))
    writeFileSync(join(system.home, `secret-${name}`), `${secret}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await server.stop();
  await system.stop();
});

async function pos(line: string) {
  const shell = capturedShell({ env: { POS_HOME: system.home } });
  const exit = await runPos(line.split(' '), shell);
  return { exit, out: shell.stdout(), err: shell.stderr() };
}
const as = (no: string) => `--operator ${no} --password-file ${join(system.home, `secret-${no}`)}`;
const supervisor = () => `--supervisor-file ${join(system.home, 'secret-00')}`;

it('txn resume: a reversal that needs a person is sent once more, with two persons', async () => {
  await system.host.fault({ kind: 'decline', of: 'reverse', code: '96', times: 2 });
  await system.sell(10_098);
  await system.eventually('it needs a person', () => system.cashier.status().reversalsStuck === 1);
  const { stan = '' } = system.cashier.lastTransaction() ?? {};
  expect(await pos(`txn resume ${stan} ${as('01')} --no-input --yes`)).toMatchObject({ exit: 3 });
  expect(await pos(`txn resume ${stan} ${as('01')} ${supervisor()} --yes`)).toMatchObject({
    exit: 1,
    out: '主机仍未接受，请联系上游\n',
  });
  expect(await pos(`txn resume ${stan} ${as('00')} --yes`)).toMatchObject({ exit: 0, out: '冲正完成\n' });
  expect((await pos(`txn resume ${stan} ${as('00')} --yes`)).err).toContain('再次冲正');
});

it('batch show --differences: what stands here and there, line by line; list and resume', async () => {
  expect(await pos(`batch resume ${as('00')}`)).toMatchObject({ exit: 1 });
  await system.host.fault({ kind: 'forget-approval' });
  await system.host.fault({ kind: 'verdict-error' });
  await system.sell(12_345);
  const { stan = '' } = system.cashier.lastTransaction() ?? {};
  await system.closeBatch();
  expect((await pos('batch list')).out).toMatch(/000001.*需人工处理.*出错/);
  expect((await pos(`batch resume ${as('00')}`)).err).toContain('需人工处理');
  await system.host.command({ command: 'decide-batch', batch: '000001' });
  await system.eventually('it is decided', () => system.cashier.batches.byNo('000001')?.isDecided === true);
  expect((await pos('batch list --lang en')).out).toContain('decided by the host');
  expect(await pos(`batch resume ${as('01')} ${supervisor()}`)).toMatchObject({ exit: 0 });
  await system.eventually('it is closed', () => system.cashier.batches.byNo('000001')?.state === 'CLOSED');
  const shown = await pos('batch show 1');
  expect(shown.out).toMatch(/内卡 +借记 1 \/ 123\.45，贷记 0 \/ 0\.00[\s\S]*对账不平[\s\S]*差异 +1/);
  expect((await pos('batch show 1 --differences')).out).toMatch(new RegExp(`${stan} +主机缺 +123\\.45 +已补记`));
  expect((await pos('batch show 1 --differences --lang en')).out).not.toMatch(/[\u4e00-\u9fff]/);
  expect(await pos('batch show 999')).toMatchObject({ exit: 4 });
  expect(await pos('batch show x')).toMatchObject({ exit: 2 });
});
