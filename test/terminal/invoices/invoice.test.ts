import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { errorText, TerminalError } from '../../../terminal/base/errors.ts';
import type { CustomerTyped } from '../../../terminal/invoices/customer.ts';
import { nextInvoiceState } from '../../../terminal/invoices/invoice.ts';
import { pruneInvoices } from '../../../terminal/invoices/prune-invoices.ts';
import { invoiceByNo, liveInvoiceOf, newestInvoices } from '../../../terminal/invoices/queries.ts';
import { refusal } from '../../support/refusal.ts';
import { mirrorsTable } from '../../support/state-table.ts';
import { newTill, supervisor } from '../till.ts';
import { company, hear, invoicesOf, issue, red } from './desk.ts';

describe('states.md 19', () => {
  mirrorsTable(
    nextInvoiceState,
    ['REQUESTED', 'ISSUED', 'SENT', 'FAILED', 'RED'],
    ['issued', 'sent', 'refused', 'failed', 'taken-back'],
    [
      ['REQUESTED', 'issued', 'ISSUED'],
      ['REQUESTED', 'sent', 'SENT'],
      ['REQUESTED', 'refused', 'FAILED'],
      ['REQUESTED', 'failed', 'FAILED'],
      ['ISSUED', 'sent', 'SENT'],
      ['ISSUED', 'failed', 'ISSUED'],
      ['ISSUED', 'taken-back', 'RED'],
      ['SENT', 'taken-back', 'RED'],
    ],
  );
});

test('an invoice is asked for: one row, one instruction, one audit line, nothing posted (B-040, B-041)', () => {
  const till = newTill();
  const { no } = issue(till, { title: '  某某\n科技 ', taxNo: '91110000 ma00000001 ' });
  expect(invoiceByNo(till.db, no)).toMatchObject({ state: 'REQUESTED', amountFen: 10_000, prints: 0 });
  expect(till.db.prepare('SELECT kind, id, body FROM outbox').all()).toEqual([
    { kind: 'issue-invoice', id: no, body: expect.any(String) },
  ]);
  const body = till.db.prepare<[], string>('SELECT body FROM outbox').pluck().get() ?? '';
  expect(JSON.parse(body)).toMatchObject({
    by: '01',
    journals: [],
    facts: { payment: 'P1', amountFen: 10_000, title: '某某 科技', taxNo: '91110000MA00000001', email: null },
  });
  expect(till.db.prepare("SELECT by, about, outcome FROM audit WHERE action = 'invoice'").all()).toEqual([
    { by: '01', about: 'P1', outcome: 'ok' },
  ]);
  // Whose it is stands in the row and nowhere else.
  expect(till.db.prepare<[], string>('SELECT group_concat(details) FROM audit').pluck().get()).not.toContain('1380000');
});

describe('B-040, B-041: what is not accepted: the error of the catalogue with value and limit, and nothing changes', () => {
  type Change = Parameters<typeof issue>[1] & Partial<CustomerTyped>;
  const cases: readonly [what: string, change: Change, code: string, words: string][] = [
    ['no title', { title: '' }, 'INVOICE_TITLE_REQUIRED', '请填写发票抬头'],
    ['blanks for a title', { title: ' \t\n' }, 'INVOICE_TITLE_REQUIRED', '请填写发票抬头'],
    ['a tax number of 14', { taxNo: '9'.repeat(14) }, 'TAX_NO_INVALID', '税号14位无效，应为15、18或20位'],
    ['a tax number of 19', { taxNo: '9'.repeat(19) }, 'TAX_NO_INVALID', '税号19位无效，应为15、18或20位'],
    ['a company without one', { taxNo: '' }, 'TAX_NO_INVALID', '税号0位无效，应为15、18或20位'],
    ['a tax number with a mark', { taxNo: `${'9'.repeat(17)}-` }, 'TAX_NO_INVALID', '税号18位无效，应为15、18或20位'],
    ['Chinese in it', { taxNo: '税'.repeat(15) }, 'TAX_NO_INVALID', '税号15位无效，应为15、18或20位'],
    ['nowhere to send it', { phone: '', email: ' ' }, 'CONTACT_REQUIRED', '请填写顾客手机或邮箱'],
    ['no telephone number', { phone: '12a' }, 'INVALID_CONTACT', '电话格式不对，应为7-15位'],
    ['too long a number', { phone: '1'.repeat(16) }, 'INVALID_CONTACT', '电话格式不对，应为7-15位'],
    ['no e-mail address', { email: 'a@b' }, 'INVALID_CONTACT', '邮箱格式不对，应为1-100位'],
    ['two addresses', { email: 'a@b.cn c@d.cn' }, 'INVALID_CONTACT', '邮箱格式不对，应为1-100位'],
    ['too long a title', { title: '长'.repeat(101) }, 'BAD_REQUEST', '请求格式错误: title: 101 > 100'],
    ['too long an address', { address: '长'.repeat(101) }, 'BAD_REQUEST', '请求格式错误: address: 101 > 100'],
    ['nothing is left', { leftFen: 0 }, 'TXN_NOT_PAID', '交易P1未付款，不能继续'],
    ['99', { user: { no: '99', role: 'A' } }, 'FORBIDDEN', '操作员99无权开发票，请换有权限的操作员'],
    // The first of two in order of errors.md.
    ['title and contact', { title: '', phone: '' }, 'INVOICE_TITLE_REQUIRED', '请填写发票抬头'],
    ['contact, and not paid', { phone: '', leftFen: 0 }, 'CONTACT_REQUIRED', '请填写顾客手机或邮箱'],
  ];
  test.each(cases)('%s', (_, change, code, words) => {
    const till = newTill();
    const before = invoicesOf(till);
    let thrown: unknown;
    try {
      issue(till, change);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof TerminalError)) throw new Error('not refused');
    expect([thrown.code, errorText(thrown.code, thrown.details, 'zh')]).toEqual([code, words]);
    expect(invoicesOf(till)).toBe(before);
  });
});

describe('who may', () => {
  test.each([
    ['a person without a tax number', { titleKind: 'personal', taxNo: '' }],
    ['a person: the tax number that was typed is not kept', { titleKind: 'personal', taxNo: '110101199001011234' }],
    ['an e-mail address alone', { phone: '', email: 'zhang.san+fp@mail.example.cn' }],
    ['15 characters', { taxNo: 'A'.repeat(15) }],
    ['20 characters', { taxNo: '1'.repeat(20) }],
    ['the supervisor', { user: supervisor }],
  ] as const)('%s', (_, change) => {
    const till = newTill();
    const invoice = issue(till, change);
    expect(invoiceByNo(till.db, invoice.no)).toMatchObject({ state: 'REQUESTED' });
    if ('titleKind' in change) expect(invoice.taxNo).toBeNull();
  });
});

describe('B-041: one invoice for a payment', () => {
  test('a second one is ALREADY_INVOICED while one is under way or stands; the number says which', async () => {
    const till = newTill();
    const first = issue(till);
    expect(await refusal(() => issue(till))).toBe('ALREADY_INVOICED');
    hear(till, first, 'accepted');
    expect(() => issue(till)).toThrow(
      expect.objectContaining({ code: 'ALREADY_INVOICED', details: { no: `I-${first.no.slice(-6)}` } }),
    );
    hear(till, first, 'succeeded');
    expect(await refusal(() => issue(till))).toBe('ALREADY_INVOICED');
  });

  test('failed or refused, it may be asked for again under a new number', () => {
    const till = newTill();
    for (const outcome of ['failed', 'refused'] as const) {
      const invoice = issue(till);
      hear(till, invoice, outcome, { reason: 'TAX_OFFICE_DOWN' });
      expect(invoiceByNo(till.db, invoice.no)).toMatchObject({
        state: 'FAILED',
        refused: outcome === 'refused',
        reason: 'TAX_OFFICE_DOWN',
        invoiceNo: null,
      });
    }
    expect(issue(till).no).toBe(liveInvoiceOf(till.db, 'P1')?.no);
    expect(newestInvoices(till.db, 10)).toHaveLength(3);
  });

  test('pressed twice with one key it is asked for once; other content under the key is refused', async () => {
    const till = newTill();
    const { no } = issue(till, { key: 'press-0001' });
    expect(issue(till, { key: 'press-0001' }).no).toBe(no);
    expect(await refusal(() => issue(till, { key: 'press-0001', title: company.title.slice(1) }))).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(await refusal(() => issue(till, { key: 'press-0001', user: supervisor }))).toBe('IDEMPOTENCY_CONFLICT');
    expect(newestInvoices(till.db, 10)).toHaveLength(1);
  });
});

describe('B-041: 红字发票', () => {
  test('takes the whole invoice back, and then a new one may be of what is left', async () => {
    const till = newTill();
    const blue = issue(till);
    expect(await refusal(() => red(till, blue.no, 6_000))).toBe('ILLEGAL_STATE'); // not issued yet
    hear(till, blue, 'succeeded');
    expect(await refusal(() => red(till, blue.no, 10_000))).toBe('ILLEGAL_STATE'); // nothing was given back
    expect(await refusal(() => red(till, 'NONE', 0))).toBe('NOT_FOUND');
    const back = red(till, blue.no, 6_000);
    expect(back).toMatchObject({ kind: 'red', of: blue.no, amountFen: 10_000, title: company.title });
    expect(red(till, blue.no, 6_000).no).toBe(back.no); // pressed twice
    expect(await refusal(() => red(till, back.no, 0))).toBe('NOT_FOUND'); // a red one is not taken back
    expect(invoiceByNo(till.db, blue.no)?.state).toBe('SENT');
    hear(till, back, 'accepted');
    expect(invoiceByNo(till.db, blue.no)?.state).toBe('RED');
    expect(await refusal(() => red(till, blue.no, 0))).toBe('ILLEGAL_STATE');
    expect(issue(till, { leftFen: 6_000 })).toMatchObject({ amountFen: 6_000 });
  });

  test('refused, the invoice stands, and it may be asked for again', () => {
    const till = newTill();
    const blue = issue(till);
    hear(till, blue, 'succeeded');
    const first = red(till, blue.no, 0);
    hear(till, first, 'failed');
    expect(invoiceByNo(till.db, blue.no)?.state).toBe('SENT');
    expect(red(till, blue.no, 0).no).not.toBe(first.no);
  });
});

describe('what comes from above', () => {
  test('each word counts once, also late; what is out of legal order is set apart', async () => {
    const till = newTill();
    const invoice = issue(till);
    for (const outcome of ['accepted', 'accepted', 'succeeded', 'accepted', 'succeeded'] as const)
      hear(till, invoice, outcome);
    expect(invoiceByNo(till.db, invoice.no)).toMatchObject({
      state: 'SENT',
      invoiceNo: `I-${invoice.no.slice(-6)}`,
      url: `https://fp.example.cn/I-${invoice.no.slice(-6)}`,
    });
    expect(till.db.prepare("SELECT count(*) FROM audit WHERE action = 'invoice-result'").pluck().get()).toBe(2);
    const before = invoicesOf(till);
    expect(await refusal(() => hear(till, invoice, 'failed'))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => hear(till, invoice, 'refused'))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => hear(till, invoice, 'returned'))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => hear(till, { ...invoice, no: 'NONE' }, 'succeeded'))).toBe('NOT_FOUND');
    expect(invoicesOf(till)).toBe(before);
  });

  test('what is about another payment, amount or kind is set apart', async () => {
    const till = newTill();
    const invoice = issue(till);
    const before = invoicesOf(till);
    for (const change of [{ payment: 'P2' }, { amountFen: 9_999 }, { kind: 'red' }] as const)
      expect(await refusal(() => hear(till, invoice, 'accepted', change))).toBe('IDEMPOTENCY_CONFLICT');
    expect(invoicesOf(till)).toBe(before);
  });

  test('issued and not delivered: the invoice stands, since the customer has it on paper', () => {
    const till = newTill();
    const invoice = issue(till);
    hear(till, invoice, 'accepted');
    hear(till, invoice, 'failed', { reason: 'SMS_REFUSED' });
    expect(invoiceByNo(till.db, invoice.no)).toMatchObject({ state: 'ISSUED', reason: 'SMS_REFUSED' });
    hear(till, invoice, 'succeeded');
    expect(invoiceByNo(till.db, invoice.no)?.state).toBe('SENT');
  });
});

test('after five years an invoice and what took it back go; one that has not ended stays', () => {
  const till = newTill();
  const blue = issue(till);
  hear(till, blue, 'succeeded');
  hear(till, red(till, blue.no, 0), 'succeeded');
  const open = issue(till);
  const prune = (years: number): number => {
    let rows = 0;
    const atMs = till.clock.now() + years * 366 * 86_400_000;
    for (let deleted = 1; deleted > 0; rows += deleted)
      deleted = inTransaction(till.db, (tx) => pruneInvoices(tx, atMs));
    return rows;
  };
  expect(prune(5)).toBe(0);
  expect(prune(6)).toBe(2);
  expect(newestInvoices(till.db, 10).map(({ no }) => no)).toEqual([open.no]);
});
