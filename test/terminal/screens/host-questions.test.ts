import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { SaleOutcome } from '../../../terminal/flows/counter.ts';
import type { PaymentStage } from '../../../terminal/screens/payment-places.ts';
import { Desk, transaction } from './desk.ts';

/** What the host answers with instead of a plain yes: a part, a discount, a code to be told; and what the cashier is warned of. */

const selling = (step: (desk: Desk) => PaymentStage): Desk => {
  const desk = new Desk().press('1 2 00 1 0 确认');
  return desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step: step(desk) } });
};
const ends = (desk: Desk, outcome: SaleOutcome): Desk =>
  desk.on({ is: 'done', id: 1, result: { of: 'payment', outcome } });
const row = (desk: Desk, index: number): string => desk.screen().rows[index]?.trim().replace(/ +/g, ' ') ?? '';

describe('部分批准 (code 10)', () => {
  const part =
    (discountFen = 0) =>
    (desk: Desk): PaymentStage => ({
      at: 'part',
      untilMs: desk.now + 59_000,
      askedFen: fen(20_010),
      approvedFen: fen(10_005),
      discountFen: fen(discountFen),
    });

  test('asked, approved, what is left, and what is paid now, counting down', () => {
    const desk = selling(part());
    expect(desk.screen().rows.map((text) => text.trim().replace(/ +/g, ' '))).toEqual([
      '部分批准',
      '主机只批准部分 59',
      '应收 200.10',
      '批准 100.05',
      '另收 100.05',
      '',
      '100.05',
      '确认接受 取消退回',
    ]);
    expect(desk.wait(1_000).text()).toContain('主机只批准部分 58');
  });

  test('with a discount the customer pays less than was approved', () => {
    const desk = selling(part(1_000));
    expect(row(desk, 5)).toBe('优惠 10.00');
    expect(row(desk, 6)).toBe('90.05');
  });

  test('only 确认 accepts', () => {
    const desk = selling(part());
    for (const key of ['1', '清除', '上']) expect(desk.press(key).tones()).toEqual(['wrong']);
    expect(desk.press('确认').effects).toEqual([{ is: 'reply', id: 1, reply: true }]);
  });

  test('取消 gives it back: unknown until it is reversed', () => {
    const desk = selling(part()).press('取消');
    expect(desk.effects).toContainEqual({ is: 'reply', id: 1, reply: false });
    expect(desk.text()).toMatch(/^结果未知\n不收部分款,自动冲正/);
    ends(desk, { kind: 'unknown', why: 'part-refused', txn: transaction({ state: 'REVERSING' }) });
    expect(desk.text()).toContain('不收部分款,自动冲正');
  });

  test('accepted: the result shows what was asked and what was paid, and stays to be read', () => {
    const txn = transaction({ askedFen: fen(20_010), amountFen: fen(10_005) });
    const desk = ends(selling(part()).press('确认'), { kind: 'approved', txn, printProblem: undefined });
    expect(desk.text()).toMatch(/交易成功\n消费 +000012\n请取签购单\n应收 +200.10/);
    expect(row(desk, 6)).toBe('100.05');
    expect(desk.wait(9_000).text()).toContain('交易成功');
    expect(desk.wait(1_000).state.at.is).toBe('idle');
  });

  test('取消 between 确认 and the slip is reversed, never forgotten', () => {
    const desk = selling(part()).press('确认 取消');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 1 });
    expect(desk.text()).toContain('结果未知');
  });
});

describe('优惠 (B-022)', () => {
  test('the result shows order amount, discount and payable', () => {
    const txn = transaction({ askedFen: fen(20_010), amountFen: fen(18_009), discountFen: fen(2_001), entry: 'CHIP' });
    const desk = ends(
      selling(() => ({ at: 'printing' })),
      { kind: 'approved', txn, printProblem: undefined },
    );
    expect(desk.text()).toMatch(/请取签购单\n请取卡\n应收 +200.10\n优惠 +20.01\n180.09/);
    expect(desk.text('en')).toMatch(/Asked +200.10\nSaved +20.01\n180.09/);
  });
});

describe('持卡人验证 (B-023)', () => {
  const code =
    (with_: Partial<Extract<PaymentStage, { at: 'code' }>> = {}) =>
    (desk: Desk): PaymentStage => ({
      at: 'code',
      by: 'sms',
      to: '138****5678',
      triesLeft: 3,
      problem: undefined,
      untilMs: desk.now + 119_000,
      digits: '',
      ...with_,
    });

  test.each([
    [{}, ['短信已发至', '138****5678', '可试3次']],
    [{ by: 'wechat', to: 'wx****ab' }, ['微信已发至', 'wx****ab']],
    [{ problem: 'OTP_WRONG', triesLeft: 2 }, ['验证码错 还可试2次']],
    [{ problem: 'OTP_EXPIRED' }, ['验证码过期 请重发']],
  ] as const)('%o', (with_, words) => {
    const desk = selling(code(with_));
    for (const word of ['持卡人验证', '请输入验证码 119', ...words]) expect(desk.text()).toContain(word);
  });

  test('digits are typed, taken back, and sent with 确认', () => {
    const desk = selling(code()).press('2 4 6 8 1 9 清除 0');
    expect(desk.text()).toMatch(/验证码 +246810/);
    expect(desk.press('确认').effects).toEqual([{ is: 'reply', id: 1, reply: '246810' }]);
  });

  test('too few digits are no code', () => {
    const desk = selling(code()).press('2 4 6 确认');
    expect(desk.tones()).toEqual(['wrong']);
    expect(desk.text()).toMatch(/验证码 +246___/);
  });

  test.each(['功能', '下'])('%s sends it again', (key) =>
    expect(selling(code()).press(`1 ${key}`).effects).toEqual([{ is: 'reply', id: 1, reply: 'send-again' }]),
  );

  test('取消 gives up: reversed, with the reason', () => {
    const desk = selling(code()).press('取消');
    expect(desk.effects).toContainEqual({ is: 'reply', id: 1, reply: false });
    expect(desk.text()).toMatch(/^结果未知\n未通过验证,自动冲正\n请勿重复刷卡/);
  });

  test('取消 while the code is on its way is reversed too', () => {
    const desk = selling(code()).press('2 4 6 8 1 0 确认 取消');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 1 });
    expect(desk.text()).toContain('已取消,系统自动冲正');
  });
});

test('E-074: a card that comes too often is said on the page that asks 确认', () => {
  const desk = selling(({ now }) => ({
    at: 'confirm',
    untilMs: now + 59_000,
    card: '622848******1234',
    entry: 'CONTACTLESS',
    warning: { code: 'CONTACTLESS_TOO_FREQUENT', value: 6, limit: 5 },
  }));
  expect(desk.text()).toMatch(/请核对 59\n此卡今日闪付6次\n超过5次 请留意\n挥卡\n622848\*{6}1234\n200.10/);
  expect(desk.press('确认').effects).toEqual([{ is: 'reply', id: 1, reply: true }]);
});
