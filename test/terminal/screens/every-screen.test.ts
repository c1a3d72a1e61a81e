import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { menu } from '../../../terminal/screens/go.ts';
import { menus } from '../../../terminal/screens/menu.ts';
import { responseCodes } from '../../../terminal/screens/response-codes.ts';
import { columns, rowCount, textWidth } from '../../../terminal/screens/screen.ts';
import type { MenuName, Place } from '../../../terminal/screens/state.ts';
import { say } from '../../../terminal/screens/texts.ts';
import { cashier, Desk, nowMs, offer, settlement, status, transaction } from './desk.ts';

const expiresMs = nowMs + 60_000;
const untilMs = nowMs + 59_000;
const most = fen(999_999_999);
const moment = { now: nowMs, operator: cashier, id: 1 };
const wideTxn = transaction({ amountFen: most, card: '622848*********1234', prints: 99 });
const wideOffer = offer({
  availableFen: most,
  unclearedFen: most,
  inTransitFen: most,
  account: {
    version: 1,
    name: '一个名字特别特别长的商户有限责任公司',
    maskedNumber: '6222************0001',
    bank: '中国工商银行股份有限公司上海分行',
  },
});
const wideSettlement = settlement({ amountFen: most, netFen: most, serviceFeeFen: most });
const back = menu(moment, 'main');
const lastTarget = { kind: 'last' } as const;

/** Every place there is, with the widest values; the compiler asks for a new one here. */
const places: { readonly [Is in Place['is']]: readonly (Place & { is: Is })[] } = {
  'log-on': [
    { is: 'log-on', field: 'operator', operator: '', secret: '', locked: false, notice: undefined, expiresMs },
    { is: 'log-on', field: 'secret', operator: '99', secret: '12345678', locked: true, notice: undefined, expiresMs },
    {
      is: 'log-on',
      field: 'secret',
      operator: '01',
      secret: '1',
      locked: false,
      notice: { error: 'OPERATOR_LOCKED', details: { operator: '01', minutes: 40 } },
      expiresMs,
    },
  ],
  idle: [
    { is: 'idle', notice: undefined, expiresMs: undefined },
    { is: 'idle', notice: say('notice.timeout'), expiresMs },
  ],
  menu: (Object.keys(menus) as MenuName[]).map((name) => menu(moment, name)),
  message: [
    {
      is: 'message',
      title: say('title.sale'),
      lines: [say('sale.forbidden', { operator: '00' })],
      next: back,
      expiresMs,
    },
    { is: 'message', title: say('title.systemError'), lines: [say('error.system')], next: back, expiresMs },
    {
      is: 'message',
      title: say('title.settle', { step: 4 }),
      lines: [{ error: 'INSUFFICIENT_BALANCE', details: { limit: '9,999,999.99', value: '9,999,999.99' } }],
      next: back,
      expiresMs,
    },
  ],
  waiting: [
    { is: 'waiting', id: 1, what: { is: 'log-on' }, back },
    { is: 'waiting', id: 1, what: { is: 'sign-in' }, back },
    { is: 'waiting', id: 1, what: { is: 'reprint', target: lastTarget }, back },
  ],
  amount: [
    { is: 'amount', digits: '', offered: undefined, fallback: false, notice: undefined, expiresMs },
    ...([{ by: 'swipe', card: '622848*********1234' }, { by: 'insert' }] as const).map(
      (offered) =>
        ({
          is: 'amount',
          digits: '999999999',
          offered,
          fallback: true,
          notice: say('notice.tooLong'),
          expiresMs,
        }) as const,
    ),
  ],
  sale: [
    { is: 'sale', id: 1, amountFen: most, step: undefined },
    { is: 'sale', id: 1, amountFen: most, step: { at: 'card', untilMs } },
    { is: 'sale', id: 1, amountFen: most, step: { at: 'card', untilMs, fallback: true } },
    ...[true, false].map(
      (again) =>
        ({
          is: 'sale',
          id: 1,
          amountFen: most,
          step: { at: 'pin', untilMs, card: '622848*********1234', again },
        }) as const,
    ),
    { is: 'sale', id: 1, amountFen: most, step: { at: 'chip', untilMs, card: '622848*********1234' } },
    ...['CONTACTLESS', 'MAG', 'CHIP', 'QR_WECHAT'].map(
      (entry) =>
        ({
          is: 'sale',
          id: 1,
          amountFen: most,
          step: { at: 'confirm', untilMs, card: '622848*********1234', entry },
        }) as const,
    ),
    { is: 'sale', id: 1, amountFen: most, step: { at: 'host', untilMs, card: '622848*********1234' } },
    { is: 'sale', id: 1, amountFen: most, step: { at: 'printing' } },
  ],
  approved: [{ is: 'approved', txn: wideTxn, expiresMs }],
  declined: Object.keys(responseCodes).map((code) => ({ is: 'declined', txn: wideTxn, code, expiresMs })),
  unknown: (['no-answer', 'cancelled', 'bad-answer', 'not-stored', 'card-refused'] as const).flatMap((why) => [
    { is: 'unknown', id: 1, why, amountFen: most, txn: undefined, expiresMs },
    { is: 'unknown', id: 1, why, amountFen: most, txn: transaction({ state: 'NEEDS_HUMAN' }), expiresMs },
  ]),
  transactions: ['PAID', 'CLEARED', 'FAILED', 'REVERSING', 'REVERSED', 'NEEDS_HUMAN', 'AUTHORIZING', 'VOIDED'].map(
    (state) => ({ is: 'transactions', rows: [{ ...wideTxn, state }], index: 0, expiresMs }),
  ),
  last: [
    { is: 'last', txn: undefined, expiresMs },
    { is: 'last', txn: wideTxn, expiresMs },
  ],
  'ask-stan': [{ is: 'ask-stan', digits: '123', notice: say('notice.stanDigits'), expiresMs }],
  'print-problem': [
    { is: 'print-problem', target: lastTarget, safe: say('print.saleSafe'), problem: 'PAPER_OUT', expiresMs },
    { is: 'print-problem', target: lastTarget, safe: say('close.unbalanced'), problem: 'COVER_OPEN', expiresMs },
    { is: 'print-problem', target: lastTarget, safe: undefined, problem: 'SOMETHING_NEW', expiresMs },
  ],
  'confirm-close': [{ is: 'confirm-close', expiresMs }],
  closing: [
    { is: 'closing', id: 1, step: undefined },
    { is: 'closing', id: 1, step: { at: 'freezing' } },
    { is: 'closing', id: 1, step: { at: 'uploading', done: 499, of: 500 } },
  ],
  'settle-offer': [
    { is: 'settle-offer', offer: wideOffer, notice: undefined, expiresMs },
    { is: 'settle-offer', offer: wideOffer, notice: say('notice.stale'), expiresMs },
  ],
  'settle-amount': [
    { is: 'settle-amount', offer: wideOffer, digits: '999999999', fresh: true, notice: say('notice.zero'), expiresMs },
  ],
  'settle-confirm': [{ is: 'settle-confirm', offer: wideOffer, amountFen: most, expiresMs }],
  settling: [
    { is: 'settling', id: 1, offer: wideOffer, amountFen: most, step: undefined },
    { is: 'settling', id: 1, offer: wideOffer, amountFen: most, step: { at: 'processing' } },
  ],
  settlements: [
    { is: 'settlements', rows: [], no: '', fresh: false, expiresMs },
    ...(['REQUESTED', 'PROCESSING', 'SUCCESS', 'FAILED', 'RETURNED', 'CANCELLED'] as const).map(
      (state) =>
        ({
          is: 'settlements',
          rows: [{ ...wideSettlement, state, reason: state === 'FAILED' ? 'SETTLE_ACCOUNT_ERRORED' : undefined }],
          no: 'S1',
          fresh: true,
          expiresMs,
        }) as const,
    ),
  ],
};

const cases = Object.values(places)
  .flat()
  .flatMap((at, index) =>
    (['zh', 'en'] as const).flatMap((language) =>
      [true, false].map((simulated) => ({ name: `${at.is} #${index}`, at, language, simulated })),
    ),
  );

/** The most that can be wrong at once, and a name that is too long. */
const crowded = {
  merchantName: '一个名字特别特别长的商户有限责任公司\u001b[2J',
  link: 'connecting',
  waitingRows: 99_999,
  batch: { no: '999999', state: 'OPEN', records: 500, openedAt: nowMs - 40 * 24 * 3_600_000 },
  reversalsDue: 3,
  deviceProblems: [
    { device: 'printer', problem: 'COVER_OPEN', detail: undefined },
    { device: 'pin-pad', problem: 'PORT_IN_USE', detail: 'pos (pid 812)' },
  ],
  signedIn: false,
} as const;

describe('every screen', () => {
  test.each(cases)('$name in $language, simulated $simulated', ({ at, language, simulated }) => {
    for (const more of [{}, crowded]) {
      const desk = new Desk(at, { ...more, simulated });
      const { rows } = desk.screen(language);
      expect(rows).toHaveLength(rowCount);
      for (const row of rows) {
        expect(textWidth(row), JSON.stringify(row)).toBe(columns);
        expect(row).toMatch(/^[ -~\u3001-\u3002\u4e00-\u9fff\uff01-\uff5e]*$/);
      }
      expect(rows[0]?.endsWith(language === 'zh' ? '[模拟]' : '[SIM]')).toBe(simulated);
      expect(rows.at(-1)?.trim(), 'says what the keys do').not.toBe('');
    }
  });

  test('no text is cut on its way to the screen, names of people and banks apart', () => {
    const named: readonly Place['is'][] = ['settle-offer', 'settle-confirm'];
    for (const { at, language } of cases.filter(({ at }) => !named.includes(at.is))) {
      const { rows } = new Desk(at).screen(language);
      for (const row of rows.slice(1)) expect(row, at.is).not.toMatch(/\{|undefined|null/);
    }
  });

  test('a state is plain JSON', () => {
    for (const at of Object.values(places).flat()) {
      const again: Place = JSON.parse(JSON.stringify(at));
      expect(new Desk(again).text()).toBe(new Desk(at).text());
    }
  });

  test('a typed secret is never on the screen', () => {
    const desk = new Desk(places['log-on'][1]);
    expect(desk.text('zh')).not.toContain('12345678');
    expect(desk.text('zh')).toContain('********');
  });

  test('the idle screen says what the cashier should know, the most urgent first', () => {
    const at: Place = { is: 'idle', notice: undefined, expiresMs: undefined };
    expect(new Desk(at, { waitingRows: 4 }).text().split('\n')).toEqual([
      '账平小店',
      '11-20 10:00 操作员01',
      '已联机      待上送 4',
      '批次 000001     12笔',
      '已开批 3小时',
      '',
      '',
      '1消费 确认菜单 功能',
    ]);
    const crowdedRows = new Desk(at, status({ ...crowded, merchantName: '账平小店' })).text().split('\n');
    expect(crowdedRows.slice(5, 7)).toEqual(['冲正未完成 3笔', '打印机:盖未关']);
  });

  test.each([
    ['printer', 'PAPER_NEAR_END', '打印机:纸将尽', 'Printer: low paper'],
    ['card-reader', 'LOST', '读卡器:连接中断', 'Reader: lost'],
    ['pin-pad', 'NO_ANSWER', '密码键盘:无应答', 'PIN pad: no answer'],
    ['scanner', 'CODE_INCOMPLETE', '扫码枪:扫码不全', 'Scanner: half code'],
    ['keypad', 'KEY_STUCK', '键盘:按键卡住', 'Keypad: stuck key'],
    ['display', 'NO_PERMISSION', '顾客屏:无权限', 'Display: no access'],
  ] as const)('the idle screen names %s %s', (device, problem, zh, en) => {
    const at: Place = { is: 'idle', notice: undefined, expiresMs: undefined };
    const desk = new Desk(at, { deviceProblems: [{ device, problem, detail: undefined }] });
    expect(desk.screen('zh').rows[5]?.trim()).toBe(zh);
    expect(desk.screen('en').rows[5]?.trim()).toBe(en);
  });
});
