/** The banks that settle here (B-013), by the names under which people know them; a branch follows the name. */
const names = [
  '中国工商银行|工商银行|工行',
  '中国农业银行|农业银行|农行',
  '中国银行|中行',
  '中国建设银行|建设银行|建行',
  '交通银行|交行',
  '中国邮政储蓄银行|邮政储蓄银行|邮储银行',
  '招商银行|招行',
  '浦发银行|上海浦东发展银行',
  '中信银行',
  '中国光大银行|光大银行',
  '华夏银行',
  '中国民生银行|民生银行',
  '兴业银行',
  '平安银行',
  '广发银行',
  '浙商银行',
  '渤海银行',
  '恒丰银行',
  '北京银行',
  '上海银行',
  '江苏银行',
  '宁波银行',
  '南京银行',
  '杭州银行',
]
  .join('|')
  .split('|');

/** Payment institutions at which a merchant may have a payment account (B-028). */
const institutions = ['支付宝', '财付通', '微信支付', '拉卡拉'];

/** `中国工商银行北京分行` is one of `工商银行`. */
export function isKnownBank(name: string, destination: 'bank' | 'payment'): boolean {
  return (destination === 'bank' ? names : institutions).some((known) => name.startsWith(known));
}
