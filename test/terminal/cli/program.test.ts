import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TerminalError } from '../../../terminal/base/errors.ts';
import type { DoctorReport } from '../../../terminal/cli/contract.ts';
import { runPos } from '../../../terminal/cli/program.ts';
import type { CounterStatus } from '../../../terminal/flows/counter.ts';
import { type CapturedShell, capturedShell } from './captured-shell.ts';
import { posRig } from './pos-rig.ts';

const { home, pos, serve, stopServer } = posRig();

describe('a command line that cannot be understood ends with 2 and says why', () => {
  it.each([
    ['', '用法: pos'],
    ['nothing', "没有这个命令: 'nothing'"],
    ['batch', '用法: pos batch'],
    ['batch open', "没有这个命令: 'open'"],
    ['txn show', "缺少参数: 'stan'"],
    ['txn show 12a', '流水号应为'],
    ['txn show 1234567', '流水号应为'],
    ['txn list --limit 0', '--limit 应为 1 至 500'],
    ['txn list --limit 501', '--limit 应为 1 至 500'],
    ['txn list --limit x', '--limit 应为 1 至 500'],
    ['txn reprint', '流水号或 --last'],
    ['txn reprint 12 --last', '流水号或 --last'],
    ['settle', '--amount 元 或 --all'],
    ['settle --all --amount 5', '--amount 元 或 --all'],
    ['settle --amount', '选项缺少值'],
    ['settle --amount 0', '金额0无效'],
    ['settle --amount=-5', '金额-5无效'],
    ['settle --amount 1.234', '金额1.234无效'],
    ['settle --amount 1e9', '金额1e9无效'],
    ['status --secret 123456', "没有这个选项: '--secret'"],
    ['status --lang fr', '值无效'],
    ['status now', '参数太多'],
    ['completion fish', '值无效'],
  ])('pos %s', async (line, words) => {
    const { exit, out, err } = await pos(line);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(words);
  });

  it('in English when asked', async () => {
    expect((await pos('nothing --lang en')).err).toBe("Error: unknown command 'nothing'. See pos --help (USAGE)\n");
    expect((await pos('--lang=en txn show')).err).toContain("missing required argument 'stan'");
  });

  it('as one JSON object with --json', async () => {
    const { exit, out } = await pos('settle --amount 0 --json');
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ kind: 'error', code: 'INVALID_AMOUNT', details: { value: '0' } });
  });
});

describe('help', () => {
  it('is Chinese first', async () => {
    const { exit, out } = await pos('--help');
    expect(exit).toBe(0);
    for (const words of ['用法: pos', '选项:', '命令:', '批结算', '退出码', '显示帮助']) {
      expect(out + (await pos('batch --help')).out).toContain(words);
    }
  });

  it('is English on request, with no Chinese left', async () => {
    for (const line of [
      '--help --lang en',
      'batch --help --lang en',
      'txn reprint --lang en --help',
      'help settle --lang en',
    ]) {
      const { exit, out } = await pos(line);
      expect(exit).toBe(0);
      expect(out).toContain('Usage: pos');
      expect(out).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('tells the version', async () => {
    expect(await pos('--version')).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^pos \d+\.\d+\.\d+ schema \d+\n$/),
    });
  });
});

describe('without a running terminal', () => {
  it.each([
    'status',
    'doctor',
    'batch status',
    'batch close --yes',
    'settle --all',
    'settle list',
    'txn list',
    'txn show 1',
    'ledger check',
  ])('pos %s says what to do', async (line) => {
    const { exit, out, err } = await pos(line);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('npm start');
    expect(err).toContain(`pos ledger check --db ${home()}/terminal.db`);
  });

  it('says it as JSON too', async () => {
    const { exit, out } = await pos('status --json');
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ kind: 'error', code: 'NOT_RUNNING' });
  });

  it('--home goes before POS_HOME', async () => {
    expect((await pos('status --home /nowhere')).err).toContain('/nowhere');
  });
});

describe('who acts', () => {
  it.each([
    ['txn reprint --last', '--operator'],
    ['txn reprint --last --operator 01', '--password-file'],
    ['txn reprint --last --no-input', '--operator'],
  ])('pos %s with nobody to ask needs %s', async (line, flag) => {
    const { exit, err } = await pos(line);
    expect(exit).toBe(3);
    expect(err).toContain(flag);
  });

  it('is not asked with --no-input, even on a terminal', async () => {
    expect(await pos('txn reprint --last --no-input', { answers: ['01', '0000'] })).toMatchObject({
      exit: 3,
      asked: [],
    });
  });

  it('is asked on a terminal, the secret without echo', async () => {
    const { asked, exit } = await pos('txn reprint --last', { answers: ['01', '0000'] });
    expect(asked).toEqual(['操作员号: ', 'hidden 操作员01密码: ']);
    expect(exit).toBe(1); // nobody is there to print
  });

  it.each(['1', '001', 'ab'])('operator %s is a mistake', async (operator) => {
    expect(await pos(`txn reprint --last --operator ${operator}`, { answers: ['0000'] })).toMatchObject({ exit: 2 });
  });

  it('a password file that is not there, or empty', async () => {
    writeFileSync(join(home(), 'empty'), '\n');
    const line = `txn reprint --last --operator 01 --password-file ${home()}`;
    expect((await pos(`${line}/none`)).exit).toBe(4);
    expect((await pos(`${line}/empty`)).exit).toBe(3);
  });
});

describe('pos batch close', () => {
  const status: CounterStatus = {
    merchantName: '账平演示商户',
    terminal: '10000001',
    hotline: '95516',
    simulated: true,
    operator: undefined,
    link: 'online',
    signedIn: true,
    waitingRows: 0,
    batch: { no: '000007', state: 'OPEN', records: 12, openedAt: Date.UTC(2026, 10, 20, 1, 0, 0) },
    batchAlert: undefined,
    reversalsStuck: 0,
    reversalsDue: 0,
    clockWrong: false,
    restoring: false,
    printerProblem: undefined,
    readerProblem: undefined,
    deviceProblems: [],
  };
  const refusing = async (seen: CounterStatus = status) => {
    let counters = 0;
    await serve({
      status: () => seen,
      counter: () => {
        counters += 1;
        throw new TerminalError('BATCH_CLOSING');
      },
    });
    return () => counters;
  };

  it.each([
    ['', {}],
    ['--no-input', { answers: ['000007', '00', '123456'] }],
    ['--operator 00 --password-file -', { stdin: '123456' }],
  ])('%s with nobody to ask fails and names the flag', async (flags, shell) => {
    const reached = await refusing();
    const { exit, err, asked } = await pos(`batch close ${flags}`, shell);
    expect({ exit, asked }).toEqual({ exit: 2, asked: [] });
    expect(err).toContain('--yes');
    expect(reached()).toBe(0);
  });

  it('another number than that of the batch closes nothing', async () => {
    const reached = await refusing();
    const { exit, err } = await pos('batch close', { answers: ['000008'] });
    expect(exit).toBe(1);
    expect(err).toContain('什么都没有做');
    expect(reached()).toBe(0);
  });

  it('its number, then who, then the terminal decides', async () => {
    const reached = await refusing();
    const { exit, err, asked } = await pos('batch close', { answers: ['000007', '00', '123456'] });
    expect(asked).toEqual(['关闭批次 000007 (12 笔)，请输入批次号: ', '操作员号: ', 'hidden 操作员00密码: ']);
    expect({ exit, reached: reached() }).toEqual({ exit: 75, reached: 1 });
    expect(err).toContain('BATCH_CLOSING');
  });

  it('--yes and a secret from stdin ask nothing', async () => {
    const reached = await refusing();
    const { exit, out } = await pos('batch close --yes --operator 00 --password-file - --json', { stdin: '123456\n' });
    expect({ exit, reached: reached() }).toEqual({ exit: 75, reached: 1 });
    expect(JSON.parse(out)).toMatchObject({ kind: 'error', code: 'BATCH_CLOSING' });
  });

  it('without an open batch has nothing to close', async () => {
    await refusing({ ...status, batch: undefined });
    expect(await pos('batch close --yes')).toMatchObject({ exit: 4 });
    expect(await pos('batch status')).toMatchObject({ exit: 0, out: '没有打开的批次\n' });
    expect((await pos('batch status --json')).out).toBe('{"batch":null}\n');
  });

  it('pos status and pos batch status show it', async () => {
    await refusing();
    expect((await pos('batch status')).out).toBe('000007 已打开, 12 笔, 已开 60 分钟\n');
    expect((await pos('status --lang en')).out).toContain('Batch          000007 open, 12 records, opened 60 min ago');
    expect(JSON.parse((await pos('status --json')).out)).toMatchObject({
      terminal: '10000001',
      batch: { records: 12 },
    });
  });
});

describe('pos doctor', () => {
  const report: DoctorReport = {
    checks: [
      { name: 'database', ok: true, zh: '数据库正常', en: 'Database fine', detail: 'WAL, FULL' },
      { name: 'link', ok: false, zh: '未连接主机', en: 'Host not connected' },
    ],
  };

  it('ends with 0 when all is well, else with 1', async () => {
    await serve({ doctor: async () => report });
    expect(await pos('doctor')).toEqual({
      exit: 1,
      out: '✓  数据库正常  WAL, FULL\n✗  未连接主机\n',
      err: '',
      asked: [],
    });
    await stopServer();
    await serve({ doctor: async () => ({ checks: report.checks.slice(0, 1) }) });
    expect(await pos('doctor --lang en')).toMatchObject({ exit: 0, out: '✓  Database fine  WAL, FULL\n' });
  });

  it('gives the report as it is with --json', async () => {
    await serve({ doctor: async () => report });
    const { out } = await pos('doctor --json');
    expect(JSON.parse(out)).toEqual(report);
  });

  it.each([
    ['', {}, true],
    ['--no-color', {}, false],
    ['', { NO_COLOR: '1' }, false],
    ['', { TERM: 'dumb' }, false],
  ])('colour on a terminal: %s %o', async (flag, env, coloured) => {
    await serve({ doctor: async () => report });
    expect((await pos(`doctor ${flag}`, { terminal: true, env })).out.includes('\u001b[')).toBe(coloured);
  });

  it.each<[string, (shell: CapturedShell) => unknown, number, string]>([
    ['Ctrl-C', (shell) => shell.interrupt(), 130, 'INTERRUPTED'],
    ['15 s without an answer', (shell) => shell.clock.advance(15_000), 1, 'NOT_ANSWERING'],
  ])('a terminal that hangs: %s ends the command', async (_, happen, exit, code) => {
    let reached: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await serve({
      doctor: () => {
        reached();
        return new Promise(() => {});
      },
    });
    const shell = capturedShell({ env: { POS_HOME: home() } });
    const ended = runPos(['doctor'], shell);
    await asked;
    await happen(shell);
    expect(await ended).toBe(exit);
    expect(shell.stderr()).toContain(code);
    expect(shell.clock.pending()).toBe(0);
  });
});
