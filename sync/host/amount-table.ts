/**
 * What the reference host does with a sale, by the last two digits of its amount in fen (shared/faces.md, tester experience 2).
 * An ending that is not listed approves.
 */
export type AmountRule =
  | { readonly does: 'approve'; readonly code: '00' }
  | { readonly does: 'decline'; readonly code: string }
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
  return byEnding.get(String(amountFen % 100).padStart(2, '0')) ?? { does: 'approve', code: '00' };
}
