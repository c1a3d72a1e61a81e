import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../terminal/base/error-table.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { closeExit, closeText } from '../../../terminal/cli/batch.ts';
import type { CloseAnswer, StatusAnswer, TransactionAnswer } from '../../../terminal/cli/contract.ts';
import { failureOf, failureText, refusedByTerminal } from '../../../terminal/cli/failure.ts';
import { settleExit, settlementText, wantedAmount } from '../../../terminal/cli/settle.ts';
import { statusRows } from '../../../terminal/cli/status.ts';
import { makeStepLine, stepText } from '../../../terminal/cli/step-line.ts';
import { table } from '../../../terminal/cli/table.ts';
import { stanOf, transactionPairs } from '../../../terminal/cli/transactions.ts';
import { ageText, stateText } from '../../../terminal/cli/words.ts';

const minute = 60_000;
const opened = Date.UTC(2026, 10, 20, 2, 0, 0);

describe('exit status', () => {
  it.each<[CloseAnswer, number, string]>([
    [{ kind: 'closed', batch: '000001', balanced: true }, 0, '对账平'],
    [{ kind: 'closed', batch: '000001', balanced: false }, 6, '对账不平'],
    [{ kind: 'continues', batch: '000001', state: 'COMPARING' }, 75, '自行继续'],
    [{ kind: 'needs-human', batch: '000001' }, 1, '需人工处理'],
  ])('of a close: %o', (outcome, exit, words) => {
    expect(closeExit(outcome)).toBe(exit);
    expect(closeText(outcome, 'zh')).toContain(words);
    expect(closeText(outcome, 'en')).toContain('000001');
  });

  it.each([
    ['SUCCESS', 0],
    ['REQUESTED', 7],
    ['PROCESSING', 7],
    ['FAILED', 5],
    ['RETURNED', 5],
    ['CANCELLED', 5],
  ])('of a settlement that is %s', (state, exit) => {
    expect(settleExit(state)).toBe(exit);
  });

  it.each(Object.entries(errorTable))(
    'of a refusal %s is the one of the table, here and from the terminal',
    (code, entry) => {
      const remote = refusedByTerminal({ code, zh: '', en: '', details: {} });
      expect(failureOf(remote).exit).toBe(entry.exit);
    },
  );

  it('of what is unknown is 1', () => {
    expect(
      failureOf(refusedByTerminal({ code: 'OF_A_LATER_VERSION', zh: '新', en: 'new', details: {} })),
    ).toMatchObject({ exit: 1, zh: '新' });
    expect(failureOf(new Error('bang'))).toMatchObject({ exit: 1, en: 'Failed: bang' });
    expect(failureOf(new TerminalError('SECRET_WRONG', { left: 2 }))).toMatchObject({ exit: 3 });
  });

  it('failures read in both languages', () => {
    const failure = failureOf(new TerminalError('SECRET_WRONG', { left: 2 }));
    expect(failureText(failure, 'zh')).toBe('错误: 密码错误，还可试2次 (SECRET_WRONG)');
    expect(failureText(failure, 'en')).toBe('Error: Wrong secret; 2 tries left (SECRET_WRONG)');
  });
});

describe('what was typed', () => {
  it.each([
    [{ all: true }, { all: true }],
    [{ amount: '12' }, { amountFen: 1_200 }],
    [{ amount: '12,345.6' }, { amountFen: 1_234_560 }],
    [{ amount: '0.01', all: false }, { amountFen: 1 }],
  ])('amount %o', (flags, wanted) => {
    expect(wantedAmount(flags)).toEqual(wanted);
  });

  it.each([
    ['1', '000001'],
    ['000012', '000012'],
    ['999999', '999999'],
  ])('STAN %s', (typed, stan) => {
    expect(stanOf(typed)).toBe(stan);
  });
});

describe('what a person reads', () => {
  const status: StatusAnswer = {
    merchantName: '账平演示商户',
    terminal: '10000001',
    simulated: true,
    operator: { no: '01' },
    link: 'online',
    signedIn: true,
    waitingRows: 3,
    batch: { no: '000007', state: 'OPEN', records: 12, openedAt: opened },
    reversalsDue: 1,
    printerProblem: 'PAPER_OUT',
  };

  it('the terminal at a glance', () => {
    expect(Object.fromEntries(statusRows(status, 'zh', opened + 180 * minute))).toEqual({
      商户: '账平演示商户',
      终端: '10000001 [模拟]',
      操作员: '01',
      主机: '已连接, 已签到',
      批次: '000007 已打开, 12 笔, 已开 3 小时',
      待上传: '3',
      待冲正: '1',
      打印机: '缺纸，请装纸',
      读卡器: '正常',
    });
  });

  it('the same before anybody logged on and with no batch, in English', () => {
    const { operator: _, batch: __, ...rest } = status;
    const rows = Object.fromEntries(statusRows({ ...rest, link: 'offline', signedIn: false }, 'en', opened));
    expect(rows).toMatchObject({ Operator: 'nobody', Batch: 'none open', Host: 'not connected, not signed in' });
  });

  it('a settlement with its reason, in yuan', () => {
    const settlement = {
      no: 'S1',
      amountFen: 1_234_567,
      serviceFeeFen: 0,
      netFen: 1_234_567,
      state: 'FAILED',
      reason: 'ACCOUNT_ABNORMAL',
      checked: false,
      requestedAt: opened,
      maskedAccount: '6222****1234',
    };
    expect(settlementText(settlement, 'zh')).toBe(
      '结算 S1: 12,345.67 元 (净额 12,345.67) 到 6222****1234，失败 (ACCOUNT_ABNORMAL)',
    );
  });

  it('a transaction in the time of Shanghai', () => {
    const txn: TransactionAnswer = {
      payment: 'P1',
      type: 'sale',
      state: 'REVERSED',
      amountFen: 100,
      feeFen: 1,
      batch: '000007',
      stan: '000012',
      operator: '01',
      at: opened,
      prints: 0,
    };
    const rows = Object.fromEntries(transactionPairs(txn, 'zh'));
    expect(rows).toMatchObject({ 时间: '2026-11-20 10:00:00', 金额: '1.00 元', 状态: '已冲正' });
    expect(Object.values(rows)).not.toContain(''); // what there is not has no row
  });

  it.each([
    [59_999, '0 分钟', '0 min'],
    [119 * minute, '119 分钟', '119 min'],
    [120 * minute, '2 小时', '2 h'],
    [47 * 60 * minute, '47 小时', '47 h'],
    [48 * 60 * minute, '2 天', '2 days'],
    [-5 * minute, '0 分钟', '0 min'],
  ])('an age of %i ms', (ms, zh, en) => {
    expect([ageText(ms, 'zh'), ageText(ms, 'en')]).toEqual([zh, en]);
  });

  it('a state of a later version as it is', () => {
    expect(stateText('LATER', 'zh')).toBe('LATER');
  });

  it('a table whose columns line up under Chinese heads', async () => {
    const lines = await table(
      ['流水号', '金额', '状态'],
      [
        ['000001', '1.00', '已支付'],
        ['000002', '1,234.56', '失败'],
      ],
      [1],
    );
    expect(lines.split('\n')).toEqual(['流水号      金额  状态', '000001      1.00  已支付', '000002  1,234.56  失败']);
  });
});

describe('progress', () => {
  const steps = [
    { kind: 'progress', at: 'comparing' },
    { kind: 'progress', at: 'uploading', done: 1, of: 2 },
    { kind: 'progress', at: 'uploading', done: 2, of: 2 },
  ] as const;
  const shown = (animated: boolean): string => {
    let text = '';
    const line = makeStepLine({ write: (more) => (text += more), animated, language: 'zh' });
    for (const step of steps) line.show(step);
    line.end();
    return text;
  };

  it('is one line that is rewritten on a terminal', () => {
    expect(shown(true)).toBe('\r\u001b[K与主机对账…\r\u001b[K批上送 1/2\r\u001b[K批上送 2/2\n');
  });

  it('is one line for each kind of step elsewhere', () => {
    expect(shown(false)).toBe('与主机对账…\n批上送 1/2\n');
  });

  it('names a step of a later version as it is', () => {
    expect(stepText({ kind: 'progress', at: 'signing' }, 'en')).toBe('signing…');
  });
});
