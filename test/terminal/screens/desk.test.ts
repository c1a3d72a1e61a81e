import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../terminal/base/error-table.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { CodeStep } from '../../../terminal/flows/code-sale-desk.ts';
import type { DeskCommand, DeskProgress, DeskResult } from '../../../terminal/screens/desk-places.ts';
import { administrator, cashier, Desk, nowMs, supervisor, transaction } from './desk.ts';
import { invoiceOffer, invoiceView, refundOffer, refundView } from './desk-places.ts';

/** Refunds, codes, reports, invoices, lists and upkeep at the keypad, without a counter behind it. */

const untilMs = nowMs + 60_000;
const done = (desk: Desk, result: DeskResult, id = desk.state.nextId - 1): Desk => desk.on({ is: 'done', id, result });
const step = (desk: Desk, progress: DeskProgress): Desk =>
  desk.on({ is: 'progress', id: desk.state.nextId - 1, progress });
const failed = (desk: Desk, code: ErrorCode, details = {}): Desk =>
  desk.on({ is: 'failed', id: desk.state.nextId - 1, refusal: { code, details } });
const command = (desk: Desk): DeskCommand | undefined =>
  desk.effects.flatMap((effect) => (effect.is === 'run' ? [effect.command as DeskCommand] : []))[0];
const as = (operator: typeof cashier): Desk => new Desk(undefined, { operator });

describe('3 退货', () => {
  const offer = refundOffer({ amountFen: fen(10_000), refundedFen: fen(2_000), leftFen: fen(8_000), stan: '000012' });
  const found = (operator = cashier): Desk => done(as(operator).press('3 1 1 2 确认'), { of: 'refund-find', offer });

  test('by voucher: six digits, filled with zeros', () =>
    expect(command(new Desk().press('3 1 1 2 确认'))).toEqual({
      is: 'refund-find',
      reference: { by: 'voucher', stan: '000012' },
    }));

  test.each([
    ['1 1 2 0', '2026-11-20'],
    ['1 1 2 1', '2025-11-21'], // tomorrow's date is a year old
    ['0 2 2 8', '2026-02-28'],
  ])('by reference and date %s: %s', (date, day) =>
    expect(command(new Desk().press(`3 2 6 3 2 6 1 0 0 0 0 0 1 2 确认 ${date} 确认`))).toEqual({
      is: 'refund-find',
      reference: { by: 'reference', rrn: '632610000012', date: day },
    }),
  );

  test.each([
    ['3 1 确认', '凭证号为6位数字'],
    ['3 2 1 2 3 确认', '参考号为12位数字'],
    ['3 2 6 3 2 6 1 0 0 0 0 0 1 2 确认 1 3 0 1 确认', '日期为月日4位数字'],
    ['3 2 6 3 2 6 1 0 0 0 0 0 1 2 确认 0 2 2 9 确认', '日期为月日4位数字'],
  ])('%s is refused in place: %s', (keys, words) => {
    const desk = new Desk().press(keys);
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual(['wrong']);
  });

  test('what is left is shown; a cashier needs 主管密码, and the amount stands before the supervisor', () => {
    const desk = found();
    expect(desk.text()).toMatch(/原金额 +100.00\n已退 +20.00\n80.00/);
    desk.press('确认 5 0 00 确认');
    expect(desk.text()).toMatch(/^确认退货\n请核对[\s\S]*000012[\s\S]*50.00/);
    expect(desk.press('确认').text()).toMatch(/金额 50.00\n主管密码/);
    expect(command(desk.press('1 2 3 4 5 6 确认'))).toMatchObject({
      is: 'approved-refund',
      amountFen: 5_000,
      secret: '123456',
    });
    expect(JSON.stringify(desk.state)).not.toContain('"123456"');
  });

  test('a wrong secret is asked for again in place', () => {
    const desk = found().press('确认 5 0 00 确认 确认 0 0 0 0 0 0 确认');
    failed(desk, 'SECRET_WRONG', { left: 4 });
    expect(desk.text()).toContain('密码错误，还可试4次');
    expect(command(desk.press('1 2 3 4 5 6 确认'))).toMatchObject({ is: 'approved-refund', amountFen: 5_000 });
  });

  test('主管 needs none', () =>
    expect(command(found(supervisor).press('确认 5 0 00 确认 确认'))).toMatchObject({
      is: 'refund',
      amountFen: 5_000,
    }));

  test('more than is left is said with both amounts, and typed again', () => {
    const desk = found().press('确认 8 0 0 1 确认');
    expect(desk.text()).toContain('退货80.01元超过可退\n80.00元');
    expect(desk.press('确认').state.at).toMatchObject({ is: 'amount', digits: '' });
  });

  test.each<[ErrorCode, Readonly<Record<string, string | number>>, string]>([
    ['REFUND_EXPIRED', { value: 400, limit: 365 }, '交易已过400天，\n退货期365天'],
    ['REFUND_IN_PROGRESS', { no: '000012' }, '流水000012有退货在途'],
    ['REFUND_FUNDS_INSUFFICIENT', { limit: '1.00', value: '50.00', terminal: '10000002' }, '可用余额1.00元'],
  ])('%s is read with value and limit', (code, details, words) =>
    expect(failed(found(supervisor).press('确认 5 0 00 确认 确认'), code, details).text()).toContain(words),
  );

  const pressed = (): Desk => found(supervisor).press('确认 5 0 00 确认 确认');

  test('取消 while upstream decides leaves it to upstream, and says so', () => {
    const desk = step(pressed(), { of: 'refund', step: { at: 'processing' } });
    expect(desk.text()).toContain('上游处理中');
    expect(desk.press('取消').text()).toContain('在后台继续');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 2 });
  });

  test.each([
    [{ kind: 'succeeded', refund: refundView(), printProblem: undefined }, '退货成功', 'ok'],
    [{ kind: 'succeeded', refund: refundView(), printProblem: 'PAPER_OUT' }, '退货成功 记录已保存', 'error'],
    [{ kind: 'failed', refund: refundView(), reason: 'REFUND_FUNDS_INSUFFICIENT' }, '可用余额不足', 'error'],
    [{ kind: 'failed', refund: refundView(), reason: 'card is closed' }, 'card is closed\n款项未退', 'error'],
    [{ kind: 'continues', refund: refundView() }, '结果自动下达', 'error'],
  ] as const)('it ends: %j', (outcome, words, tone) => {
    const desk = done(pressed(), { of: 'refund', outcome });
    expect(desk.text()).toContain(words);
    expect(desk.tones()).toEqual([tone]);
  });
});

describe('9 扫码', () => {
  const selling = (keys = '9 2', at?: CodeStep): Desk => {
    const desk = new Desk().press(`${keys} 5 0 00 确认`);
    return at ? step(desk, { of: 'code-sale', step: at }) : desk;
  };
  const shown: CodeStep = { at: 'show-code', url: 'https://qr.example/1', instrument: 'QR_WECHAT', untilMs };

  test.each([
    ['9 1', { by: 'customer-shows' }],
    ['9 2', { by: 'merchant-shows', instrument: 'QR_WECHAT' }],
    ['9 3', { by: 'merchant-shows', instrument: 'QR_ALIPAY' }],
    ['9 4', { by: 'merchant-shows', instrument: 'QR_UNIONPAY' }],
  ])('%s after the amount', (keys, way) =>
    expect(command(selling(keys))).toEqual({ is: 'code-sale', amountFen: 5_000, way }),
  );

  test('the code of the customer is on the screen with a countdown, and only then', () => {
    const desk = selling('9 2', shown);
    expect(desk.screen()).toMatchObject({ qr: 'https://qr.example/1' });
    expect(desk.text()).toContain('请客户扫码 60');
    expect(desk.wait(10_000).text()).toContain('请客户扫码 50');
    expect(step(desk, { of: 'code-sale', step: { at: 'phone', needsPin: true, untilMs } }).screen().qr).toBeUndefined();
    expect(desk.text()).toContain('客户正在输密码');
  });

  test('取消 closes the order, which takes a moment; a second 取消 leaves it', () => {
    const desk = selling('9 2', shown).press('取消');
    expect(desk.effects).toEqual([{ is: 'abort', id: 1 }]);
    expect(desk.text()).toContain('正在关闭订单');
    expect(step(desk, { of: 'code-sale', step: shown }).text()).toContain('正在关闭订单');
    expect(desk.press('取消').text()).toContain('订单在后台关闭');
    done(desk, { of: 'code-sale', outcome: { kind: 'closed', txn: transaction(), revoked: true } });
    expect(desk.text()).toContain('已付款项已退回客户');
  });

  test.each([undefined, { at: 'scan', untilMs }, { at: 'reversal', untilMs }] as const)('取消 at %j forgets it', (at) =>
    expect(selling('9 1', at).press('取消').text()).toContain('已取消'),
  );

  test('a digit while the scanner waits is the first of the code, of which only the end is shown', () => {
    const desk = selling('9 1', { at: 'scan', untilMs }).press('1');
    expect(desk.effects).toEqual([{ is: 'abort', id: 1 }]);
    done(desk, { of: 'code-sale', outcome: { kind: 'stopped', why: 'cancelled' } }, 1);
    expect(desk.press('2 3 4 5 6 7 8').text()).toContain('****5678');
    expect(desk.press('确认').text()).toContain('付款码为16至24位');
    expect(command(desk.press('1 2 3 4 5 6 7 8 9 0 确认'))).toMatchObject({
      way: { by: 'customer-shows', typed: '123456781234567890' },
    });
  });

  test('without a scanner the digits are asked for', () => {
    const desk = failed(selling('9 1'), 'DEVICE_ABSENT', { device: 'scanner' });
    expect(desk.text()).toContain('请输入付款码数字');
    expect(desk.press('确认').state.at).toMatchObject({ is: 'form', form: { for: 'code', amountFen: 5_000 } });
  });

  test('nobody knows: when it is asked again is said', () => {
    const at: CodeStep = { at: 'unknown', askAtMs: nowMs + 5_000, untilMs };
    expect(selling('9 1', at).text()).toContain('5秒后再查');
    const desk = done(selling('9 1', at), { of: 'code-sale', outcome: { kind: 'unknown', txn: transaction() } });
    expect(desk.text()).toMatch(/^结果未知\n终端自动查询到底\n请勿重复收款/);
  });
});

describe('停止并上报', () => {
  const txn = transaction({ stan: '000012' });

  test.each([
    ['8 5 1', { is: 'find', why: 'report' }],
    ['功能 3 1', { is: 'find', why: 'report' }],
    ['8 5 2 1 2 确认', { is: 'find', why: 'report', stan: '000012' }],
  ])('%s looks the transaction up', (keys, wanted) => expect(command(new Desk().press(keys))).toEqual(wanted));

  test('it is shown, a reason is chosen, and only 确认 reports', () => {
    const desk = done(new Desk().press('8 5 1'), { of: 'find', txn });
    expect(desk.text()).toMatch(/000012[\s\S]*1,123.00/);
    expect(desk.press('确认').text()).toMatch(/1 疑似盗刷\n2 金额异常\n3 客户可疑\n4 其它/);
    desk.press('3');
    expect(desk.effects).toEqual([]);
    expect(command(desk.press('确认'))).toEqual({
      is: 'report',
      about: { payment: txn.payment },
      reason: 'customer',
      where: 'menu',
    });
    expect(done(desk, { of: 'desk-done' }).text()).toContain('请联系客服');
  });

  test('what is held already is said', () =>
    expect(done(new Desk().press('8 5 1'), { of: 'find', txn: { ...txn, isFrozen: true } }).text()).toContain(
      '款项已被上游冻结',
    ));

  test.each([
    ['card', 'nothing', '交易已停止 未扣款'],
    ['host', 'last', '已停止 结果请查末笔'],
  ] as const)('功能 while the sale waits at %s stops it and reports %s', (at, about, said) => {
    const desk = new Desk().press('1 1 2 00 确认');
    desk.on({ is: 'progress', id: 1, progress: { of: 'payment', step: { at, untilMs, card: '' } } }).press('功能');
    expect(desk.effects).toContainEqual({ is: 'abort', id: 1 });
    const unknown = { kind: 'unknown', why: 'cancelled', txn } as const;
    desk.on({ is: 'done', id: 1, result: { of: 'payment', outcome: unknown } });
    expect(desk.text()).toContain(said);
    expect(command(desk.press('1 确认'))).toMatchObject({ is: 'report', about, reason: 'fraud', where: 'sale' });
  });
});

describe('8 4 开具发票', () => {
  const offered = (with_ = {}): Desk =>
    done(new Desk().press('8 4 1'), { of: 'invoice-offer', offer: invoiceOffer({ amountFen: fen(5_000), ...with_ }) });

  test('for a person: the telephone number, everything once more, then it is asked for', () => {
    const desk = offered().press('1 1 3 8 0 0 1 3 8 0 0 0 确认');
    expect(desk.text()).toMatch(/^确认开票\n个人\n手机号 +13800138000[\s\S]*50.00/);
    expect(command(desk.press('确认'))).toMatchObject({
      is: 'invoice-issue',
      order: { titleKind: 'personal', title: '个人', phone: '13800138000' },
    });
  });

  test('for a company: its code is scanned; one that is none may be scanned again', () => {
    const desk = offered().press('2');
    expect(desk.text()).toContain('请扫发票抬头码');
    failed(desk, 'BAD_REQUEST', { what: 'title' });
    expect(desk.press('确认 2').text()).toContain('请扫发票抬头码');
    const title = { title: '账平科技有限公司', taxNo: '91310115MA1K3ABC2X' };
    done(desk, { of: 'invoice-title', scanned: { kind: 'scanned', title } });
    desk.press('1 3 8 0 0 1 3 8 0 0 0 确认');
    expect(desk.text()).toMatch(/账平科技有限公司\n91310115MA1K3ABC2X/);
  });

  test.each(['1 2 3 确认', '2 3 8 0 0 1 3 8 0 0 0 确认'])('%s is no telephone number', (keys) =>
    expect(offered().press(`1 ${keys}`).text()).toContain('手机号为11位数字'),
  );

  test('one that stands is shown, printed again, and taken back only after a refund', () => {
    expect(offered({ issued: invoiceView() }).text()).not.toContain('红字');
    const desk = offered({ issued: invoiceView({ no: 'I1', redDue: true }) });
    expect(desk.text()).toMatch(/^已开票 需红冲[\s\S]*1 重打发票\n2 开红字发票/);
    expect(command(desk.press('2 确认'))).toMatchObject({ is: 'invoice-red', invoice: 'I1' });
  });

  test.each([
    [{ kind: 'issued', invoice: invoiceView(), printProblem: undefined }, '请取发票二维码单'],
    [{ kind: 'issued', invoice: invoiceView(), printProblem: 'PAPER_OUT' }, '请在8 4重打'],
    [{ kind: 'refused', invoice: invoiceView(), reason: 'ALREADY_INVOICED' }, '已开过发票\n上游拒绝开票'],
    [{ kind: 'failed', invoice: invoiceView(), reason: 'TAX_NO_INVALID' }, '可重新开票'],
    [{ kind: 'continues', invoice: invoiceView() }, '结果自动下达'],
  ] as const)('it ends: %j', (outcome, words) => {
    const desk = offered().press('1 1 3 8 0 0 1 3 8 0 0 0 确认 确认');
    expect(done(desk, { of: 'invoice', outcome }).text()).toContain(words);
  });
});

describe('the others', () => {
  test('交易汇总: the batch, then each group', () => {
    const none = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };
    const domestic = { debitCount: 12, debitFen: 50_000, creditCount: 1, creditFen: 10_000 };
    const desk = new Desk().press('7 3 2').on({
      is: 'answer',
      answer: {
        is: 'summary',
        summary: { batch: '000007', openedAt: nowMs, records: 13, totals: { domestic, foreign: none, codes: none } },
      },
    });
    expect(desk.text()).toMatch(/批次 +000007[\s\S]*笔数 +13\n净额 +400.00/);
    expect(desk.press('下').text()).toMatch(/^内卡\n借记 +12笔\n500.00\n贷记 +1笔\n100.00/);
    expect(desk.press('上 上').text()).toMatch(/^扫码/);
  });

  test('按流水号 shows one transaction, to be printed again', () => {
    const desk = new Desk().press('7 3 3 1 2 确认');
    expect(command(desk)).toEqual({ is: 'find', why: 'show', stan: '000012' });
    done(desk, { of: 'find', txn: transaction({ stan: '000012' }) });
    expect(desk.press('确认').effects).toMatchObject([{ command: { is: 'reprint', target: { stan: '000012' } } }]);
  });

  test('待上送', () => {
    const rows = [transaction({ type: 'stored-sale' }), transaction({ type: 'completion-advice' })];
    const desk = new Desk().press('5 2').on({ is: 'answer', answer: { is: 'stored', rows } });
    expect(desk.text()).toMatch(/^1\/2 待上送[\s\S]*联网后自动上送/);
    expect(
      new Desk()
        .press('5 2')
        .on({ is: 'answer', answer: { is: 'stored', rows: [] } })
        .text(),
    ).toContain('没有交易');
  });

  test('开钱箱, with 主管密码 where the parameters ask for it', () => {
    expect(done(new Desk().press('8 6'), { of: 'desk-done' }).text()).toContain('钱箱已打开');
    const desk = done(new Desk().press('8 6'), { of: 'drawer-needs-secret' });
    expect(command(desk.press('1 2 3 4 5 6 确认'))).toEqual({ is: 'approved-drawer', secret: '123456' });
    expect(failed(desk, 'SECRET_WRONG', { left: 3 }).text()).toContain('还可试3次');
  });

  test('终端管理', () => {
    const desk = as(administrator).press('7 9 1');
    done(desk, { of: 'echo', echo: { tookMs: 35, clockOffsetMs: -1_240 } });
    expect(desk.text()).toMatch(/往返 +35 ms\n时钟差 +-1.2秒/);
    desk.press('确认 2');
    done(desk, { of: 'download', downloaded: { rev: 7, changed: ['refund.maxDays'] } });
    expect(desk.text()).toMatch(/版本号 +7 变1项\nrefund.maxDays/);
    desk.press('取消 9').on({
      is: 'answer',
      answer: {
        is: 'troubles',
        rows: [{ is: 'payment', stan: '000012', batch: '000001', at: nowMs, amountFen: fen(100), code: '96' }],
      },
    });
    expect(desk.text()).toMatch(/^1\/1 失败\n需人工 请联系上游\n凭证号 +000012/);
  });

  test.each(['3 1', '3 2', '8 5 2', '8 4 2', '7 3 3'])('%s is left alone after a minute', (keys) => {
    const desk = new Desk().press(keys).wait(60_000);
    expect(desk.text()).toContain('操作超时');
  });
});
