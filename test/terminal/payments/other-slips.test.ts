import { describe, expect, test } from 'vitest';
import { codeSlip } from '../../../terminal/payments/code-slip.ts';
import { type Fault, faultOf, faultOfRefund, faultSlip } from '../../../terminal/payments/fault-slip.ts';
import type { PaymentState } from '../../../terminal/payments/payment.ts';
import { refundSlip } from '../../../terminal/payments/refund-slip.ts';
import {
  anOriginal,
  aPayment,
  aRefund,
  below,
  copiesOf,
  field,
  head,
  onPaper,
  type Paper,
  papers,
} from './slip-samples.ts';

/** payments.md, Slips: 退货签购单, 收款码, 故障单. */

describe.each(papers)('退货 on paper of %d cells', (columns: Paper) => {
  const card = onPaper(refundSlip(head, aRefund(), false, anOriginal), columns);
  const fields: readonly [string, RegExp][] = [
    ['merchant number', below('商户编号(MERCHANT NO)', '898110058120001')],
    ['terminal number', field('终端号(TERMINAL NO)', '10000001')],
    ['operator', field('操作员(OPERATOR NO)', '01')],
    ['supervisor', field('授权人(APPROVED BY)', '00')],
    ['issuer', field('发卡行(ISSUER)', '中国银联')],
    ['acquirer', field('收单行(ACQUIRER)', '账平参考主机')],
    ['card with entry mode', /^卡号\(CARD NO\)\n {2}622202\*{9}0128 +\/I$/m],
    ['type', field('交易类型(TXN TYPE)', '退货 REFUND')],
    ['batch', field('批次号(BATCH NO)', '000007')],
    ['voucher', field('凭证号(VOUCHER NO)', '000130')],
    ['reference', field('参考号(REFER NO)', '112000000009')],
    ['date and time, as in Shanghai', field('日期(DATE)', '2026-11-20 14:07:08')],
    ['original batch', field('原批次号(ORG BATCH)', '000006')],
    ['original voucher', field('原凭证号(ORG VOUCHER)', '000045')],
    ['original reference', field('原参考号(ORG REFER)', '111900000777')],
    ['original authorisation', field('原授权码(ORG AUTH)', '204680')],
    ['original date', field('原交易日期(ORG DATE)', '2026-11-19')],
    ['amount', /^金额\(AMOUNT\)\n +RMB -50\.00$/m],
  ];
  test.each(fields)('both copies name the %s', (_, pattern) => {
    expect(copiesOf(card)).toHaveLength(2);
    for (const copy of copiesOf(card)) expect(copy).toMatch(pattern);
  });

  test('the merchant’s copy is signed', () =>
    expect(copiesOf(card).map((copy) => copy.includes('持卡人签名'))).toEqual([true, false]));
});

test('a refund of a code of another terminal: its own number, its terminal, nothing to sign', () => {
  const origin = { originTerminal: '10000002', originAuthCode: '2088000000000000112000000002' };
  const refund = aRefund({ ...origin, cardGroup: 'codes', entry: 'QR_ALIPAY', card: null });
  const text = onPaper(refundSlip(head, refund, true));
  expect(text).toMatch(/^付款方式\(PAID BY\)\n {2}支付宝 ALIPAY +\/Q$/m);
  expect(text).toMatch(below('原付款凭证号(ORG PAYMENT)', origin.originAuthCode));
  expect(text).toMatch(field('原终端号(ORG TERM)', '10000002'));
  expect(text).not.toContain('签名');
  expect(text.match(/重打印\/DUPLICATED/g)).toHaveLength(2);
});

describe.each(papers)('收款码 on paper of %d cells', (columns) => {
  const url = 'weixin://wxpay/bizpayurl?pr=01M80JT5413NYD1AZNZRDKVR78';
  const untilMs = Date.UTC(2026, 10, 20, 2, 5, 4);
  const text = onPaper(codeSlip(head, aPayment('code-sale', { state: 'UNKNOWN' }), url, untilMs), columns);
  test.each([
    ['the code itself', new RegExp(`^\\[QR\\] ${url.replace('?', '\\?')}$`, 'm')],
    ['the wallet', /^ +微信支付 WECHAT$/m],
    ['the amount', /^ +RMB 123,456\.78$/m],
    ['until when', below('有效期至(VALID UNTIL)', '2026-11-20 10:05:04')],
    ['the voucher', field('凭证号(VOUCHER NO)', '000123')],
    ['the merchant', below('商户编号(MERCHANT NO)', '898110058120001')],
    ['that it is no voucher', /非凭证 NOT A VOUCHER/],
    ['that it is a test', /\*\*\*测试\/TESTING,凭证无效\*\*\*/],
  ])('shows %s, once', (_, pattern) => {
    expect(copiesOf(text)).toHaveLength(1);
    expect(text).toMatch(pattern);
  });
});

describe('故障单 (B-042)', () => {
  const faults: readonly [string, Fault | undefined, readonly RegExp[]][] = [
    [
      'a reversal that nobody ends',
      faultOf(aPayment('void', { state: 'NEEDS_HUMAN', reversal: 'NEEDS_HUMAN', why: 'no-answer' })),
      [
        /主机无应答 NO ANSWER/,
        /冲正未完成,需人工处理/,
        /请勿再次收款/,
        /致电95516/,
        /不能批结算/,
        /REVERSAL NOT ENDED/,
      ],
    ],
    [
      'a code sale that stays unknown',
      faultOf(aPayment('code-sale', { state: 'UNKNOWN', why: 'timeout' })),
      [
        /等待超时 TIMED OUT/,
        /结果未知/,
        /请勿再次收款/,
        /按凭证号查询/,
        /致电95516/,
        /RESULT OF CODE PAYMENT UNKNOWN/,
        /微信支付 WECHAT +\/Q/,
      ],
    ],
    [
      'a refund that was not paid out',
      faultOfRefund(aRefund({ state: 'FAILED', reason: 'CODE_14' })),
      [/应答码 CODE 14/, /退货失败,款未退给顾客/, /联系顾客/, /致电95516/, /CUSTOMER NOT PAID/],
    ],
    [
      'an offline sale that the host refused',
      faultOf(aPayment('stored-sale', { state: 'FAILED', code: '51' })),
      [/应答码 CODE 51/, /未入账/, /联系顾客/, /致电95516/, /REFUSED BY THE HOST/],
    ],
  ];
  const cases = faults.flatMap(([what, fault, says]) => papers.map((columns) => [what, columns, fault, says] as const));
  test.each(cases)('%s, on paper of %d cells: what happened and what to do next', (_, columns, fault, says) => {
    if (!fault) throw new Error('there is no fault');
    const text = onPaper(faultSlip(head, fault), columns);
    const always = [
      /故障单/,
      /非凭证 NOT A VOUCHER/,
      field('终端号(TERMINAL NO)', '10000001'),
      field('批次号(BATCH NO)', '000007'),
    ];
    for (const pattern of [...always, /TESTING/, ...says]) expect(text).toMatch(pattern);
    expect(text).toMatch(/金额\(AMOUNT\) +[\d,]+\.\d\d$/m);
    expect(text).not.toContain('RMB');
  });

  const fine: readonly PaymentState[] = ['PAID', 'REVERSED', 'FAILED', 'CREATED', 'HELD', 'VOIDED'];
  test.each(fine)('a sale that is %s has none', (state) =>
    expect(faultOf(aPayment('sale', { state }))).toBeUndefined(),
  );
  test('nor has a refund under way', () => expect(faultOfRefund(aRefund({ state: 'PROCESSING' }))).toBeUndefined());
});
