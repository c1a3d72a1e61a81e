/** Why a payment is in doubt or came to nothing, as its row keeps it (record-answer.ts, code-sale.ts), in words of at most 30 cells for paper. */
const words: Readonly<Record<string, string>> = {
  'no-answer': '主机无应答 NO ANSWER',
  'bad-answer': '应答不符 WRONG ANSWER',
  cancelled: '操作员取消 CANCELLED',
  'card-refused': '卡片拒绝 CARD REFUSED',
  restart: '中途断电 POWER WAS CUT',
  timeout: '等待超时 TIMED OUT',
  'part-refused': '顾客不接受部分承兑 PART REFUSED',
  'not-verified': '验证码未通过 NOT VERIFIED',
};

/** The host's response codes as such; a code of errors.md, or the host's own words, as it is. */
export function reasonWords(why: string): string {
  const responseCode = /^(?:CODE_)?([0-9A-Z]{2})$/.exec(why)?.[1];
  return responseCode === undefined ? (words[why] ?? why) : `应答码 CODE ${responseCode}`;
}
