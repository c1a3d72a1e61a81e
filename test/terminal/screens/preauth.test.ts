import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { SaleOutcome, TransactionView } from '../../../terminal/flows/counter.ts';
import { Desk, transaction } from './desk.ts';

/** 预授权 and 预授权完成(请求), by the voucher of this terminal or by the authorisation code and the card. */

const held = transaction({ type: 'preauth', state: 'HELD', askedFen: fen(20_000), amountFen: fen(20_000) });
const looked = (desk: Desk, txn: TransactionView | undefined): Desk =>
  desk.on({ is: 'answer', answer: { is: 'looked-up', stan: '000012', txn, supervised: false } });
const ends = (desk: Desk, outcome: SaleOutcome, id = 1): Desk =>
  desk.on({ is: 'done', id, result: { of: 'payment', outcome } });

describe('4 1 预授权', () => {
  const running = (): Desk => new Desk().press('4 1 2 00 00 确认');

  test('the amount is asked for under its own title, and starts it', () => {
    expect(new Desk().press('4 1').text()).toMatch(/^预授权\n\n请输入金额/);
    expect(running().effects).toEqual([
      { is: 'run', id: 1, command: { is: 'preauth', amountFen: 20_000, fallback: false } },
    ]);
    expect(new Desk().press('4 1 取消').text()).toMatch(/^预授权\n1 预授权/);
  });

  test('what is confirmed is a hold', () => {
    const desk = running();
    const step = { at: 'confirm', untilMs: desk.now + 59_000, card: '622848******1234', entry: 'CHIP' } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } });
    expect(desk.text()).toContain('确认预授权');
  });

  test.each([
    ['HELD', '已冻结额度', '已冻结 请勿重刷'],
    ['REVERSED', '已冲正', '已冲正 可重新交易'],
    ['FAILED', '失败', '未冻结 可重新交易'],
    ['VOIDED', '已撤销', '已撤销 额度已解冻'],
    ['COMPLETED', '已完成', '已完成扣款'],
    ['EXPIRED', '已过期', '已过期 额度已解冻'],
  ])('查询末笔 of one that is %s', (state, words, advice) => {
    const desk = new Desk().press('功能 1').on({ is: 'answer', answer: { is: 'last', txn: { ...held, state } } });
    expect(desk.text()).toMatch(new RegExp(`状态 +${words}\n${advice}`));
    expect(desk.text()).toContain('预授权');
  });

  test('unknown: nothing says that money was taken', () => {
    const desk = ends(running(), { kind: 'unknown', txn: { ...held, state: 'REVERSING' }, why: 'no-answer' });
    expect(desk.text()).toMatch(/^结果未知\n超时,系统将自动冲正\n请勿重复预授权\n预授权 +000012/);
  });

  test('approved', () => {
    const desk = ends(running(), { kind: 'approved', txn: held, printProblem: undefined });
    expect(desk.text()).toMatch(/^交易成功\n预授权 +000012\n请取签购单/);
  });

  test('a chip that cannot be read: the same amount by its stripe', () => {
    const desk = ends(running(), { kind: 'stopped', why: 'card-unreadable', detail: 'chip' }).press('确认 确认');
    expect(desk.effects).toEqual([{ is: 'run', id: 2, command: { is: 'preauth', amountFen: 20_000, fallback: true } }]);
  });
});

describe('4 2 预授权完成', () => {
  const byVoucher = (): Desk => looked(new Desk().press('4 2 1 1 2 确认'), held);
  const charging = (): Desk => byVoucher().press('确认 1 5 0 00 确认');

  test('asks which way, then the voucher, shows the hold, asks the amount', () => {
    expect(new Desk().press('4 2').text()).toMatch(/^预授权完成\n1 按凭证号 免刷卡\n2 按授权码 需刷卡/);
    expect(new Desk().press('4 2 1 1 2 确认').effects).toEqual([{ is: 'look-up', stan: '000012', to: 'completion' }]);
    expect(byVoucher().text()).toMatch(/^预授权完成\n预授权 +000012[\s\S]*请核对原交易\n200.00/);
    expect(byVoucher().press('确认').text()).toMatch(/^预授权完成\n\n请输入金额/);
    expect(charging().effects).toEqual([
      {
        is: 'run',
        id: 1,
        command: { is: 'completion', of: { by: 'voucher', stan: '000012' }, amountFen: 15_000, fallback: false },
      },
    ]);
  });

  test('by the authorisation code: with the card, and without looking anything up', () => {
    const desk = new Desk().press('4 2 2');
    expect(desk.text()).toMatch(/请输入授权码[\s\S]*授权码 +______/);
    expect(desk.press('确认').text()).toContain('授权码为6位数字');
    expect(desk.press('7 7 0 1 2 3 确认 1 5 0 00 确认').effects).toEqual([
      {
        is: 'run',
        id: 1,
        command: { is: 'completion', of: { by: 'auth-code', authCode: '770123' }, amountFen: 15_000, fallback: false },
      },
    ]);
  });

  test('取消 leads back page by page', () => {
    const desk = byVoucher().press('确认 取消');
    expect(desk.text()).toMatch(/请输入原凭证号[\s\S]*凭证号 +000012/);
    expect(desk.press('取消').text()).toContain('按凭证号');
    expect(desk.press('取消').state.at.is).toBe('menu');
    expect(new Desk().press('4 2 2 1 2 3 4 5 6 确认 取消').text()).toMatch(/授权码 +123456/);
  });

  test('more than may be charged: the amount is typed again', () => {
    const details = { value: '300.00', min: '0.01', max: '230.00' };
    const desk = charging().on({ is: 'failed', id: 1, refusal: { code: 'INVALID_AMOUNT', details } });
    expect(desk.text().replaceAll('\n', '')).toContain('应为0.01至230.00元');
    expect(desk.press('确认').state.at).toMatchObject({
      is: 'amount',
      purpose: { txn: 'completion', of: { by: 'voucher', stan: '000012' } },
    });
  });

  test('without the card: nothing about cards while the host is asked, and no second completion while it is unknown', () => {
    const desk = charging();
    const step = { at: 'host', untilMs: desk.now + 28_000, card: '622848******1234' } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } });
    expect(desk.text()).toContain('通讯中 28\n请稍候，请勿重复');
    const txn = transaction({ type: 'completion', state: 'REVERSING', amountFen: fen(15_000) });
    const unknown = ends(desk, { kind: 'unknown', txn, why: 'no-answer' });
    expect(unknown.text()).toMatch(/请勿重复完成\n授权完成 +000012\n状态 +冲正中\n请等待 勿重复完成/);
  });

  test.each([
    ['COMPLETED', '已完成'],
    ['VOIDED', '已撤销'],
    ['EXPIRED', '已过期'],
  ])('one that is %s: in words, and back to the voucher', (state, words) => {
    const refusal = { code: 'ILLEGAL_STATE', details: { state, event: 'completion' } } as const;
    const desk = charging().on({ is: 'failed', id: 1, refusal });
    expect(desk.text()).toContain('现在不能预授权完成');
    expect(desk.text()).toContain(words);
    expect(desk.press('确认').text()).toContain('请输入原凭证号');
  });
});

describe('4 3 完成通知', () => {
  test('voucher, the hold, the amount; what follows knows both', () => {
    const desk = looked(new Desk().press('4 3 1 2 确认'), held);
    expect(desk.text()).toContain('完成通知');
    expect(desk.press('确认 1 5 0 00').text()).toMatch(/^完成通知\n\n请输入金额[\s\S]*150.00/);
    expect(JSON.stringify(desk.press('确认').state)).toMatch(/000012.*15000|15000.*000012/);
  });
});
