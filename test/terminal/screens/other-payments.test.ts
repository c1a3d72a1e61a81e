import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { PaymentOutcome } from '../../../terminal/screens/payment-places.ts';
import { Desk, supervisor, transaction } from './desk.ts';

const ends = (desk: Desk, outcome: PaymentOutcome, id = 1): Desk =>
  desk.on({ is: 'done', id, result: { of: 'payment', outcome } });

describe('8 3 余额查询', () => {
  const asking = (): Desk => new Desk().press('8 3');

  test('starts at once, without an amount', () => {
    expect(asking().effects).toEqual([{ is: 'run', id: 1, command: { is: 'balance', fallback: false } }]);
    const desk = asking();
    const step = { at: 'card', untilMs: desk.now + 59_000 } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } });
    expect(desk.text()).toMatch(/^余额查询\n\n请挥卡或刷卡 59/);
    expect(desk.screen().big).toBe(false);
  });

  test('the balance is shown for ten seconds, or until any key', () => {
    const shown = { kind: 'shown', balanceFen: fen(123_456), card: '622848******1234' } as const;
    const desk = ends(asking(), shown);
    expect(desk.text()).toMatch(/^余额查询\n\n可用余额\n\n622848\*{6}1234[\s\S]*1,234.56/);
    expect(desk.wait(10_000).state.at.is).toBe('idle');
    const left = ends(asking(), shown).press('5');
    expect(JSON.stringify(left.state)).not.toContain('123456');
  });

  test('declined, and no answer: nothing to be reversed', () => {
    expect(ends(asking(), { kind: 'declined', code: '51' }).text()).toMatch(/^交易失败\n余额查询\n\(51\)余额不足/);
    expect(ends(asking(), { kind: 'no-answer' }).text()).toContain('无应答 请重试');
  });

  test('取消 while the host is asked: idle, nothing is unknown', () => {
    const desk = asking();
    const step = { at: 'host', untilMs: desk.now + 28_000, card: '622848******1234' } as const;
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } });
    expect(desk.text()).not.toContain('自动冲正');
    expect(desk.press('取消').text()).toContain('已取消');
    expect(ends(desk, { kind: 'stopped', why: 'cancelled' }).state.at.is).toBe('idle');
    const late = { kind: 'shown', balanceFen: fen(123_456), card: '622848******1234' } as const;
    expect(ends(desk, late).text(), 'nobody waits for it any more').not.toContain('1,234.56');
  });

  test.each([
    ['chip', '请改刷磁条', true],
    ['removed', '请重新出示卡', false],
  ])('an unread card (%s): the same again', (detail, words, fallback) => {
    const desk = ends(asking(), { kind: 'stopped', why: 'card-unreadable', detail }).press('确认');
    expect(desk.text()).toContain(words);
    expect(desk.press('确认').effects).toEqual([{ is: 'run', id: 2, command: { is: 'balance', fallback } }]);
  });
});

describe('5 1 离线消费', () => {
  const taking = (): Desk => new Desk().press('5 1 1 2 00 确认');
  const txn = transaction({ type: 'stored-sale', state: 'STORED', askedFen: fen(1200), amountFen: fen(1200) });

  test('the amount starts it', () =>
    expect(taking().effects).toEqual([{ is: 'run', id: 1, command: { is: 'stored-sale', amountFen: 1200 } }]));

  test('taken: not called approved, as the host has not heard of it', () => {
    const desk = ends(taking(), { kind: 'stored', txn, printProblem: undefined });
    expect(desk.text()).toMatch(/^离线已受理\n离线消费 +000012\n联网后自动上送/);
    expect(desk.text()).not.toContain('交易成功');
    expect(desk.tones()).toEqual(['ok']);
  });

  test('without paper: it is safe', () =>
    expect(ends(taking(), { kind: 'stored', txn, printProblem: 'PAPER_OUT' }).text()).toContain('已受理 记录已保存'));

  test('the card refuses: nothing was taken', () =>
    expect(ends(taking(), { kind: 'card-refused' }).text()).toContain('卡片拒绝 未扣款'));

  test('a chip that cannot be read has no second way offline', () => {
    const desk = ends(taking(), { kind: 'stopped', why: 'card-unreadable', detail: 'chip' });
    expect(desk.text()).toContain('芯片读取失败\n请换卡');
    expect(desk.press('确认').screen().rows[6]?.trim()).toBe('12.00');
  });

  test.each([
    ['offline-off', '', '', '离线未开通', 'idle'],
    ['offline-amount', '600.00', '500.00', '单笔600.00，限500.00', 'amount'],
    ['offline-total', '5,100.00', '5,000.00', '累计5,100.00，限5,000.00', 'idle'],
    ['offline-count', 20, 20, '笔数20，限20', 'idle'],
    ['offline-age', 25, 24, '限24', 'idle'],
  ])('refused by its limit %s', (what, value, limit, words, then) => {
    const refusal = { code: 'OFFLINE_NOT_ALLOWED', details: { what, value, limit } } as const;
    const desk = taking().on({ is: 'failed', id: 1, refusal });
    expect(desk.text().replaceAll('\n', '')).toContain(words);
    expect(desk.press('确认').state.at.is).toBe(then);
  });
});

test.each(['1', '4 1', '4 2', '5 1', '8 3'])('主管 cannot do %s', (keys) => {
  const desk = new Desk(undefined, { operator: supervisor }).press(keys);
  expect(['paying', 'amount', 'completion-way']).not.toContain(desk.state.at.is);
  expect(desk.effects.some((effect) => effect.is === 'run')).toBe(false);
});

describe('交易查询', () => {
  test.each([
    ['sale', 'PAID', '消费', '成功'],
    ['sale', 'VOIDED', '消费', '已撤销'],
    ['void', 'DONE', '撤销', '成功'],
    ['refund', 'PROCESSING', '退货', '处理中'],
    ['preauth', 'HELD', '预授权', '已冻结额度'],
    ['completion-advice', 'STORED', '完成通知', '待上送'],
    ['code-sale', 'UNKNOWN', '扫码', '查询中'],
  ] as const)('a %s that is %s', (type, state, name, words) => {
    const rows = [transaction({ type, state })];
    const desk = new Desk().on({ is: 'answer', answer: { is: 'transactions', rows } });
    expect(desk.text()).toMatch(new RegExp(`^交易 1/1[\\s\\S]*\n${name} +${words}\n`));
    const last = new Desk().on({ is: 'answer', answer: { is: 'last', txn: transaction({ type, state }) } });
    expect(last.text()).toContain(name);
  });
});
