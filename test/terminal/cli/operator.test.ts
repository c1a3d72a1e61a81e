import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../terminal/base/database.ts';
import { lockHome } from '../../../terminal/base/lock-home.ts';
import { systemRandom } from '../../../terminal/base/random.ts';
import { makeCounter } from '../../../terminal/flows/make-counter.ts';
import { logOn } from '../../../terminal/users/log-on.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { testClock } from '../../support/test-clock.ts';
import { auditLines, newStaff } from '../users/staff.ts';
import { posRig } from './pos-rig.ts';
import { lastLine } from './pos-stage.ts';

const { home, pos, serve, stopServer } = posRig();
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
}, 30_000);
afterAll(() => system.stop());
beforeEach(async () => {
  const { terminal } = system;
  await serve({ counter: terminal.counter, staff: () => terminal.staff });
});

const file = (name: string, text: string): string => {
  writeFileSync(join(home(), name), text, { mode: 0o600 });
  return join(home(), name);
};
/** The flags of an operator, and of a new secret. */
const by = (no: string, secret: string): string =>
  `--operator ${no} --password-file ${file(`by-${no}`, `${secret}\n`)}`;
const to = (...secrets: readonly string[]): string => `--new-password-file ${file('new', `${secrets.join('\n')}\n`)}`;
const boss = (): string => by('00', '123456');

describe('pos operator', () => {
  it('list: who there is, for who may read the socket', async () => {
    const { exit, out } = await pos('operator list');
    expect(exit).toBe(0);
    expect(out).toMatch(/00 +主管/);
    expect(out).toMatch(/01 +收银员/);
    expect((await pos('operator list --lang en')).out).not.toMatch(/[\u4e00-\u9fff]/);
    expect(JSON.parse((await pos('operator list --json')).out)).toMatchObject({
      operators: [{ no: '00', role: 'MO', locked: false }, { no: '01' }, { no: '99', role: 'A' }],
    });
  });

  it('add, passwd, lock-out, unlock, a secret by 00, remove', async () => {
    expect(await pos(`operator add 07 ${boss()} ${to('0707')}`)).toMatchObject({ exit: 0, out: '已增加操作员 07\n' });
    expect(await pos(`operator add 07 ${boss()} ${to('0707')}`)).toMatchObject({ exit: 1 });
    expect((await pos(`operator passwd ${by('07', '0707')} ${to('4711')}`)).exit).toBe(0);
    expect((await pos(`operator passwd ${by('07', '0707')} ${to('4712')}`)).exit).toBe(3);
    for (let n = 0; n < 4; n++) await pos(`operator passwd ${by('07', '9999')} ${to('4712')}`);
    const locked = await pos(`operator passwd ${by('07', '4711')} ${to('4712')} --json`);
    expect(locked.exit).toBe(3);
    expect(lastLine(locked.out)).toMatchObject({ code: 'OPERATOR_LOCKED', details: { operator: '07', minutes: 5 } });
    expect((await pos('operator list')).out).toMatch(/07 +收银员 +已锁定/);
    expect((await pos(`operator unlock 07 ${boss()}`)).exit).toBe(0);
    expect((await pos(`operator passwd 07 ${boss()} ${to('5555')}`)).exit).toBe(0);
    expect((await pos(`operator passwd 07 ${by('07', '5555')} ${to('4713')}`)).exit).toBe(0);
    expect(await pos(`operator remove 07 ${boss()} --yes`)).toMatchObject({ exit: 0, out: '已删除操作员 07\n' });
    expect((await pos(`operator remove 07 ${boss()} --yes`)).exit).toBe(4);
  });

  it.each([
    ['operator add 07', '01', '0000', 3, 'FORBIDDEN'],
    ['operator unlock 01', '01', '0000', 3, 'FORBIDDEN'],
    ['operator passwd 99', '01', '0000', 3, 'FORBIDDEN'],
    ['operator remove 01 --yes', '99', '12345678', 3, 'FORBIDDEN'],
    ['operator passwd 99', '00', '123456', 2, 'BAD_REQUEST'],
    ['operator unlock 55', '00', '123456', 4, 'NOT_FOUND'],
  ])('%s as %s is refused', async (line, no, secret, exit, code) => {
    const needs = /add/.test(line) ? to('0707') : /passwd/.test(line) ? to('12121212') : '';
    const ended = await pos(`${line} ${by(no, secret)} ${needs} --json`);
    expect(ended.exit).toBe(exit);
    expect(lastLine(ended.out)).toMatchObject({ code });
  });

  it.each([
    ['operator add 7', '两位数字'],
    ['operator add 00', '01 至 98'],
    ['operator remove 99', '01 至 98'],
    ['operator add 07 --operator 00 --password-file /dev/null', '需要登录'],
    ['operator reset 01', '只能重置 00 或 99'],
    ['operator remove 07', '需要确认，请加 --yes'],
    ['shift print x', '班次号应为数字'],
    ['audit list --limit 0', '--limit 应为 1 至'],
    ['audit list --by ABC', '--by 应为'],
  ])('pos %s says what is wrong', async (line, words) => {
    const { exit, err } = await pos(line);
    expect(err).toContain(words);
    expect([2, 3]).toContain(exit);
  });

  it('- for a new secret: standard input, which only one can have', async () => {
    const line = `operator passwd 07 --new-password-file -`;
    expect((await pos(`operator add 07 ${boss()} --new-password-file -`, { stdin: '0707\n' })).exit).toBe(0);
    expect((await pos(`${line} ${boss()}`, { stdin: '0708\n' })).exit).toBe(0);
    const both = await pos(`${line} --operator 00 --password-file -`, { stdin: '123456\n' });
    expect(both).toMatchObject({ exit: 2, err: expect.stringMatching(/--password-file .*--new-password-file/) });
    expect((await pos(`operator remove 07 ${boss()} --yes`)).exit).toBe(0);
  });

  it('a new secret of a wrong length is said before anybody logs on', async () => {
    const before = auditLines(system.db).length;
    expect((await pos(`operator add 07 ${boss()} ${to('123456')}`)).err).toContain('4位数字');
    expect(auditLines(system.db)).toHaveLength(before);
  });

  it('asks for new secrets twice, without echo', async () => {
    const answers = ['0808', '0808'];
    const { exit, asked } = await pos(`operator add 08 ${boss()}`, { answers });
    expect({ exit, asked }).toEqual({ exit: 0, asked: ['hidden 操作员08新密码: ', 'hidden 再输一次: '] });
    expect((await pos(`operator add 09 ${boss()}`, { answers: ['0909', '0908'] })).err).toContain('两次输入不同');
    await pos(`operator remove 08 ${boss()} --yes`);
  });

  it('no secret stands in an answer, or in the audit trail', async () => {
    const said = await pos(`operator add 07 ${boss()} ${to('7391')} --json`);
    await pos(`operator remove 07 ${boss()} --yes`);
    expect(said.out + said.err + auditLines(system.db).join()).not.toMatch(/7391|123456/);
  });
});

describe('pos init', () => {
  it('makes 00 and 99 where there is nobody, once', async () => {
    expect(await pos(`init ${to('123456', '12345678')}`)).toMatchObject({ exit: 1 });
    const users = system.db.prepare('SELECT * FROM user').all();
    system.db.exec('DELETE FROM user');
    try {
      expect((await pos(`init ${to('654321', '123')}`)).exit).toBe(2);
      expect(await pos(`init ${to('654321', '87654321')}`)).toMatchObject({ exit: 0 });
      expect((await pos(`operator add 05 ${by('00', '654321')} ${to('0505')}`)).exit).toBe(0);
    } finally {
      system.db.exec('DELETE FROM user');
      const put = system.db.prepare('INSERT INTO user VALUES (@no, @salt, @secret_hash, @first_secret)');
      for (const user of users) put.run(user);
    }
  });
});

describe('pos operator reset', () => {
  const book = async () => {
    await stopServer();
    const staff = await newStaff(join(home(), 'terminal.db'));
    staff.db.close();
  };
  const logsOn = async (no: string, secret: string): Promise<boolean> => {
    const db = openDatabase(join(home(), 'terminal.db'));
    try {
      await logOn(db, { clock: testClock(), random: systemRandom }, { no, secret });
      return true;
    } catch {
      return false;
    } finally {
      db.close();
    }
  };

  it.each([
    ['00', '654321'],
    ['99', '87654321'],
  ])('%s of a stopped terminal gets a first secret, and the trail says by whom', async (no, secret) => {
    await book();
    expect(await pos(`operator reset ${no} --yes ${to(secret)}`)).toMatchObject({ exit: 0 });
    expect(await logsOn(no, secret)).toBe(true);
    const db = openDatabase(join(home(), 'terminal.db'), { readonly: true });
    expect(auditLines(db).some((line) => new RegExp(`^SYS reset-secret ${no} ok .*\\(\\d+\\)`).test(line))).toBe(true);
    db.close();
    expect(await pos(`audit check --db ${home()}/terminal.db`)).toMatchObject({ exit: 0 });
    expect((await pos(`audit list --db ${home()}/terminal.db`)).out).toContain('reset-secret');
  });

  it('not of a running one', async () => {
    await book();
    const lock = lockHome(home());
    expect(await pos(`operator reset 00 --yes ${to('654321')}`)).toMatchObject({
      exit: 75,
      err: expect.stringContaining('终端正在运行'),
    });
    lock?.release();
    expect(await logsOn('00', '123456')).toBe(true);
  });

  it('asks first, and does nothing for another answer', async () => {
    await book();
    expect((await pos(`operator reset 00 ${to('654321')}`, { answers: ['no'] })).exit).toBe(1);
    expect(await logsOn('00', '123456')).toBe(true);
  });

  it('of no terminal', async () => expect((await pos(`operator reset 00 --yes ${to('654321')}`)).exit).toBe(4));
});

describe('pos shift', () => {
  it('list and print', async () => {
    const keypad = makeCounter(system.terminal.world, 'keypad');
    await keypad.logOn('01', '0000');
    expect(JSON.parse((await pos('shift list --json')).out)).toMatchObject({
      shifts: [{ operator: '01', debitCount: 0, netFen: 0, totals: [] }],
    });
    expect((await pos('shift list')).out).toMatch(/01 +\d{4}-\d\d-\d\d .* - +0 +0\.00/);
    expect((await pos(`shift print ${by('01', '0000')}`)).exit).toBe(0);
    expect(system.slips().at(-1)?.join('\n')).toContain('班次未结束');
    await keypad.handOver(false);
    expect((await pos(`shift print ${by('01', '0000')}`)).exit).toBe(4);
    expect((await pos(`shift print ${boss()}`)).exit).toBe(0);
  });
});

describe('pos audit', () => {
  it('check proves the chain of the running terminal', async () => {
    const { exit, out } = await pos('audit check');
    expect({ exit, out }).toEqual({ exit: 0, out: expect.stringMatching(/^审计完整: \d+ 条\n$/) });
    expect((await pos('audit check --lang en')).out).toMatch(/^The audit trail is whole: \d+ lines\n$/);
  });

  it('list: the newest first, of everybody or of one', async () => {
    await pos(`operator unlock 01 ${boss()}`);
    const { lines } = JSON.parse((await pos('audit list --limit 2 --json')).out);
    expect(lines).toMatchObject([
      { by: '00', action: 'unlock-operator', about: '01', outcome: 'ok' },
      { by: '00', action: 'log-on', outcome: 'ok' },
    ]);
    const some = JSON.parse((await pos('audit list --by SYS --json')).out);
    expect(some.lines.length).toBeGreaterThan(0);
    expect(some.lines.every((line: { by: string }) => line.by === 'SYS')).toBe(true);
    expect((await pos('audit list --limit 1')).out).toMatch(/\d+ +\d{4}-\d\d-\d\d .*unlock-operator +01 +成功/);
  });

  it('a line that was changed shows, with its number', async () => {
    await stopServer();
    const staff = await newStaff(join(home(), 'terminal.db'));
    staff.db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET by = '01' WHERE seq = 2");
    staff.db.close();
    const { exit, out } = await pos(`audit check --db ${home()}/terminal.db`);
    expect({ exit, out }).toEqual({ exit: 1, out: '审计被改动: 第 2 条起不符，请联系上游\n' });
    expect(JSON.parse((await pos(`audit check --json --db ${home()}/terminal.db`)).out)).toMatchObject({ brokenAt: 2 });
  });

  it('of what is no book', async () => {
    expect((await pos('audit check --db /nowhere')).exit).toBe(4);
    expect((await pos(`audit list --db ${file('text', 'text')}`)).exit).toBe(1);
  });
});

describe('completion and help', () => {
  it('know the new commands', async () => {
    const { out } = await pos('completion bash');
    expect(out).toContain("'operator') echo 'list add remove passwd unlock reset");
    expect(out).toContain("'audit') echo 'check list");
    expect(out).toContain("'shift') echo 'list print");
  });

  it.each(['operator', 'operator add', 'operator reset', 'shift', 'audit list', 'init'])(
    '%s has help in both languages',
    async (name) => {
      expect((await pos(`${name} --help`)).out).toContain('用法: pos');
      const english = await pos(`${name} --help --lang en`);
      expect(english).toMatchObject({ exit: 0, out: expect.stringContaining('Usage: pos') });
      expect(english.out).not.toMatch(/[\u4e00-\u9fff]/);
    },
  );
});
