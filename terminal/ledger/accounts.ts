import { assert } from '../base/assert.ts';

/** Debit 借 or credit 贷. */
export type Side = 'D' | 'C';

/** What an account is kept for each of: a calendar day, or the number of something. */
type Dimension =
  | 'date'
  | 'txn'
  | 'order'
  | 'freeze'
  | 'settlement'
  | 'split'
  | 'receiver'
  | 'return or cancel'
  | 'withdrawal'
  | 'prepaid account'
  | 'arrears'
  | 'payout'
  | 'refund or void'
  | 'difference';

/** One row of the chart of accounts 科目表. A balance is normal side − other side. */
export interface Account {
  readonly code: AccountCode;
  readonly zh: string;
  readonly en: string;
  /** The normal side: it increases the account. */
  readonly side: Side;
  readonly dimensions: readonly Dimension[];
  readonly mayBeNegative: boolean;
}

const no = false;
const yes = true;

/** accounting.md §2, row by row: code, name, normal side, dimensions, whether the balance may be negative. */
const rows = [
  ['1001', '上游往来', 'Current account with upstream', 'D', [], yes],
  ['1002', '上游代收预存款', 'Prepaid money held upstream', 'D', ['prepaid account'], no],
  ['1101', '应收清算款-银行卡', 'Clearing receivable, cards', 'D', ['date'], yes],
  ['1102', '应收清算款-微信', 'Clearing receivable, WeChat', 'D', ['date'], yes],
  ['1103', '应收清算款-支付宝', 'Clearing receivable, Alipay', 'D', ['date'], yes],
  ['1104', '应收清算款-云闪付码', 'Clearing receivable, UnionPay QR', 'D', ['date'], yes],
  ['1201', '待缴费应收', 'Arrears receivable', 'D', ['prepaid account', 'arrears'], no],
  ['1202', '追偿应收', 'Recovery receivable', 'D', [], no],
  ['1290', '对账短款', 'Shortage under investigation', 'D', ['difference'], no],
  ['2001', '待清算款', 'Not yet cleared', 'C', ['txn'], no],
  ['2002', '商户可用余额', 'Merchant available', 'C', [], no],
  ['2003', '待分账', 'Merchant pending split', 'C', ['order'], no],
  ['2004', '商户冻结', 'Merchant frozen', 'C', ['freeze'], no],
  ['2005', '结算在途', 'Settlement in transit', 'C', ['settlement'], no],
  ['2006', '分账在途', 'Split in transit', 'C', ['split'], no],
  ['2101', '接收方账户(本机部分)', "Receiver wallet, this terminal's slice", 'C', ['receiver'], no],
  ['2102', '接收方提现在途', 'Receiver withdrawal in transit', 'C', ['withdrawal'], no],
  ['2103', '回退撤销在途', 'Split return or cancel in transit', 'C', ['return or cancel'], no],
  ['2201', '预存可用', 'Prepaid available', 'C', ['prepaid account'], no],
  ['2202', '预存冻结', 'Prepaid frozen', 'C', ['prepaid account', 'order'], no],
  ['2203', '预存提现在途', 'Prepaid withdrawal in transit', 'C', ['withdrawal'], no],
  ['2204', '待缴费挂账', 'Arrears obligation', 'C', ['arrears'], no],
  ['2301', '小额打款在途', 'Small payout in transit', 'C', ['payout'], no],
  ['2302', '退款撤销在途', 'Refund or void in transit', 'C', ['refund or void'], no],
  ['2490', '对账长款', 'Surplus under investigation', 'C', ['difference'], no],
  ['4001', '手续费', 'Transaction fee kept by upstream', 'C', [], yes],
  ['4002', '实时结算服务费', 'Instant settlement fee kept by upstream', 'C', [], no],
  ['4003', '分账提现服务费', 'Split and withdrawal fee kept by upstream', 'C', ['receiver'], no],
  ['4101', '白条息费', 'Marketing interest fee kept by upstream', 'C', ['prepaid account'], no],
  ['5002', '差错损失', 'Difference loss, borne by upstream', 'D', [], no],
] as const;

export type AccountCode = (typeof rows)[number][0];

export const chart: readonly Account[] = rows.map(([code, zh, en, side, dimensions, mayBeNegative]) => ({
  code,
  zh,
  en,
  side,
  dimensions,
  mayBeNegative,
}));

/** How a card or code was read (DE 22 in words). */
export type EntryMode = 'MAG' | 'CHIP' | 'CONTACTLESS' | 'QR_WECHAT' | 'QR_ALIPAY' | 'QR_UNIONPAY';

/** The clearing receivable of an instrument: the 11xx of the postings. */
export type Receivable = '1101' | '1102' | '1103' | '1104';

export const receivableOf = {
  MAG: '1101',
  CHIP: '1101',
  CONTACTLESS: '1101',
  QR_WECHAT: '1102',
  QR_ALIPAY: '1103',
  QR_UNIONPAY: '1104',
} as const satisfies Record<EntryMode, Receivable>;

const dateForm = '\\d{4}-\\d{2}-\\d{2}';
const numberForm = '[A-Za-z0-9_.-]{1,80}';

/** Each code with the form of its keys: the code, and what it is kept for each of. */
const byCode: ReadonlyMap<string, { readonly account: Account; readonly form: RegExp }> = new Map(
  chart.map((account) => {
    const forms = account.dimensions.map((dimension) => (dimension === 'date' ? dateForm : numberForm));
    return [account.code, { account, form: new RegExp(`^${[account.code, ...forms].join(':')}$`) }];
  }),
);

/** An account key: `2002`, `1101:2026-11-20`, `2001:<payment no>`, `2202:<prepaid account>:<order>`. */
export const accountKey = (code: AccountCode, ...dimensions: readonly string[]): string =>
  dimensions.length === 0 ? code : `${code}:${dimensions.join(':')}`;

/** The row of the chart that an account key belongs to; undefined for a code that is not in it or dimensions of another form. */
export function findAccount(key: string): Account | undefined {
  const found = byCode.get(key.slice(0, 4));
  return found?.form.test(key) ? found.account : undefined;
}

/** The same where it must be there: a line on no account is a bug. */
export function accountOf(key: string): Account {
  const account = findAccount(key);
  assert(account, 'the account is in the chart');
  return account;
}
