import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { CloseOutcome } from '../../../terminal/flows/counter.ts';
import type { Event, Place } from '../../../terminal/screens/state.ts';
import { firstState } from '../../../terminal/screens/step.ts';
import { nextTickMs } from '../../../terminal/screens/view.ts';
import {
  administrator,
  cashier,
  Desk,
  nowMs,
  offer,
  paying,
  saleOf,
  settlement,
  supervisor,
  transaction,
} from './desk.ts';

const poweredOn = (simulated = false): Desk => {
  const desk = new Desk(firstState.at, { simulated, operator: undefined });
  desk.state = firstState;
  return desk;
};

describe('log-on', () => {
  test.each([
    ['01', '0 1 确认 0 00 0 确认', '0000'],
    ['00', '00 确认 1 2 3 4 5 6 确认', '123456'],
    ['99', '9 9 确认 1 2 3 4 5 6 7 8 确认', '12345678'],
  ])('operator %s', (operator, keys, secret) => {
    const desk = poweredOn().press(keys);
    expect(desk.effects).toEqual([{ is: 'run', id: 1, command: { is: 'log-on', operator, secret } }]);
    expect(desk.text()).toContain('验证中');
    desk.on({ is: 'status', operator: cashier }).on({ is: 'done', id: 1, result: { of: 'log-on' } });
    expect(desk.state.at.is).toBe('idle');
    expect(desk.tones()).toEqual(['ok']);
    expect(JSON.stringify(desk.state)).not.toContain(secret);
  });

  test.each([
    ['one digit of two', '1 确认', '操作员号为2位数字'],
    ['a short secret', '0 1 确认 1 2 3 确认', '密码为4位数字'],
    ['a short secret of 99', '9 9 确认 1 2 3 4 确认', '密码为8位数字'],
  ])('%s is refused with a beep and words', (_, keys, words) => {
    const desk = poweredOn().press(keys);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['wrong']);
  });

  test('a wrong secret is asked for again in place', () => {
    const desk = poweredOn().press('0 1 确认 1 1 1 1 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'SECRET_WRONG', details: { left: 4 } } });
    expect(desk.text()).toContain('密码错误，还可试4次');
    expect(desk.text()).toContain('____');
    expect(desk.press('0 00 0 确认').effects).toHaveLength(1);
  });

  test('nothing but log-on works before it', () => {
    for (const keys of ['功能', '上', '下', '.']) expect(poweredOn().press(keys).tones(), keys).toEqual(['wrong']);
    expect(poweredOn().press('确认').state.at.is).toBe('log-on');
    expect(poweredOn().press('取消').state.at.is).toBe('log-on');
  });

  test('half a secret is forgotten after a minute', () =>
    expect(poweredOn().press('0 1 确认 1 2').wait(60_000).state.at).toEqual(firstState.at));

  test('the first secrets are shown in simulated mode only', () => {
    expect(poweredOn(true).text()).toContain('初始密码 00/123456');
    expect(poweredOn(false).text()).not.toContain('123456');
  });

  test('锁定终端 logs off and asks this operator again', () => {
    const desk = new Desk().press('7 7');
    expect(desk.effects).toEqual([{ is: 'lock' }]);
    desk.on({ is: 'status', operator: undefined });
    expect(desk.text()).toContain('终端已锁定');
    expect(desk.text()).toMatch(/操作员号 +01\n密码 +____/);
  });

  test('an operator who was logged off elsewhere leaves every page, but no running command', () => {
    expect(new Desk().press('1 5').on({ is: 'status', operator: undefined }).state.at.is).toBe('log-on');
    const selling = new Desk().press('1 5 00 确认').on({ is: 'status', operator: undefined });
    expect(selling.state.at.is).toBe('paying');
  });
});

describe('menus', () => {
  test.each([
    ['确认', '主菜单\n1 消费    2 撤销\n3 退货    4 预授权\n5 离线    6 打印\n7 管理    8 其它\n9 扫码'],
    ['3', '退货\n1 按凭证号(本机)\n2 按参考号+日期'],
    ['4', '预授权\n1 预授权\n2 完成请求\n3 完成通知\n4 预授权撤销\n5 完成撤销'],
    ['5', '离线\n1 离线消费\n2 待上送'],
    ['6', '打印\n1 重打最后一笔\n2 重打任意一笔\n3 打印交易明细\n4 重打批结算单\n5 操作员汇总\n6 打印交易汇总'],
    ['确认 7', '管理\n1 签到\n2 签退\n3 交易查询\n4 柜员\n6 批结算\n7 锁定终端\n上下翻页'],
    ['7 3', '交易查询\n1 交易明细\n2 交易汇总\n3 按流水号'],
    ['8', '其它\n1 资金结算\n2 结算明细\n3 余额查询\n4 开具发票\n5 停止并上报\n6 开钱箱\n上下翻页'],
    ['8 下', '9 自检'],
    ['9', '扫码\n1 付款码\n2 微信收款码\n3 支付宝收款码\n4 云闪付收款码'],
    ['功能', '快捷功能\n1 查询末笔\n2 重打最后一笔\n3 停止并上报'],
  ])('%s', (keys, text) => expect(new Desk().press(keys).text()).toContain(text));

  test.each([
    ['主管 neither sells nor holds', supervisor, '确认', '1 消费\n3 退货\n5 离线\n6 打印\n7 管理\n8 其它'],
    ['管理员 has the terminal', administrator, '7 9', '终端管理\n1 回响测试\n2 参数下载\n3 状态上送\n9 失败记录查询'],
    [
      '管理员 neither signs in nor closes',
      administrator,
      '7',
      '管理\n3 交易查询\n4 柜员\n7 锁定终端\n8 版本\n9 终端管理',
    ],
  ])('%s', (_, operator, keys, text) => expect(new Desk(undefined, { operator }).press(keys).text()).toContain(text));

  test.each(['0', '4 6', '7 5', '7 9', '6 7', '8 8', '.'])('%s is nothing yet: a short beep', (keys) =>
    expect(new Desk().press(keys).tones()).toEqual(['wrong']),
  );

  test.each([
    ['6 取消', 'menu'],
    ['6 取消 取消', 'idle'],
    ['功能 取消', 'idle'],
    ['1 取消', 'menu'],
    ['7 6 取消', 'menu'],
    ['6 2 取消', 'menu'],
    ['3 1 取消 取消 取消', 'idle'],
    ['7 3 3 取消 取消 取消 取消', 'idle'],
  ])('%s: 取消 leads one level back', (keys, is) => expect(new Desk().press(keys).state.at.is).toBe(is));

  test.each<[string, Event]>([
    ['7 1', { is: 'done', id: 1, result: { of: 'sign-in' } }],
    ['6 1', { is: 'done', id: 1, result: { of: 'reprint' } }],
  ])('%s runs and says so for two seconds', (keys, done) => {
    const desk = new Desk().press(keys).on(done);
    expect(desk.tones()).toEqual(['ok']);
    expect(desk.text()).toMatch(/签到成功|打印完成/);
    expect(desk.wait(2_000).state.at.is).not.toBe('message');
  });

  test.each([
    ['6 2 1 2 确认', { kind: 'stan', stan: '000012' }],
    ['6 1', { kind: 'last' }],
    ['6 3', { kind: 'details' }],
    ['6 4', { kind: 'batch-slip' }],
    ['6 6', { kind: 'summary' }],
  ])('%s prints again', (keys, target) =>
    expect(new Desk().press(keys).effects).toEqual([{ is: 'run', id: 1, command: { is: 'reprint', target } }]),
  );

  test('a voucher that does not exist is said so, and another can be typed', () => {
    const desk = new Desk().press('6 2 9 9 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'NOT_FOUND', details: { what: '交易', no: '000099' } } });
    expect(desk.text()).toContain('找不到交易 000099');
    expect(desk.press('确认').state.at).toMatchObject({ is: 'ask-stan', digits: '' });
  });

  test('transactions are paged round, and the shown one is printed again', () => {
    const rows = [transaction({ stan: '000003' }), transaction({ stan: '000002' }), transaction({ stan: '000001' })];
    const desk = new Desk().press('7 3 1').on({ is: 'answer', answer: { is: 'transactions', rows } });
    expect(desk.text()).toContain('1/3');
    expect(desk.press('上').text()).toContain('000001');
    expect(desk.press('下 下').text()).toContain('2/3');
    expect(desk.press('确认').effects).toMatchObject([{ command: { target: { kind: 'stan', stan: '000002' } } }]);
    expect(desk.press('取消').text()).toContain('2/3');
  });
});

describe('an operation that nobody continues', () => {
  test.each(['1', '1 5', '6', '6 2', '7 6'])('%s ends after 60 s in idle with 操作超时', (keys) => {
    const desk = new Desk().press(keys);
    expect(desk.wait(59_999).state.at.is).not.toBe('idle');
    expect(desk.wait(1).state.at.is).toBe('idle');
    expect(desk.text()).toContain('操作超时');
    expect(desk.wait(5_000).text()).not.toContain('操作超时');
  });

  test('every key gives another minute', () => {
    const desk = new Desk().press('1 5').wait(50_000).press('5').wait(50_000);
    expect(desk.screen().rows[6]?.trim()).toBe('0.55');
  });
});

describe('批结算', () => {
  const closing = (): Desk => new Desk().press('7 6 确认');
  const ends = (outcome: CloseOutcome): Desk => closing().on({ is: 'done', id: 1, result: { of: 'close', outcome } });
  const printProblem = undefined;

  test('is confirmed first, and tells itself from a settlement', () => {
    const desk = new Desk().press('7 6');
    expect(desk.text()).toContain('这不是资金结算');
    expect(desk.text()).toMatch(/批次 +000001\n笔数 +12/);
    expect(desk.press('确认').effects).toEqual([{ is: 'run', id: 1, command: { is: 'close' } }]);
  });

  test('shows the step that runs', () => {
    const step = { at: 'uploading', done: 3, of: 12 } as const;
    const desk = closing().on({ is: 'progress', id: 1, progress: { of: 'close', step } });
    expect(desk.text()).toMatch(/3 批上送 3\/12 +</);
  });

  test.each<[CloseOutcome, string, string]>([
    [{ kind: 'closed', batch: '000001', balanced: true, printProblem }, '批结算成功\n对账平', 'ok'],
    [{ kind: 'closed', batch: '000001', balanced: false, printProblem }, '对账不平 见批结算单', 'error'],
    [{ kind: 'continues', batch: '000001', state: 'COMPARING' }, '批次000001未完成\n自动继续，请勿关机', 'error'],
    [{ kind: 'needs-human', batch: '000001' }, '批次000001对账出错\n请联系上游处理', 'error'],
    [{ kind: 'closed', batch: '000001', balanced: true, printProblem: 'PAPER_OUT' }, '对账平\n\n缺纸', 'error'],
  ])('%o', (outcome, words, tone) => {
    expect(ends(outcome).text()).toContain(words);
    expect(ends(outcome).tones()).toEqual([tone]);
  });

  test('a refusal is put into words', () => {
    const desk = closing().on({ is: 'failed', id: 1, refusal: { code: 'BATCH_HAS_UNKNOWN', details: { value: 2 } } });
    expect(desk.text()).toContain('本批有2笔未定交易');
  });
});

describe('资金结算 in five steps', () => {
  const offered = (with_ = {}): Desk =>
    new Desk().press('8 1').on({ is: 'answer', answer: { is: 'offer', offer: offer(with_) } });

  test('1 balance and account, 2 amount, 3 confirmation, 4 waiting, 5 details', () => {
    const desk = offered();
    expect(desk.text()).toMatch(/资金结算 1\/5\n可结算 +5,000.00\n未清算 +200.00\n在途 +0.00\n账平小店/);
    expect(desk.press('确认').text()).toContain('资金结算 2/5');
    expect(desk.screen().rows[6]?.trim()).toBe('5,000.00');
    expect(desk.press('确认').text()).toMatch(
      /3\/5\n金额 +5,000.00\n手续费 +0.00\n实到 +5,000.00\n.*\n.*\n6222\*+0001/,
    );
    desk.press('确认');
    expect(desk.effects).toEqual([{ is: 'run', id: 1, command: { is: 'settle', amountFen: 500_000, offer: offer() } }]);
    desk.on({ is: 'progress', id: 1, progress: { of: 'settle', step: { at: 'processing' } } });
    expect(desk.text()).toContain('上游处理中');
    desk.on({ is: 'done', id: 1, result: { of: 'settle', settlement: settlement() } });
    expect(desk.tones()).toEqual(['ok']);
    expect(desk.text()).toMatch(/5\/5\n.*\n状态 +成功\n未核对/);
    desk.press('确认');
    expect(desk.effects).toContainEqual({ is: 'check-settlement', no: 'S1' });
    desk.on({ is: 'answer', answer: { is: 'settlements', rows: [settlement({ checked: true })] } });
    expect(desk.text()).toContain('已核对');
  });

  test.each([
    ['确认 1 2 3 00 确认', '123.00'], // the first digit replaces the whole balance
    ['确认 清除 确认', '500.00'],
  ])('another amount: %s', (keys, amount) => expect(offered().press(keys).text()).toContain(amount));

  test.each([
    ['more than the balance', '确认 5 0 0 0 0 1 确认', '超过可结算金额'],
    ['nothing', '确认 0 确认', '金额不能为0'],
  ])('%s is refused with a beep and words', (_, keys, words) => {
    const desk = offered().press(keys);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['wrong']);
  });

  test('without a balance there is no second step', () => {
    const desk = offered({ availableFen: fen(0) }).press('确认');
    expect(desk.text()).toContain('没有可结算的金额');
    expect(desk.state.at.is).toBe('settle-offer');
  });

  test('a balance that changed is shown again before anything is sent', () => {
    const desk = offered().press('确认 确认 确认');
    desk.on({ is: 'failed', id: 1, refusal: { code: 'STALE_BALANCE', details: { value: '6,000.00' } } });
    expect(desk.effects).toContainEqual({ is: 'read', query: 'offer' });
    desk.on({ is: 'answer', answer: { is: 'offer', offer: offer({ availableFen: fen(600_000) }) } });
    expect(desk.text()).toMatch(/1\/5\n可结算 +6,000.00/);
    expect(desk.text()).toContain('余额已变 请重新核对');
  });

  test('who may not settle reads why', () => {
    const refusal = { code: 'FORBIDDEN', details: { operator: '01', action: 'settle' } } as const;
    expect(new Desk().press('8 1').on({ is: 'refused', refusal }).text()).toContain('操作员01无权资金结算');
  });

  test('a failure shows its reason, and cannot be ticked off', () => {
    const failed = settlement({ state: 'FAILED', reason: 'ACCOUNT_CLOSED' });
    const desk = offered().press('确认 确认 确认');
    desk.on({ is: 'done', id: 1, result: { of: 'settle', settlement: failed } });
    expect(desk.text()).toContain('账户已销户');
    expect(desk.tones()).toEqual(['error']);
    expect(desk.press('确认').tones()).toEqual(['wrong']);
  });

  test('the details stay on the settlement that is read when a newer one comes', () => {
    const desk = new Desk().press('8 2').on({ is: 'answer', answer: { is: 'settlements', rows: [settlement()] } });
    desk.on({ is: 'status', operator: cashier });
    expect(desk.effects).toEqual([{ is: 'read', query: 'settlements' }]);
    const newer = settlement({ no: 'S2', state: 'PROCESSING' });
    desk.on({ is: 'answer', answer: { is: 'settlements', rows: [newer, settlement()] } });
    expect(desk.text()).toMatch(/2\/2\n状态 +成功/);
    expect(desk.press('上').text()).toMatch(/1\/2\n状态 +处理中/);
  });
});

describe('取消 works in every waiting place', () => {
  const target = { kind: 'last' } as const;
  const waiting: readonly Place[] = [
    { is: 'waiting', id: 4, what: { is: 'log-on' }, back: firstState.at },
    { is: 'waiting', id: 4, what: { is: 'sign-in' }, back: new Desk().press('7').state.at },
    { is: 'waiting', id: 4, what: { is: 'reprint', target }, back: new Desk().press('6').state.at },
    paying(undefined, saleOf(1), 4),
    paying({ at: 'card', untilMs: nowMs + 1 }, saleOf(1), 4),
    paying({ at: 'confirm', untilMs: nowMs + 1, card: '', entry: 'MAG' }, saleOf(1), 4),
    paying({ at: 'host', untilMs: nowMs + 1, card: '' }, saleOf(1), 4),
    paying({ at: 'printing' }, saleOf(1), 4),
    { is: 'closing', id: 4, step: undefined },
    { is: 'closing', id: 4, step: { at: 'comparing' } },
    { is: 'settling', id: 4, offer: offer(), amountFen: fen(1), step: undefined },
    { is: 'settling', id: 4, offer: offer(), amountFen: fen(1), step: { at: 'processing' } },
  ];

  test.each(waiting.map((at) => ({ at, name: at.is })))(
    '$name: the command is aborted, the place is left at once',
    ({ at }) => {
      const desk = new Desk(at).press('取消');
      expect(desk.effects).toContainEqual({ is: 'abort', id: 4 });
      expect(desk.state.at.is).not.toBe(at.is);
      expect(new Desk(at).press('5').tones()).toEqual(['wrong']);
    },
  );

  test('what goes on by itself is said', () => {
    expect(new Desk().press('7 6 确认 取消').text()).toContain('批结算在后台继续');
    const desk = new Desk().press('8 1').on({ is: 'answer', answer: { is: 'offer', offer: offer() } });
    expect(desk.press('确认 确认 确认 取消').text()).toContain('结算在后台继续');
  });
});

describe('time', () => {
  test.each<[string, Place, number | undefined]>([
    ['a countdown ticks at each whole second', paying({ at: 'card', untilMs: nowMs + 58_400 }), nowMs + 400],
    ['a countdown that ended does not', paying({ at: 'card', untilMs: nowMs }), undefined],
    ['printing does not', paying({ at: 'printing' }), undefined],
    ['the idle screen has a clock of minutes', { is: 'idle', notice: undefined, expiresMs: undefined }, nowMs + 60_000],
    ['log-on waits for ever', firstState.at, undefined],
    ['a result ends', { is: 'approved', txn: transaction(), expiresMs: nowMs + 2_000 }, nowMs + 2_000],
  ])('%s', (_, at, ms) => expect(nextTickMs({ at, operator: cashier, nextId: 1 }, nowMs)).toBe(ms));
});
