import { describe, expect, test } from 'vitest';
import { encodeSlip } from '../../../drivers/printer/encode-slip.ts';
import { printerProfiles } from '../../../drivers/printer/profiles.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { Invoice } from '../../../terminal/invoices/invoice.ts';
import { invoiceLines } from '../../../terminal/invoices/invoice-slip.ts';
import { readReceipt } from '../../support/receipt-reader.ts';

/** What a customer has in hand, read from the bytes that go to the printer. */

const issued: Invoice = {
  no: '01M80JT5413NYD1AZNZRDKVR78',
  kind: 'blue',
  state: 'SENT',
  payment: '01M80JT5413NYD1AZNZRDKVR77',
  of: null,
  amountFen: fen(1_234_567),
  titleKind: 'company',
  title: '内蒙古自治区呼和浩特市某某科技发展股份有限公司',
  taxNo: '91110000MA00000001',
  address: '北京市朝阳区朝阳门内大街1号',
  phone: '13800000000',
  email: 'zhang.san@a-rather-long-name.example.cn',
  operator: '01',
  idempotencyKey: null,
  requestedAt: Date.UTC(2026, 10, 20, 2, 3, 4),
  endedAt: Date.UTC(2026, 10, 20, 2, 3, 5),
  refused: false,
  reason: null,
  invoiceNo: 'I0000000001',
  url: 'https://fp.example.cn/I0000000001',
  prints: 0,
};
const profile = printerProfiles['escpos-58'];

function read(change: Partial<Invoice> = {}, takenBack?: string) {
  const slip = invoiceLines({ ...issued, ...change }, { stan: '000123', takenBack });
  const marks = readReceipt(encodeSlip([...slip, { kind: 'feed', lines: 1 }], profile), profile.columns);
  return {
    lines: marks.flatMap((mark) => ('line' in mark ? [mark.line] : [])),
    qr: marks.flatMap((mark) => ('qr' in mark ? [mark.qr] : [])),
  };
}
/** As one line, so that it does not matter where a long value is broken. */
const said = (change?: Partial<Invoice>, takenBack?: string): string =>
  read(change, takenBack)
    .lines.map((line) => line.trim())
    .join(' ');

test('number, title, tax number, amount, where it was sent, and its QR', () => {
  const { lines, qr } = read();
  expect(lines).toContain('原凭证号(ORG VOUCHER)     000123');
  expect(lines).toContain('日期(DATE)   2026-11-20 10:03:05');
  expect(lines).toContain('  I0000000001');
  expect(lines).toContain('  91110000MA00000001');
  expect(lines).toContain('  13800000000');
  expect(said()).toContain('RMB 12,345.67');
  expect(said().replaceAll(' ', '')).toContain('内蒙古自治区呼和浩特市某某科技发展股份有限公司');
  expect(said().replaceAll(' ', '')).toContain('zhang.san@a-rather-long-name.example.cn');
  expect(qr).toEqual(['https://fp.example.cn/I0000000001']);
});

describe('by kind and state', () => {
  test('a person: nothing that was not given', () => {
    const person = said({ titleKind: 'personal', title: '张三', taxNo: null, address: null, email: null });
    expect(person).not.toMatch(/税号|地址|邮箱|null/);
    expect(person).toContain('13800000000');
  });
  test('red: negative, with the number of what it takes back', () => {
    const red = said({ kind: 'red', of: 'B1', invoiceNo: 'I0000000002' }, 'I0000000001');
    expect(red).toContain('RMB -12,345.67');
    expect(red).toContain('红冲发票号码(TAKES BACK) I0000000001');
  });
  test('taken back: printed again it says so', () => {
    expect(said({ state: 'RED' })).toContain('已红冲');
    expect(said()).not.toContain('已红冲');
  });
});
