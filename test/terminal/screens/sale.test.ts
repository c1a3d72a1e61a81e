import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { OfferedCardView, SaleOutcome } from '../../../terminal/flows/counter.ts';
import type { PaymentStage } from '../../../terminal/screens/payment-places.ts';
import { Desk, supervisor, transaction } from './desk.ts';

describe('typing an amount', () => {
  test.each([
    ['1 1 1 2 3 00', '1,123.00'], // the first 1 is 消费, the rest is typed
    ['1 5 00 0', '50.00'],
    ['1 1', '0.01'],
    ['1 0 00 0', '0.00'],
    ['1 0 0 7', '0.07'],
    ['1 1 2 3 清除', '0.12'],
    ['1 1 2 清除 清除 清除', '0.00'],
    ['1 1 . 5', '0.15'],
    ['1 9 9 9 9 9 9 9 9 9', '9,999,999.99'],
    ['确认 1 1 00', '1.00'],
  ])('%s → %s', (keys, amount) => {
    const desk = new Desk().press(keys);
    expect(desk.screen().rows[6]?.trim()).toBe(amount);
    expect(desk.screen().big).toBe(true);
  });

  test.each([
    ['nothing typed', '1 确认', '金额不能为0'],
    ['only zeros', '1 00 0 确认', '金额不能为0'],
    ['a tenth digit', '1 9 9 9 9 9 9 9 9 9 1', '最多9位数字'],
    ['00 as ninth and tenth', '1 9 9 9 9 9 9 9 9 00', '最多9位数字'],
  ])('%s is refused with a beep and words', (_, keys, words) => {
    const desk = new Desk().press(keys);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['wrong']);
    expect(desk.state.at.is).toBe('amount');
  });

  test('the words go with the next key', () => expect(new Desk().press('1 确认 5').text()).not.toContain('不能为0'));
});

describe('before money moves', () => {
  test('the typed amount starts the sale, and the card is asked for next', () => {
    const desk = new Desk().press('1 1 2 00 确认');
    expect(desk.effects).toEqual([{ is: 'run', id: 1, command: { is: 'sale', amountFen: 1200, fallback: false } }]);
    expect(desk.text()).not.toContain('确认消费');
  });

  test.each([
    ['CONTACTLESS', '挥卡'],
    ['MAG', '刷卡'],
  ])('card (%s) and amount are on one page that counts down and asks 确认 or 取消', (entry, words) => {
    const desk = selling(confirmation(new Desk(), entry));
    expect(desk.screen().rows.map((row) => row.trim())).toEqual([
      '确认消费',
      '',
      '请核对 59',
      '',
      words,
      '622848******1234',
      '12.00',
      '确认 取消',
    ]);
    expect(desk.wait(1_000).text()).toContain('请核对 58');
  });

  test('B-024: only 确认 is a yes, and it is given once', () => {
    const desk = selling(confirmation(new Desk()));
    for (const key of ['5', '00', '.', '清除', '上', '下']) {
      expect(desk.press(key).effects, key).toEqual([{ is: 'beep', tone: 'wrong' }]);
    }
    expect(desk.press('确认').effects).toEqual([{ is: 'reply', id: 1, reply: true }]);
    expect(desk.press('确认').effects).toEqual([{ is: 'beep', tone: 'wrong' }]);
  });

  test('a 确认 too many at the amount or the card is no yes', () => {
    const desk = new Desk().press('1 1 2 00 确认 确认');
    expect(desk.effects).toEqual([{ is: 'beep', tone: 'wrong' }]);
    expect(selling(card(desk)).press('确认').effects).toEqual([{ is: 'beep', tone: 'wrong' }]);
  });

  test('a new sale never shows the amount of the last one', () =>
    expect(new Desk().press('1 1 2 00 取消 取消 1').screen().rows[6]?.trim()).toBe('0.00'));

  test('主管 cannot sell, and hears it before typing', () => {
    const desk = new Desk(undefined, { operator: supervisor }).press('1');
    expect(desk.text()).toContain('操作员00不能做交易\n请换收银员登录');
    expect(desk.tones()).toEqual(['error']);
  });
});

const selling = (step?: PaymentStage): Desk => {
  const desk = new Desk().press('1 1 2 00 确认');
  return step ? desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step } }) : desk;
};
const ends = (desk: Desk, outcome: SaleOutcome): Desk =>
  desk.on({ is: 'done', id: 1, result: { of: 'payment', outcome } });
const card = (desk: Desk): PaymentStage => ({ at: 'card', untilMs: desk.now + 59_000 });
const confirmation = (desk: Desk, entry = 'CONTACTLESS'): PaymentStage => ({
  at: 'confirm',
  untilMs: desk.now + 59_000,
  card: '622848******1234',
  entry,
});
const host = (desk: Desk): PaymentStage => ({ at: 'host', untilMs: desk.now + 28_000, card: '622848******1234' });
const txn = transaction({ askedFen: fen(1200), amountFen: fen(1200) });

const pin = (desk: Desk, again = false): PaymentStage => ({
  at: 'pin',
  untilMs: desk.now + 59_000,
  card: '622848******1234',
  again,
});
const chip = (desk: Desk): PaymentStage => ({ at: 'chip', untilMs: desk.now + 9_000, card: '622848******1234' });

describe('waiting counts down', () => {
  const at = new Desk();
  test.each([
    ['card', card(at), 0, '请挥卡或刷卡 59'],
    ['card', card(at), 58_500, '请挥卡或刷卡 1'],
    ['fallback', { ...card(at), fallback: true }, 0, '请刷磁条 59'],
    ['PIN', pin(at), 0, '请客户输密码 59'],
    ['PIN', pin(at), 1_000, '请客户输密码 58'],
    ['second PIN', pin(at, true), 0, '密码错 请重输 59'],
    ['chip', chip(at), 1_000, '芯片确认中 8'],
    ['host', host(at), 0, '通讯中 28'],
    ['host', host(at), 999, '通讯中 28'],
    ['host', host(at), 1_000, '通讯中 27'],
    ['host', host(at), 40_000, '通讯中 0'],
  ])('for the %s', (_, step, ms, words) => expect(selling(step).wait(ms).text()).toContain(words));

  test('the masked card is shown while the host is asked', () =>
    expect(selling(host(at)).text()).toContain('622848******1234'));

  test('progress of an older command changes nothing', () => {
    const desk = selling(card(at));
    const before = desk.text();
    desk.on({ is: 'progress', id: 7, progress: { of: 'payment', step: { at: 'printing' } } });
    expect(desk.text()).toBe(before);
  });
});

describe('the result', () => {
  const at = new Desk();

  test.each<[string, SaleOutcome, string, string]>([
    ['approved', { kind: 'approved', txn, printProblem: undefined }, '交易成功', 'ok'],
    ['declined', { kind: 'declined', txn, code: '51' }, '(51)余额不足\n请换卡', 'error'],
    ['declined by an unknown code', { kind: 'declined', txn, code: 'Q1' }, '(Q1)交易失败', 'error'],
    ['no answer', { kind: 'unknown', txn, why: 'no-answer' }, '超时,系统将自动冲正\n请勿重复刷卡', 'error'],
    ['a bad answer', { kind: 'unknown', txn, why: 'bad-answer' }, '应答异常,自动冲正\n请勿重复刷卡', 'error'],
    ['no paper', { kind: 'approved', txn, printProblem: 'PAPER_OUT' }, '缺纸\n装纸后按确认重打', 'error'],
    ['cover open', { kind: 'approved', txn, printProblem: 'COVER_OPEN' }, '打印机盖未关', 'error'],
    ['two cards', { kind: 'stopped', why: 'card-unreadable', detail: 'two-cards' }, '检测到多张卡', 'error'],
    ['unreadable', { kind: 'stopped', why: 'card-unreadable', detail: 'track' }, '读卡失败', 'error'],
    ['no card', { kind: 'stopped', why: 'card-timeout' }, '等卡超时 未扣款', 'error'],
    ['no 确认', { kind: 'stopped', why: 'confirm-timeout' }, '操作超时 未扣款', 'error'],
    ['reader', { kind: 'stopped', why: 'reader', detail: 'NO_ANSWER' }, '读卡器故障 未扣款', 'error'],
    ['a chip that refuses', { kind: 'unknown', txn, why: 'card-refused' }, '卡片拒绝,自动冲正\n请勿重复刷卡', 'error'],
    [
      'a chip that fails',
      { kind: 'stopped', why: 'card-unreadable', detail: 'chip' },
      '芯片读取失败\n请刷磁条',
      'error',
    ],
    [
      'a chip card swiped',
      { kind: 'stopped', why: 'card-unreadable', detail: 'use-chip' },
      '此卡有芯片\n请插卡',
      'error',
    ],
    ['a card that declines', { kind: 'stopped', why: 'card-unreadable', detail: 'declined' }, '卡片拒绝交易', 'error'],
    ['no PIN by choice', { kind: 'stopped', why: 'pin-cancelled' }, '客户取消 未扣款', 'error'],
    ['no PIN in time', { kind: 'stopped', why: 'pin-timeout' }, '输密超时 未扣款', 'error'],
    ['no reader', { kind: 'stopped', why: 'reader', detail: 'DEVICE_ABSENT' }, '读卡器未连接 未扣款', 'error'],
    ['reader in use', { kind: 'stopped', why: 'reader', detail: 'DEVICE_BUSY' }, '读卡器忙 未扣款', 'error'],
    ['PIN pad', { kind: 'stopped', why: 'pin-pad', detail: 'DEVICE_TIMEOUT' }, '密码键盘故障 未扣款', 'error'],
    ['no PIN pad', { kind: 'stopped', why: 'pin-pad', detail: 'DEVICE_ABSENT' }, '密码键盘未连接', 'error'],
    ['PIN pad without a key', { kind: 'stopped', why: 'pin-pad', detail: 'key-absent' }, '密码键盘无密钥', 'error'],
    ['cutter', { kind: 'approved', txn, printProblem: 'CUTTER' }, '打印机切刀卡住\n排除后按确认重打', 'error'],
  ])('%s', (_, outcome, words, tone) => {
    const desk = ends(selling(host(at)), outcome);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual([tone]);
  });

  test('stays two seconds', () => {
    const desk = ends(selling(), { kind: 'approved', txn, printProblem: undefined });
    expect(desk.wait(1_999).text()).toContain('交易成功');
    expect(desk.wait(1).state.at.is).toBe('idle');
  });

  test('any key skips it', () =>
    expect(ends(selling(), { kind: 'declined', txn, code: '51' }).press('5').state.at.is).toBe('idle'));

  test('an unread card: the same amount is there again, to be corrected or taken with 确认', () => {
    const desk = ends(selling(), { kind: 'stopped', why: 'card-unreadable', detail: 'removed' }).press('确认');
    expect(desk.text()).toContain('请输入金额');
    expect(desk.screen().rows[6]?.trim()).toBe('12.00');
    expect(desk.press('确认').effects).toEqual([
      { is: 'run', id: 2, command: { is: 'sale', amountFen: 1200, fallback: false } },
    ]);
  });

  test('without paper: 确认 prints the slip of this transaction again, and the screen says that it is safe', () => {
    const desk = ends(selling(), { kind: 'approved', txn, printProblem: 'PAPER_OUT' });
    expect(desk.text()).toContain('交易成功 记录已保存');
    const target = { kind: 'stan', stan: '000012' };
    expect(desk.press('确认').effects).toEqual([{ is: 'run', id: 2, command: { is: 'reprint', target } }]);
    desk.on({ is: 'failed', id: 2, refusal: { code: 'PAPER_OUT', details: {} } });
    expect(desk.text()).toContain('交易成功 记录已保存\n\n缺纸');
    desk.press('确认').on({ is: 'done', id: 3, result: { of: 'reprint' } });
    expect(desk.text()).toContain('打印完成');
    expect(desk.wait(2_000).state.at.is).toBe('idle');
  });

  test('what is wrong with the printer by now is on the page, not what was wrong before', () => {
    const desk = ends(selling(), { kind: 'approved', txn, printProblem: 'PAPER_OUT' }).press('确认');
    const details = { device: '打印机 Printer', problem: 'COVER_OPEN' };
    desk.on({ is: 'failed', id: 2, refusal: { code: 'DEVICE_FAULT', details } });
    expect(desk.text()).toContain('交易成功 记录已保存\n\n打印机盖未关\n排除后按确认重打');
  });

  test('a refusal is put into words, and a wrong amount is typed again', () => {
    const desk = selling().on({ is: 'failed', id: 1, refusal: { code: 'SIGN_IN_REQUIRED', details: {} } });
    expect(desk.text()).toContain('终端未签到，请先签到');
    expect(desk.press('确认').state.at.is).toBe('idle');
    const details = { value: '0.00', min: '0.01', max: '9,999,999.99' };
    const again = selling().on({ is: 'failed', id: 1, refusal: { code: 'INVALID_AMOUNT', details } });
    expect(again.press('确认').state.at.is).toBe('amount');
  });
});

describe('a chip that cannot be read', () => {
  const failed = (reason: string): Desk =>
    ends(selling(), { kind: 'stopped', why: 'card-unreadable', detail: reason }).press('确认');

  test('the next try with the same amount takes the stripe', () => {
    const desk = failed('chip');
    expect(desk.screen().rows[6]?.trim()).toBe('12.00');
    expect(desk.press('确认').effects).toEqual([
      { is: 'run', id: 2, command: { is: 'sale', amountFen: 1200, fallback: true } },
    ]);
  });

  test('but not the sale after it, nor one whose stripe names a chip', () => {
    expect(failed('chip').press('取消 1 5 确认').effects).toMatchObject([{ command: { fallback: false } }]);
    expect(failed('use-chip').press('确认').effects).toMatchObject([{ command: { fallback: false } }]);
  });
});

describe('a card at the idle screen', () => {
  const swiped = { by: 'swipe', card: '622848******1234' } as const;
  const offer = (offered: OfferedCardView, desk = new Desk()): Desk => desk.on({ is: 'card', offered });

  test('that is swiped: its amount is asked, with the card on the page, and the sale takes it', () => {
    const desk = offer(swiped);
    expect(desk.text()).toMatch(/^消费\n\n请输入金额[\s\S]*622848\*{6}1234\n0.00/);
    expect(desk.press('1 2 00').text()).toContain('622848******1234\n12.00');
    expect(desk.press('确认').effects).toEqual([
      { is: 'run', id: 1, command: { is: 'sale', amountFen: 1200, fallback: false } },
    ]);
  });

  test('that is inserted', () => expect(offer({ by: 'insert' }).text()).toContain('已插卡\n0.00'));

  test.each([
    ['取消', (desk: Desk) => desk.press('取消')],
    ['a minute without a key', (desk: Desk) => desk.wait(60_000)],
    ['nobody logged on any more', (desk: Desk) => desk.on({ is: 'status', operator: undefined })],
  ])('%s forgets it', (_, leave) => {
    const desk = leave(offer(swiped));
    expect(desk.effects).toContainEqual({ is: 'forget-card' });
    expect(desk.text()).not.toContain('622848');
  });

  test('that came when the screen was elsewhere is forgotten and changes nothing', () => {
    const desk = offer(swiped, new Desk().press('7'));
    expect(desk.effects).toEqual([{ is: 'forget-card' }]);
    expect(desk.text()).toContain('管理');
  });

  test.each([
    ['use-chip', '此卡有芯片\n请插卡'],
    ['track', '读卡失败'],
    ['expired', '卡已过期'],
  ])('that cannot be read (%s) is said for two seconds', (reason, words) => {
    const desk = offer({ by: 'unreadable', reason });
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['error']);
    expect(desk.wait(1_999).text()).toContain(words);
    expect(desk.wait(1).state.at.is).toBe('idle');
  });
});

describe('取消 during a sale', () => {
  const at = new Desk();

  test.each([
    ['card', card(at)],
    ['confirmation', confirmation(at)],
    ['PIN', pin(at)],
  ])('at the %s: nothing was sent, back to idle at once', (_, step) => {
    const desk = selling(step).press('取消');
    expect(desk.effects).toEqual([{ is: 'abort', id: 1 }]);
    expect(desk.text()).toContain('已取消');
    expect(ends(desk, { kind: 'stopped', why: 'cancelled' }).state.at.is).toBe('idle');
  });

  test.each([
    ['host', host(at)],
    ['chip', chip(at)],
  ])('while the %s is asked: unknown at once, and the screen follows what becomes of it', (_, step) => {
    const desk = selling(step).press('取消');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 1 });
    expect(desk.text()).toContain('已取消,系统自动冲正\n请勿重复刷卡');
    ends(desk, { kind: 'unknown', txn: { ...txn, state: 'REVERSING' }, why: 'cancelled' });
    expect(desk.text()).toContain('冲正中');
    desk.on({ is: 'status', operator: desk.status.operator });
    expect(desk.effects).toEqual([{ is: 'look-up', stan: '000012' }]);
    desk.on({
      is: 'answer',
      answer: { is: 'looked-up', stan: '000012', txn: { ...txn, state: 'REVERSED' }, supervised: false },
    });
    expect(desk.text()).toContain('已冲正 可重新交易');
  });

  test('an answer that was faster than 取消 is shown as it is', () => {
    const desk = ends(selling(host(at)).press('取消'), { kind: 'approved', txn, printProblem: undefined });
    expect(desk.text()).toContain('交易成功');
  });

  test('also when the cashier is elsewhere by then', () => {
    const desk = selling(card(at)).press('取消 确认 7');
    expect(ends(desk, { kind: 'unknown', txn, why: 'cancelled' }).text()).toContain('结果未知');
  });

  test('but not over the next sale', () => {
    const desk = selling(card(at)).press('取消 1 5 00 确认');
    expect(ends(desk, { kind: 'unknown', txn, why: 'cancelled' }).state.at).toMatchObject({ is: 'paying', id: 2 });
  });

  test('while printing only the slip is given up: the sale is never called cancelled', () => {
    const desk = selling({ at: 'printing' }).press('取消');
    expect(desk.effects).toEqual([{ is: 'abort', id: 1 }]);
    expect(desk.text()).not.toContain('已取消');
    expect(ends(desk, { kind: 'approved', txn, printProblem: 'CANCELLED' }).text()).toContain('交易成功 记录已保存');
  });
});

describe('what became of the last sale', () => {
  test.each(['unknown', 'idle'])('功能 1 asks from %s', (from) => {
    const desk = from === 'idle' ? new Desk() : ends(selling(), { kind: 'unknown', txn, why: 'no-answer' });
    desk.press('功能 1');
    expect(desk.effects).toEqual([{ is: 'read', query: 'last' }]);
  });

  test.each([
    ['PAID', '成功', '已扣款 请勿重刷'],
    ['REVERSING', '冲正中', '请等待 勿重复刷卡'],
    ['REVERSED', '已冲正', '已冲正 可重新交易'],
    ['FAILED', '失败', '未扣款 可重新交易'],
    ['NEEDS_HUMAN', '需人工处理', '请联系上游 勿重刷'],
    ['LATER_STATE', 'LATER_STATE', '11-20'],
  ])('%s', (state, words, advice) => {
    const desk = new Desk().press('功能 1').on({ is: 'answer', answer: { is: 'last', txn: transaction({ state }) } });
    expect(desk.text()).toContain(words);
    expect(desk.text()).toContain(advice);
  });

  test('none yet', () => {
    const desk = new Desk().press('功能 1').on({ is: 'answer', answer: { is: 'last', txn: undefined } });
    expect(desk.text()).toContain('没有交易');
    expect(desk.press('取消').state.at.is).toBe('idle');
  });
});
