import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outlet, Outlets } from '../../../sync/host/outlets.ts';
import { NotSent } from '../../../sync/host/outlets.ts';
import type { IssueInvoice } from '../../../sync/protocol/invoices.ts';
import { sendAll } from './send-all.ts';
import { startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
let payment: string;
let outlets: Outlets;
let letters: string[];
beforeEach(async () => {
  outlets = {};
  letters = [];
  host = await startHost();
  till = new Till(host);
  await till.signIn();
  payment = (await till.pay({ amountFen: 10_000 })).payment;
});
afterEach(() => host.stop());

/** What goes to the customer, in the order in which it went. */
const outlet: Outlet = async (to, { text }) => {
  letters.push(`${to}: ${text}`);
};
const send = () => sendAll(host, outlets);

const body = <F>(no: string, facts: F) => ({ no, at: 1, by: '01', facts, journals: [] });

async function issue(no: string, change: Partial<IssueInvoice['facts']> = {}) {
  const whom = {
    titleKind: 'company',
    title: '某某公司',
    taxNo: '91110000MA00000001',
    address: null,
    phone: '13800000000',
    email: null,
  } as const;
  await till.up({ kind: 'issue-invoice', id: no, body: body(no, { payment, amountFen: 10_000, ...whom, ...change }) });
  await send();
  return last();
}

async function red(no: string, invoice: string, amountFen = 10_000) {
  await till.up({ kind: 'red-invoice', id: no, body: body(no, { payment, invoice, amountFen, reason: '退货' }) });
  await send();
  return last();
}

const last = async () => (await till.down('invoice-result')).at(-1)?.body;

/** As if a refund of the payment had succeeded. */
async function refunded(amountFen: number): Promise<void> {
  const approval = await host.host.store.selectFrom('approvals').selectAll().executeTakeFirstOrThrow();
  const { merchant, terminal, batch, stan, card_group, entry } = approval;
  await host.host.store
    .insertInto('refunds')
    .values({
      merchant,
      terminal,
      no: 'R1',
      batch,
      business_date: '2026-11-20',
      stan,
      origin_terminal: terminal,
      payment,
      amount_fen: amountFen,
      fee_fen: 0,
      cum_before: 0,
      source: '2001',
      card_group,
      entry,
      state: 'SUCCEEDED',
      book_state: 'RESERVED',
      funded: 0,
      at: 1,
    })
    .execute();
}

test('B-041: issued with a number and a QR; a second one is ALREADY_INVOICED', async () => {
  expect(await issue('I1')).toMatchObject({
    kind: 'blue',
    outcome: 'succeeded',
    invoiceNo: 'I0000000001',
    url: 'https://fp.example.cn/I0000000001',
  });
  // Issued, then sent to the customer; both name it.
  const told = (await till.down('invoice-result')).map(({ body: { outcome, invoiceNo } }) => `${outcome} ${invoiceNo}`);
  expect(told).toEqual(['accepted I0000000001', 'succeeded I0000000001']);
  expect(await issue('I2')).toMatchObject({ outcome: 'refused', reason: 'ALREADY_INVOICED', url: null });
});

test.each([
  { reason: 'INVOICE_TITLE_REQUIRED', change: { title: ' ' } },
  { reason: 'TAX_NO_INVALID', change: { taxNo: '123' } },
  { reason: 'TAX_NO_INVALID', change: { taxNo: null } },
  { reason: 'CONTACT_REQUIRED', change: { phone: null } },
  { reason: 'TXN_NOT_PAID', change: { payment: 'NOBODY' } },
  { reason: 'INVALID_AMOUNT', change: { amountFen: 9_999 } },
])('B-040 B-041: $reason', async ({ reason, change }) => {
  expect(await issue('I1', change)).toMatchObject({ outcome: 'refused', reason });
});

test('B-040: a person needs no tax number', async () => {
  expect(await issue('I1', { titleKind: 'personal', taxNo: null })).toMatchObject({ outcome: 'succeeded' });
});

test('B-041: after a refund the invoice is taken back whole, and a new one is of what is left', async () => {
  await issue('I1');
  expect(await red('X1', 'I1')).toMatchObject({ outcome: 'refused', reason: 'ILLEGAL_STATE' });
  await refunded(4_000);
  expect(await red('X2', 'I1', 4_000)).toMatchObject({ outcome: 'refused', reason: 'INVALID_AMOUNT' });
  expect(await red('X3', 'I1')).toMatchObject({ kind: 'red', outcome: 'succeeded' });
  expect(await red('X4', 'I1')).toMatchObject({ outcome: 'refused' });
  expect(await issue('I2', { amountFen: 6_000 })).toMatchObject({ outcome: 'succeeded' });
});

test('a payment that was voided may be taken back too', async () => {
  await issue('I1');
  await host.host.store.updateTable('approvals').set({ state: 'VOIDED' }).execute();
  expect(await red('X1', 'I1')).toMatchObject({ kind: 'red', outcome: 'succeeded' });
});

test('a tester’s failure: it may be asked for again under a new number', async () => {
  host.host.faults.arm({ kind: 'invoice-fail', reason: 'TAX_OFFICE_DOWN' }, 1);
  expect(await issue('I1')).toMatchObject({ outcome: 'failed', reason: 'TAX_OFFICE_DOWN' });
  expect(await issue('I2')).toMatchObject({ outcome: 'succeeded' });
});

test('the same number with other content is rejected', async () => {
  await issue('I1');
  const again = till.up({
    kind: 'issue-invoice',
    id: 'again',
    body: body('I1', {
      payment,
      amountFen: 1,
      titleKind: 'personal',
      title: 'x',
      taxNo: null,
      address: null,
      phone: '1',
      email: null,
    }),
  });
  await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
});

describe('N-09: the customer gets it', () => {
  const whom = { titleKind: 'personal', title: '张三', taxNo: null } as const;

  test('by e-mail, else by SMS, with number, amount and where it is kept; the red one goes there too', async () => {
    outlets = { email: outlet, sms: outlet };
    await issue('I1', { ...whom, email: 'zhang@example.com' });
    expect(letters).toEqual([
      `zhang@example.com: 您的电子发票I0000000001已开具，金额100.00元：https://fp.example.cn/I0000000001

Your e-invoice I0000000001 was issued, 100.00 yuan: https://fp.example.cn/I0000000001
`,
    ]);
    await refunded(4_000);
    expect(await red('X1', 'I1')).toMatchObject({ kind: 'red', outcome: 'succeeded' });
    expect(letters[1]).toMatch(/^zhang@example.com: 您的电子发票I0000000002已开具，金额-100.00元/);
    await issue('I2', { ...whom, amountFen: 6_000 });
    expect(letters[2]).toMatch(/^13800000000: 【账平】您的电子发票I0000000003已开具，金额60.00元.* \/ Your e-invoice/);
    expect(letters).toHaveLength(3);
  });

  test('it counts as sent only when it went; what never goes stands as issued, and says why', async () => {
    outlets = { sms: () => Promise.reject(new NotSent('UNREACHABLE')) };
    expect(await issue('I1', whom)).toMatchObject({ outcome: 'accepted' });
    await host.clock.advance((await send()) ?? 0);
    outlets = { sms: outlet };
    await send();
    expect(await last()).toMatchObject({ outcome: 'succeeded', reason: null, invoiceNo: 'I0000000001' });
    expect(letters).toHaveLength(1);

    payment = (await till.pay({ amountFen: 10_000 })).payment;
    outlets = { sms: () => Promise.reject(new NotSent('REFUSED')) };
    await issue('I2', whom);
    for (let wait = await send(); wait !== null; wait = await send()) await host.clock.advance(wait);
    expect(await last()).toMatchObject({ outcome: 'failed', reason: 'REFUSED', invoiceNo: 'I0000000002' });
  });
});
