import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { SaleOutcome, TransactionView } from '../../../terminal/flows/counter.ts';
import type { TakeBackTxn } from '../../../terminal/screens/payment-places.ts';
import { Desk, nowMs, supervisor, transaction } from './desk.ts';

/** 撤销, 预授权撤销, 预授权完成撤销: voucher, the original to be recognised, 主管密码, and what became of it. */

const sold = transaction({ askedFen: fen(1200), amountFen: fen(1200), at: nowMs - 60_000 });
const held = { ...sold, type: 'preauth', state: 'HELD' } as const;
const completed = { ...sold, type: 'completion' } as const;

const looked = (desk: Desk, txn: TransactionView | undefined, supervised = true): Desk =>
  desk.on({ is: 'answer', answer: { is: 'looked-up', stan: '000012', txn, supervised } });
const ends = (desk: Desk, outcome: SaleOutcome, id = 1): Desk =>
  desk.on({ is: 'done', id, result: { of: 'payment', outcome } });

const each = [
  ['2', '撤销', 'void', sold, '消费'],
  ['4 4', '预授权撤销', 'preauth-void', held, '预授权'],
  ['4 5', '完成撤销', 'completion-void', completed, '授权完成'],
] as const satisfies readonly (readonly [string, string, TakeBackTxn, TransactionView, string])[];

describe.each(each)('%s %s', (keys, title, txn, original, type) => {
  const shown = (supervised = true): Desk => looked(new Desk().press(`${keys} 1 2 确认`), original, supervised);
  const secret = '6 5 4 3 2 1 确认';

  test('asks the voucher number and looks it up', () => {
    const desk = new Desk().press(keys);
    expect(desk.text()).toMatch(new RegExp(`^${title}\n\n请输入原凭证号`));
    expect(desk.press('确认').text()).toContain('凭证号为6位数字');
    expect(desk.press('1 2 确认').effects).toEqual([{ is: 'look-up', stan: '000012', to: txn }]);
  });

  test('shows type, voucher, time, card, state and amount of the original, and asks for 主管密码 only after 确认', () => {
    const rows = shown()
      .screen()
      .rows.map((row) => row.trim().replace(/ +/g, ' '));
    const state = original.state === 'HELD' ? '已冻结额度' : '成功';
    expect(rows).toEqual([
      title,
      `${type} 000012`,
      '11-20 09:59:00',
      '622848******1234',
      `状态 ${state}`,
      '请核对原交易',
      '12.00',
      '确认 继续 取消 返回',
    ]);
    expect(shown().press('确认').text()).toMatch(/原凭证号 000012\n金额 12.00\n主管密码 +______/);
  });

  test('the secret starts it; the secret is in no state afterwards', () => {
    const desk = shown().press(`确认 ${secret}`);
    expect(desk.effects).toMatchObject([{ is: 'run', id: 1, command: { is: txn, original, secret: '654321' } }]);
    expect(JSON.stringify(desk.state)).not.toContain('654321');
    expect(desk.state.at.is).toBe('paying');
  });

  test('where no supervisor must agree, 确认 starts it', () => {
    const desk = shown(false).press('确认');
    expect(desk.effects).toMatchObject([{ is: 'run', command: { is: txn, original } }]);
    expect(JSON.stringify(desk.effects)).not.toContain('secret');
  });

  test('a wrong secret is asked for again in place', () => {
    const desk = shown().press(`确认 ${secret}`);
    desk.on({ is: 'failed', id: 1, refusal: { code: 'SECRET_WRONG', details: { left: 4 } } });
    expect(desk.text()).toContain('密码错误，还可试4次');
    expect(desk.press(secret).effects).toMatchObject([{ is: 'run', id: 2 }]);
  });

  test('waits for the host, counts down, and asks for no card', () => {
    const desk = shown().press(`确认 ${secret}`);
    const step = { at: 'host', untilMs: desk.now + 28_000, card: '622848******1234' } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } });
    expect(desk.text()).toContain(`${title}\n\n通讯中 28\n请稍候，请勿重复`);
    expect(desk.wait(1_000).text()).toContain('通讯中 27');
  });

  test('取消 while the host is asked: unknown, in its own words, until it is decided', () => {
    const desk = shown().press(`确认 ${secret}`);
    const step = { at: 'host', untilMs: desk.now + 28_000, card: '' } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } }).press('取消');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 1 });
    expect(desk.text()).toMatch(/^结果未知\n已取消,系统自动冲正\n请勿重复撤销/);
    const undoing = transaction({ type: txn, state: 'REVERSING', stan: '000013', amountFen: fen(1200) });
    ends(desk, { kind: 'unknown', txn: undoing, why: 'cancelled' });
    expect(desk.text()).toContain('请等待 勿重复撤销');
    desk.on({ is: 'status', operator: desk.status.operator });
    expect(desk.effects).toEqual([{ is: 'look-up', stan: '000013' }]);
    const txnNow = { ...undoing, state: 'REVERSED' };
    desk.on({ is: 'answer', answer: { is: 'looked-up', stan: '000013', txn: txnNow, supervised: false } });
    expect(desk.text()).toContain('未撤销 原交易有效');
  });

  test('取消 leads back page by page', () => {
    const desk = shown().press('确认 取消');
    expect(desk.text()).toContain('请核对原交易');
    expect(desk.press('取消').text()).toContain('请输入原凭证号');
    expect(desk.press('取消').state.at.is).toBe('menu');
  });

  test.each([
    ['declined', { kind: 'declined', code: '12' }, '交易失败'],
    ['approved', { kind: 'approved', printProblem: undefined }, '交易成功'],
  ] as const)('%s says what it was', (_, outcome, words) => {
    const done = transaction({ type: txn, state: 'DONE', askedFen: fen(1200), amountFen: fen(1200) });
    const desk = ends(shown().press(`确认 ${secret}`), { ...outcome, txn: done });
    expect(desk.text()).toMatch(new RegExp(`^${words}\n${txn === 'preauth-void' ? '授权撤销' : title} +000012`));
  });

  test.each([
    ['VOIDED', '已撤销'],
    ['OTHER_BATCH', '非本批次交易'],
    ['EXPIRED', '已过期'],
  ])('refused as %s: in words, and back to the voucher number', (state, words) => {
    const desk = shown().press(`确认 ${secret}`);
    desk.on({ is: 'failed', id: 1, refusal: { code: 'ILLEGAL_STATE', details: { state, event: txn } } });
    expect(desk.text().replaceAll('\n', '')).toContain(words);
    expect(desk.press('确认').text()).toContain('请输入原凭证号');
  });

  test.each([
    ['REVERSAL_PENDING', {}, '有冲正未完成'],
    ['OFFLINE', {}, '未连接主机'],
    ['RISK_BLOCKED', { no: '000012' }, '风险交易000012'],
    ['REFUND_IN_PROGRESS', { no: '000012' }, '有退货在途'],
  ] as const)('refused with %s: read, then back to idle', (code, details, words) => {
    const desk = shown().press(`确认 ${secret}`);
    expect(desk.on({ is: 'failed', id: 1, refusal: { code, details } }).text()).toContain(words);
    expect(desk.press('确认').state.at.is).toBe('idle');
  });
});

describe('the wrong original', () => {
  test('is not there: said, and typed again', () => {
    const desk = looked(new Desk().press('2 1 2 确认'), undefined);
    expect(desk.text()).toContain('找不到交易 000012');
    expect(desk.tones()).toEqual(['error']);
    expect(desk.press('确认').text()).toMatch(/凭证号 +______/);
  });

  test.each([
    ['2', held, '交易类型不符'],
    ['2', { ...sold, type: 'code-sale' } as const, '扫码支付，请退货'],
    ['2', { ...sold, type: 'refund', state: 'SUCCESS' } as const, '交易类型不符'],
    ['4 4', sold, '交易类型不符'],
    ['4 5', { ...sold, type: 'completion-advice' } as const, '交易类型不符'],
  ])('%s of another type is refused before any secret is asked for', (keys, txn, words) => {
    const desk = looked(new Desk().press(`${keys} 1 2 确认`), txn);
    expect(desk.text().replaceAll('\n', '')).toContain(words);
    expect(desk.press('确认').text()).toContain('请输入原凭证号');
  });
});

test.each(['2', '4 4', '4 5'])('主管 is not offered %s: cashiers void, with the supervisor beside them', (keys) => {
  const desk = new Desk(undefined, { operator: supervisor }).press(keys);
  expect(desk.state.at.is).not.toBe('ask-original');
});

describe('a void for which the card is shown again (a parameter)', () => {
  const order = { is: 'void', original: sold, supervised: true, fallback: false } as const;
  const running = (supervised = true): Desk => {
    const desk = looked(new Desk().press('2 1 2 确认'), sold, supervised);
    return desk.press(supervised ? '确认 1 2 3 4 5 6 确认' : '确认');
  };

  test('card, confirmation with its own title, PIN', () => {
    const desk = running();
    const untilMs = desk.now + 59_000;
    const at = (step: Parameters<typeof desk.on>[0] & { is: 'progress' }) => desk.on(step).text();
    const card = '622848******1234';
    expect(at({ is: 'progress', id: 1, progress: { of: 'payment', step: { at: 'card', untilMs } } })).toContain(
      '撤销\n\n请挥卡或刷卡 59',
    );
    const confirm = { at: 'confirm', untilMs, card, entry: 'MAG' } as const;
    expect(at({ is: 'progress', id: 1, progress: { of: 'payment', step: confirm } })).toContain('确认撤销');
    expect(desk.press('确认').effects).toEqual([{ is: 'reply', id: 1, reply: true }]);
  });

  test.each([
    ['chip', true],
    ['removed', false],
  ])('an unread card (%s): the same again, by its stripe %s', (detail, fallback) => {
    const desk = ends(running(), { kind: 'stopped', why: 'card-unreadable', detail }).press('确认');
    expect(desk.text()).toContain('主管密码');
    expect(desk.press('1 2 3 4 5 6 确认').effects).toMatchObject([{ command: { ...order, fallback } }]);
    const alone = ends(running(false), { kind: 'stopped', why: 'card-unreadable', detail }).press('确认');
    expect(alone.press('确认').effects).toMatchObject([{ is: 'run', id: 2, command: { is: 'void', fallback } }]);
  });
});
