/**
 * What the reference host does with a card transaction, by the last two digits of its amount in fen (shared/faces.md, tester experience 2), and below what
 * the simulated wallets do. An ending that is not listed approves. Voids follow no table: they have the amount of their original.
 */
export type AmountRule =
  | { readonly does: 'approve'; readonly code: '00' }
  | { readonly does: 'decline'; readonly code: string }
  /** 10: half of the amount is approved. */
  | { readonly does: 'approve-part'; readonly code: '10' }
  /** 11: approved, a promoter pays a tenth. */
  | { readonly does: 'discount'; readonly code: '00' }
  /** 08: the customer must be verified first; the code is in verification.ts. */
  | { readonly does: 'verify'; readonly code: '00' }
  /** 98: the request is not booked and not answered. */
  | { readonly does: 'ignore' }
  /** 99: the sale is booked and its answer is lost, however often it is asked for. */
  | { readonly does: 'lose-answer'; readonly code: '00' }
  /** 68: the sale is booked, its answer comes late (parameter `host.lateAnswerMs`). */
  | { readonly does: 'answer-late'; readonly code: '00' };

interface AmountRow {
  readonly ending: string;
  readonly rule: AmountRule;
  readonly zh: string;
  readonly en: string;
}

const decline = (code: string, zh: string, en: string): AmountRow => ({
  ending: code,
  rule: { does: 'decline', code },
  zh,
  en,
});

export const amountTable: readonly AmountRow[] = [
  { ending: '00', rule: { does: 'approve', code: '00' }, zh: '交易成功', en: 'approved' },
  decline('01', '请联系发卡行', 'refer to card issuer'),
  decline('03', '无效商户', 'invalid merchant'),
  decline('04', '没收卡', 'capture card'),
  decline('05', '不予承兑', 'do not honour'),
  { ending: '08', rule: { does: 'verify', code: '00' }, zh: '需验证持卡人', en: 'verify the customer' },
  { ending: '10', rule: { does: 'approve-part', code: '10' }, zh: '部分承兑(一半)', en: 'partial approval, a half' },
  { ending: '11', rule: { does: 'discount', code: '00' }, zh: '优惠一成', en: 'approved, a tenth off' },
  decline('13', '无效金额', 'invalid amount'),
  decline('14', '无效卡号', 'invalid card number'),
  decline('30', '格式错误', 'format error'),
  decline('41', '挂失卡', 'lost card'),
  decline('43', '被窃卡', 'stolen card'),
  decline('51', '余额不足', 'insufficient funds'),
  decline('54', '过期卡', 'expired card'),
  decline('55', '密码错', 'incorrect PIN'),
  decline('57', '不允许此卡交易', 'not permitted to cardholder'),
  decline('58', '不允许此终端交易', 'not permitted to terminal'),
  decline('59', '有作弊嫌疑', 'suspected fraud'),
  decline('61', '超出金额限制', 'exceeds amount limit'),
  decline('65', '超出次数限制', 'exceeds frequency limit'),
  { ending: '68', rule: { does: 'answer-late', code: '00' }, zh: '应答迟到', en: 'approved, answered late' },
  decline('75', '密码输错次数超限', 'PIN tries exceeded'),
  decline('77', '批次号不符,请重新签到', 'batch number mismatch, sign in again'),
  decline('91', '发卡行无应答', 'issuer unavailable'),
  decline('94', '重复交易', 'duplicate'),
  decline('96', '系统故障', 'system malfunction'),
  { ending: '98', rule: { does: 'ignore' }, zh: '无应答,未入账', en: 'no answer, not booked' },
  { ending: '99', rule: { does: 'lose-answer', code: '00' }, zh: '已入账,应答丢失', en: 'booked, answer lost' },
];

const byEnding = new Map(amountTable.map((row) => [row.ending, row.rule]));

/** The rule for a gross amount in fen. */
export function ruleForAmount(amountFen: number): AmountRule {
  return byEnding.get(endingOf(amountFen)) ?? { does: 'approve', code: '00' };
}

const endingOf = (amountFen: number): string => String(amountFen % 100).padStart(2, '0');

export type WalletRule =
  | { readonly does: 'pay' | 'ask-pin' | 'never-pay' | 'ignore' | 'lose-answer' | 'answer-late' | 'discount' }
  | { readonly does: 'decline'; readonly code: string };

interface WalletRow {
  readonly ending: string;
  readonly rule: WalletRule;
  readonly zh: string;
  readonly en: string;
}

/** Code sales of both ways. */
export const walletTable: readonly WalletRow[] = [
  { ending: '00', rule: { does: 'pay' }, zh: '支付成功', en: 'paid' },
  { ending: '05', rule: { does: 'decline', code: '05' }, zh: '钱包拒绝', en: 'refused by the wallet' },
  { ending: '11', rule: { does: 'discount' }, zh: '优惠一成', en: 'paid, a tenth off' },
  { ending: '51', rule: { does: 'decline', code: '51' }, zh: '余额不足', en: 'insufficient funds' },
  { ending: '54', rule: { does: 'decline', code: '54' }, zh: '付款码过期', en: 'code expired' },
  { ending: '55', rule: { does: 'ask-pin' }, zh: '顾客输入密码后成功', en: 'paid after the customer typed the PIN' },
  { ending: '61', rule: { does: 'decline', code: '61' }, zh: '超出限额', en: 'exceeds limit' },
  { ending: '68', rule: { does: 'answer-late' }, zh: '应答迟到', en: 'paid, answered late' },
  { ending: '96', rule: { does: 'decline', code: '96' }, zh: '系统故障', en: 'system malfunction' },
  { ending: '97', rule: { does: 'never-pay' }, zh: '顾客不付款', en: 'the customer never pays' },
  { ending: '98', rule: { does: 'ignore' }, zh: '无应答,未下单', en: 'no answer, no order' },
  { ending: '99', rule: { does: 'lose-answer' }, zh: '已下单,应答丢失', en: 'ordered, answer lost' },
];

const walletByEnding = new Map(walletTable.map((row) => [row.ending, row.rule]));

/** The rule for a code sale of so many fen. */
export const walletRuleFor = (amountFen: number): WalletRule =>
  walletByEnding.get(endingOf(amountFen)) ?? { does: 'pay' };
