import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { goodAccount, newSettler, type Settler } from '../flows/settler.ts';
import { deskRig } from './desk-rig.ts';

/** A merchant without an account, at the command line. */

let at: Settler;
const { home, pos, serve, read, result, by00, by01 } = deskRig(() => at.system);

beforeAll(async () => {
  at = await newSettler('2026-11-20T10:00', 'MANUAL', {
    hostMerchant: { account: null },
    hostParameters: { 'host.accountDecision': 'manual' },
  });
}, 30_000);
afterAll(() => at.system.stop());
beforeEach(() => serve());

it('B-008: settle status says what is in the way', async () => {
  expect(await read('settle status')).toMatch(/结算账户 +没有\n.*\n?不能结算 +没有结算账户，请联系上游\n/);
  expect(await result(`settle --all --yes ${by00()}`, 1)).toMatchObject({ code: 'NO_SETTLE_ACCOUNT' });
});

it('B-013: account add from standard input: accepted upstream, in force when it was verified there; its number is nowhere', async () => {
  const secret = join(home(), '00-too');
  writeFileSync(secret, '123456\n');
  const who = `--operator 00 --password-file ${secret}`;
  const shell = { stdin: JSON.stringify(goodAccount) };
  expect((await pos(`settle account add --from-file - --yes ${by01()}`, shell)).exit).toBe(3);
  const ended = await pos(`settle account add --from-file - --yes ${who}`, shell);
  expect(ended).toMatchObject({ exit: 0, out: '结算账户 中国工商银行 ***************0128: 上游已受理\n' });
  expect(await result(`settle account add --from-file - --yes ${who}`, 75, shell)).toMatchObject({
    code: 'APPLICATION_IN_REVIEW',
  });
  expect(await read('settle account list', ['账平演示商户', '中国工商银行'])).toMatch(/1 +核验中 /);
  await at.system.host.command({ command: 'account-decide', version: 1, outcome: 'active' });
  await at.system.eventually('verified', async () => (await pos('settle account list')).out.includes('有效'));
  expect(await read('settle status', ['账平演示商户', '中国工商银行'])).not.toContain('不能结算');
  expect(at.system.logged.join('\n')).not.toMatch(/6222 ?0212 ?3456 ?7890 ?128|91110000600037341/i);
});
