import { describe, expect, test } from 'vitest';
import { slipText } from '../../../drivers/printer/slip-text.ts';
import { type EntryMode, entryMode } from '../../../sync/protocol/common.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { Payment } from '../../../terminal/payments/payment.ts';
import { faultSlip, type SlipHead, saleSlip } from '../../../terminal/payments/receipt.ts';

/** payments.md, Slips: what a sale slip must say, on paper of 32 cells. */

const head: SlipHead = {
  merchantName: '账平演示商户',
  merchant: '898110058120001',
  terminal: '10000001',
  simulated: true,
};
const payment: Payment = {
  no: '01M80JT5413NYD1AZNZRDKVR78',
  txn: 'sale',
  state: 'PAID',
  batch: '000007',
  businessDate: '2026-11-20',
  stan: '000123',
  operator: '01',
  amountFen: fen(12_345_678),
  feeFen: fen(74_074),
  rateId: 'card-6000',
  cardGroup: 'domestic',
  entry: 'CONTACTLESS',
  card: '622202*********0128',
  chip: { AID: 'A000000333010101', TVR: '0000000000', ARQC: 'F0B0B6E1C72FE433', ATC: '0001' },
  code: '00',
  rrn: '112000000001',
  authCode: '711683',
  issuer: '中国银联',
  acquirer: '账平参考主机',
  createdAt: Date.UTC(2026, 10, 20, 2, 3, 4),
  endedAt: Date.UTC(2026, 10, 20, 2, 3, 5),
  why: null,
  reversal: null,
  reversalAttempts: 0,
  reversalRefusals: 0,
  prints: 0,
};

const paper = (change: Partial<Payment> = {}, duplicate = false, on: Partial<SlipHead> = {}): string =>
  slipText(saleSlip({ ...head, ...on }, { ...payment, ...change }, duplicate), 32).join('\n');
/** The text of each copy: they are cut apart, and a cut is not shown. */
const copies = (text: string): string[] => text.split('签购单').slice(1);
const testMark = '***测试/TESTING,凭证无效***';
const duplicateMark = '****重打印/DUPLICATED****';

describe('签购单', () => {
  const fields: readonly [string, RegExp][] = [
    ['merchant name', /商户名称[^\n]*\n +账平演示商户\n/],
    ['merchant number, 15 digits', /商户编号[^\n]*\n +898110058120001\n/],
    ['terminal number', /终端号[^\n]* 10000001\n/],
    ['operator', /操作员[^\n]* 01\n/],
    ['issuer', /发卡行[^\n]* 中国银联\n/],
    ['acquirer', /收单行[^\n]* 账平参考主机\n/],
    ['card number 6+4 with its entry mode', /622202\*{9}0128 +\/C\n/],
    ['type', /消费 SALE\n/],
    ['batch', /批次号[^\n]* 000007\n/],
    ['voucher', /凭证号[^\n]* 000123\n/],
    ['authorisation', /授权码[^\n]* 711683\n/],
    ['reference', /参考号[^\n]* 112000000001\n/],
    ['date and time, as in Shanghai', /2026-11-20 10:03:04\n/],
    ['amount', /RMB 123,?456\.78\n/],
    ['AID', /AID: A000000333010101\n/],
    ['ARQC', /ARQC: F0B0B6E1C72FE433/],
    ['TVR', /TVR: 0000000000/],
    ['ATC', /ATC: 0001/],
  ];
  test.each(fields)('both copies name the %s', (_, field) => {
    const both = copies(paper());
    expect(both).toHaveLength(2);
    for (const copy of both) expect(copy).toMatch(field);
  });

  test('the first copy is the merchant’s, to be signed; the second the cardholder’s', () => {
    const [merchant, cardholder] = copies(paper());
    expect(merchant).toMatch(/商户存根[\s\S]*持卡人签名/);
    expect(cardholder).toContain('持卡人存根');
    expect(cardholder).not.toContain('签名');
  });

  test('the copies are cut apart', () => {
    expect(saleSlip(head, payment, false).filter(({ kind }) => kind === 'cut')).toHaveLength(2);
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
    expect(paper({ entry })).toMatch(new RegExp(`0128 +/${letters[entry]}\\n`));
  });

  test('a swiped card has no chip data', () => {
    expect(paper({ entry: 'MAG', chip: null })).not.toMatch(/(AID|TVR|ARQC|ATC):/);
  });

  const marks: readonly [string, boolean, boolean, readonly string[], readonly string[]][] = [
    ['the first print, simulated', false, true, [testMark], [duplicateMark]],
    ['a reprint, simulated', true, true, [testMark, duplicateMark], []],
    ['the first print, real', false, false, [], [testMark, duplicateMark]],
    ['a reprint, real', true, false, [duplicateMark], [testMark]],
  ];
  test.each(marks)('%s carries its marks on both copies', (_, duplicate, simulated, has, lacks) => {
    for (const copy of copies(paper({}, duplicate, { simulated }))) {
      for (const mark of has) expect(copy).toContain(mark);
      for (const mark of lacks) expect(copy).not.toContain(mark);
    }
  });

  test.each([32, 48])('no line is wider than paper of %d cells', (columns) => {
    const wide = { merchantName: '一家名字特别特别特别特别特别特别长的演示商户有限公司' };
    const cells = (line: string): number => [...line].reduce((sum, c) => sum + (c.charCodeAt(0) > 0xff ? 2 : 1), 0);
    for (const line of slipText(saleSlip({ ...head, ...wide }, payment, true), columns))
      expect(cells(line), line).toBeLessThanOrEqual(columns);
  });
});

describe('故障单', () => {
  const text = slipText(faultSlip(head, { ...payment, state: 'NEEDS_HUMAN', authCode: null, rrn: null }), 32).join(
    '\n',
  );
  test.each([
    '故障单',
    '非凭证',
    '898110058120001',
    '10000001',
    '000007',
    '000123',
    '622202*********0128',
    '需人工处理',
    testMark,
  ])('says %s', (words) => {
    expect(text).toContain(words);
  });
  test('names the amount, but books none', () => {
    expect(text).toMatch(/金额[^\n]*123,?456\.78/);
    expect(text).not.toContain('RMB');
  });
});
