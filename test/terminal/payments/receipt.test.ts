import { describe, expect, test } from 'vitest';
import { type EntryMode, entryMode, type TxnKind, txnKind } from '../../../sync/protocol/common.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { Payment } from '../../../terminal/payments/payment.ts';
import { saleSlip } from '../../../terminal/payments/receipt.ts';
import type { SlipHead } from '../../../terminal/payments/slip-parts.ts';
import { anOriginal, aPayment, below, chip, copiesOf, field, head, onPaper, papers } from './slip-samples.ts';

/** payments.md, Slips: what the slip of each kind of payment must say, on both papers, as the second decoder reads it. */

interface Given {
  readonly txn?: TxnKind;
  readonly change?: Partial<Payment>;
  readonly duplicate?: boolean;
  readonly on?: Partial<SlipHead>;
  readonly columns?: (typeof papers)[number];
}

const paper = ({ txn = 'sale', change = {}, duplicate = false, on = {}, columns = 32 }: Given = {}): string => {
  const payment = aPayment(txn, change);
  const original = payment.original === null ? undefined : anOriginal;
  return onPaper(saleSlip({ ...head, ...on }, payment, duplicate, original), columns);
};

const testMark = '***测试/TESTING,凭证无效***';
const duplicateMark = '****重打印/DUPLICATED****';
const signature = '持卡人签名(CARDHOLDER SIGNATURE)';

describe.each(papers)('签购单 on paper of %d cells', (columns) => {
  const always: readonly [string, RegExp][] = [
    ['merchant name', below('商户名称(MERCHANT NAME)', '账平演示商户')],
    ['merchant number, 15 digits', below('商户编号(MERCHANT NO)', '898110058120001')],
    ['terminal number', field('终端号(TERMINAL NO)', '10000001')],
    ['operator', field('操作员(OPERATOR NO)', '01')],
    ['issuer', /^发卡行\(ISSUER\) +\S+$/m],
    ['acquirer', /^收单行\(ACQUIRER\) +\S+$/m],
    ['batch', field('批次号(BATCH NO)', '000007')],
    ['voucher', field('凭证号(VOUCHER NO)', '000123')],
    ['reference', /^参考号\(REFER NO\) +(112000000001|-)$/m],
    ['date and time, as in Shanghai', field('日期(DATE)', '2026-11-20 10:03:04')],
    ['amount', /^金额\(AMOUNT\)\n +RMB -?123,456\.78$/m],
  ];
  const card: readonly [string, RegExp][] = [
    ['card number 6+4 with its entry mode', /^卡号\(CARD NO\)\n {2}622202\*{9}0128 +\/I$/m],
    ['authorisation', /^授权码\(AUTH NO\) +(711683|-)$/m],
  ];
  const original: readonly [string, RegExp][] = [
    ['original batch', field('原批次号(ORG BATCH)', '000006')],
    ['original voucher', field('原凭证号(ORG VOUCHER)', '000045')],
    ['original reference', field('原参考号(ORG REFER)', '111900000777')],
    ['original authorisation', field('原授权码(ORG AUTH)', '204680')],
    ['original date', field('原交易日期(ORG DATE)', '2026-11-19')],
  ];
  const approvedBy: readonly [string, RegExp] = ['supervisor', field('授权人(APPROVED BY)', '00')];
  const later: readonly [string, RegExp] = [
    'that it is told later',
    /稍后上送,以主机结果为准\nSENT LATER, HOST DECIDES/,
  ];
  const kinds: Readonly<
    Record<TxnKind, { readonly type: string; readonly says: readonly (readonly [string, RegExp])[] }>
  > = {
    sale: { type: '消费 SALE', says: card },
    void: { type: '撤销 VOID', says: [...card, ...original, approvedBy] },
    preauth: { type: '预授权 AUTH', says: [...card, ['validity', field('有效期至(VALID UNTIL)', '2026-12-20')]] },
    'preauth-void': { type: '授权撤销 VOID', says: [...card, ...original, approvedBy] },
    completion: { type: '授权完成 COMP', says: [...card, ...original] },
    'completion-void': { type: '完成撤销 VOID', says: [...card, ...original, approvedBy] },
    'code-sale': {
      type: '扫码 QR SALE',
      says: [
        ['wallet with entry mode Q', /^付款方式\(PAID BY\)\n {2}微信支付 WECHAT +\/Q$/m],
        ['order number', below('订单号(ORDER NO)', '01M80JT5413NYD1AZNZRDKVR78')],
        ['付款凭证号', below('付款凭证号(PAYMENT NO)', '4200000000000000112000000002')],
        ['wallet as issuer', field('发卡行(ISSUER)', '微信支付')],
      ],
    },
    'stored-sale': { type: '离线 OFFLINE', says: [...card, ['离线', /^离线交易 OFFLINE TRANSACTION$/m], later] },
    'completion-advice': { type: '完成通知 ADV', says: [...card, ...original, later] },
  };
  const cases = txnKind.options.flatMap((txn) =>
    [...always, ['type', field('交易类型(TXN TYPE)', kinds[txn].type)] as const, ...kinds[txn].says].map(
      ([what, pattern]) => [txn, what, pattern] as const,
    ),
  );
  test.each(cases)('%s: both copies name the %s', (txn, _, pattern) => {
    const both = copiesOf(paper({ txn, columns }));
    expect(both).toHaveLength(2);
    for (const copy of both) expect(copy).toMatch(pattern);
  });

  test('what needs none names no original', () => {
    for (const txn of ['sale', 'preauth', 'code-sale', 'stored-sale'] as const)
      expect(paper({ txn, columns })).not.toMatch(/ORG|原/);
  });
});

describe('the two copies', () => {
  test('are cut apart: the first is the merchant’s, to be signed, the second the cardholder’s', () => {
    expect(paper().match(/8</g)).toHaveLength(2);
    const [merchant, cardholder] = copiesOf(paper());
    expect(merchant).toMatch(/商户存根 MERCHANT COPY[\s\S]*持卡人签名/);
    expect(cardholder).toContain('持卡人存根 CARDHOLDER COPY');
    expect(cardholder).not.toContain('签名');
  });

  test('nobody signs for a code', () => expect(paper({ txn: 'code-sale' })).not.toContain('签名'));

  const marks: readonly [string, boolean, boolean, readonly string[], readonly string[]][] = [
    ['the first print, simulated', false, true, [testMark], [duplicateMark]],
    ['a reprint, simulated', true, true, [testMark, duplicateMark], []],
    ['the first print, real', false, false, [], [testMark, duplicateMark]],
    ['a reprint, real', true, false, [duplicateMark], [testMark]],
  ];
  test.each(marks)('%s: both carry their marks', (_, duplicate, simulated, has, lacks) => {
    for (const txn of txnKind.options)
      for (const copy of copiesOf(paper({ txn, duplicate, on: { simulated } }))) {
        for (const mark of has) expect(copy).toContain(mark);
        for (const mark of lacks) expect(copy).not.toContain(mark);
      }
  });

  const letters: Readonly<Record<EntryMode, string>> = {
    MAG: 'S',
    CHIP: 'I',
    CONTACTLESS: 'C',
    QR_WECHAT: 'Q',
    QR_ALIPAY: 'Q',
    QR_UNIONPAY: 'Q',
  };
  test.each(entryMode.options)('entry mode %s has its letter', (entry) => {
    const txn = entry.startsWith('QR') ? 'code-sale' : 'sale';
    expect(paper({ txn, change: { entry } })).toMatch(new RegExp(` /${letters[entry]}$`, 'm'));
  });
});

describe('小额免密免签', () => {
  const small = { entry: 'CONTACTLESS', askedFen: fen(100_000), amountFen: fen(100_000) } as const;
  const cases: readonly [string, Given, boolean][] = [
    ['up to the limit', { change: small }, true],
    ['offline, up to the limit', { txn: 'stored-sale', change: small }, true],
    ['a fen above it', { change: { ...small, askedFen: fen(100_001), amountFen: fen(100_001) } }, false],
    ['above it, of which a part was approved', { change: { ...small, askedFen: fen(200_000) } }, false],
    ['a card that asked for its PIN', { change: { ...small, chip: { ...chip, CVM: 'online-pin' } } }, false],
    ['a card that was inserted', { change: { ...small, entry: 'CHIP' } }, false],
    ['a pre-authorisation', { txn: 'preauth', change: small }, false],
    ['a shop where nothing is waived', { change: small, on: { pinFreeFen: fen(0) } }, false],
  ];
  test.each(cases)('%s', (_, given, waived) => {
    const [merchant = '', cardholder = ''] = copiesOf(paper(given));
    for (const copy of [merchant, cardholder])
      expect(copy.includes('交易金额未超1,000.00元,免密免签\nNO PIN, NO SIGNATURE NEEDED')).toBe(waived);
    expect(merchant.includes(signature)).toBe(!waived);
    expect(cardholder).not.toContain(signature);
  });
});

describe('amounts', () => {
  test('all of the order was paid: nothing to explain', () =>
    expect(paper()).not.toMatch(/ORDER\)|DISCOUNT|PAID\)|STILL DUE/));

  test('a promoter paid a part: order, discount, paid', () => {
    const text = paper({ change: { askedFen: fen(10_011), amountFen: fen(9_010), discountFen: fen(1_001) } });
    expect(text).toMatch(
      /RMB 90\.10\n订单金额\(ORDER\) +100\.11\n优惠金额\(DISCOUNT\) +-10\.01\n实付金额\(PAID\) +90\.10\n/,
    );
    expect(text).not.toContain('STILL DUE');
  });

  test('a part was approved: what is still due', () => {
    const text = paper({ change: { askedFen: fen(10_010), amountFen: fen(4_500), discountFen: fen(505) } });
    const rows = [
      ['订单金额(ORDER)', '100.10'],
      ['批准金额(APPROVED)', '50.05'],
      ['优惠金额(DISCOUNT)', '-5.05'],
      ['实付金额(PAID)', '45.00'],
      ['尚未支付(STILL DUE)', '50.05'],
    ] as const;
    for (const [label, value] of rows) expect(text).toMatch(field(label, value));
  });

  test.each(txnKind.options)('%s: what is given back is less than nothing', (txn) =>
    expect(paper({ txn }).includes('RMB -')).toBe(txn.endsWith('void')),
  );

  test('the largest that can be given back stands whole on narrow paper', () =>
    expect(paper({ txn: 'void', change: { amountFen: fen(999_999_999) } })).toMatch(/^ *-9,999,999\.99$/m));
});

describe('chip data', () => {
  test('AID, cryptogram, TVR and ATC, and nothing else that is kept of the chip', () => {
    const text = paper({ change: { chip: { ...chip, CVM: 'online-pin' } } });
    expect(text).toMatch(/^AID: A000000333010101\nARQC: F0B0B6E1C72FE433\nTVR: 0000000000\nATC: 0001$/m);
    expect(text).not.toContain('CVM');
  });

  test('a swiped card has none', () =>
    expect(paper({ change: { entry: 'MAG', chip: null } })).not.toMatch(/(AID|TVR|ARQC|ATC):/));
});

describe('离线 and 通知', () => {
  test.each(['stored-sale', 'completion-advice'] as const)('%s that was accepted is told no more', (txn) => {
    const text = paper({ txn, change: { state: 'PAID', rrn: '112000000001', authCode: '711683' } });
    expect(text).not.toContain('稍后上送');
    expect(text).toMatch(field('授权码(AUTH NO)', '711683'));
  });
});

test('a completion of a pre-authorisation of elsewhere names the code that was keyed', () => {
  const text = paper({ txn: 'completion', change: { original: null, originAuthCode: '204680' } });
  expect(text).toMatch(field('原授权码(ORG AUTH)', '204680'));
  expect(text).not.toContain('ORG VOUCHER');
});
