import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { elementsJs } from '../../../../sync/host/desk/elements-js.ts';
import { wordsOf } from '../../../../sync/host/notice-words.ts';

/** As the page has them. */
const codes = runInNewContext(`${elementsJs}; codes`, { document: {} }) as Readonly<
  Record<string, readonly [zh: string, en: string]>
>;

test.each([
  ['M', '主账号', 'main account'],
  ['O', '结算人', 'settler'],
  ['MO', '主账号兼结算人', 'main account and settler'],
  ['S', '客服', 'customer service'],
])('the role %s is called %s, %s (requirements/README.md)', (role, zh, en) => {
  expect(codes[role]).toEqual([zh, en]);
});

describe('every reason that the host gives has words in both languages', () => {
  test.each([
    ...['FORBIDDEN', 'INVALID_AMOUNT', 'NO_SETTLE_ACCOUNT', 'SETTLE_ACCOUNT_ERRORED', 'FEE_EXCEEDS_AMOUNT'],
    ...['INSUFFICIENT_BALANCE', 'MIRROR_DIFFERS', 'STOPPED', 'BANK_REFUSED', 'ACCOUNT_CLOSED', 'NAME_MISMATCH'],
    ...['RETURNED_BY_BANK', 'ACCOUNT_INVALID', 'ACCOUNT_NAME_MISMATCH', 'AGREEMENT_REQUIRED', 'PROFILE_INCOMPLETE'],
    ...['ID_EXPIRED', 'ILLEGAL_STATE', 'APPLICATION_IN_REVIEW', 'INVALID_SETTLE_MODE', 'CYCLE_REQUIRED'],
    ...['INVALID_RANGE', 'ADDRESS_REQUIRED', 'INVALID_CONTACT', 'INVALID_MOBILE', 'SELF_APPROVAL_FORBIDDEN'],
    ...['REFUSED', 'UNREACHABLE', 'NO_ADDRESS', 'NO_CHANNEL', 'NO_WORDS', 'IDEMPOTENCY_CONFLICT'],
    ...['REFUND_EXPIRED', 'RISK_BLOCKED', 'REFUND_IN_PROGRESS', 'STALE_REFUND_BASE', 'REFUND_EXCEEDS_PAID'],
    ...['REFUND_FUNDS_INSUFFICIENT', 'TXN_NOT_PAID', 'BATCH_CLOSING', 'UNBALANCED_JOURNAL', 'UNKNOWN_ACCOUNT'],
    ...['SETTLEMENT_UNKNOWN', 'UNKNOWN_TERMINAL', 'RISK_REVIEW', 'REVIEW_PASSED', 'CARDHOLDER_DISPUTE'],
  ])('%s', (code) => {
    expect(codes[code]).toEqual([expect.stringMatching(/[一-鿿]/), expect.stringMatching(/^[a-z]/)]);
    const values = { amount: '1.00', account: '****0128', no: 'S1', reason: code };
    for (const language of ['zh', 'en'] as const) expect(wordsOf('N-07', values, language).body).not.toContain(code);
  });
});
