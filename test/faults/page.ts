/** What a cashier reads on the screen: which page it is, and what it says of the customer's money. */

export type PageName =
  | 'idle'
  | 'amount'
  | 'start'
  | 'reversal'
  | 'card'
  | 'fallback'
  | 'confirm'
  | 'pin'
  | 'host'
  | 'chip'
  | 'printing'
  | 'approved'
  | 'declined'
  | 'unknown'
  | 'print-problem'
  | 'last'
  | 'message'
  | 'stopped'
  | 'other';

/** `undecided`: the screen promises that the sale will be undone. */
export type Said = 'charged' | 'not-charged' | 'undecided';

export interface Page {
  readonly is: PageName;
  /** Without what changes by itself: countdowns, the time of day. */
  readonly text: string;
  readonly said: Said | undefined;
  /** The amount above the last row, in fen. */
  readonly amountFen: number | undefined;
}

/** The page, its title, and words that stand on no other page with this title. */
const pages: readonly (readonly [PageName, title: string, words: string])[] = [
  ['amount', '消费', '请输入金额'],
  ['message', '', '按任意键返回'],
  ['reversal', '消费', '先完成上笔冲正'],
  ['card', '消费', '请挥卡或刷卡'],
  ['fallback', '消费', '请刷磁条'],
  ['confirm', '确认消费', '请核对'],
  ['pin', '消费', '请在密码键盘输入'],
  ['host', '消费', '通讯中'],
  ['chip', '消费', '芯片确认中'],
  ['start', '消费', '请稍候'],
  ['printing', '交易成功', '正在打印签购单'],
  ['unknown', '结果未知', ''],
  ['print-problem', '打印未完成', ''],
  ['last', '末笔交易', ''],
  ['stopped', '上报原因', '停止'],
  ['idle', '', '1消费 确认菜单'],
];
const results: readonly (readonly [PageName, title: string])[] = [
  ['approved', '交易成功'],
  ['declined', '交易失败'],
];

const countdown = /(请挥卡或刷卡|请刷磁条|请核对|请客户输密码|密码错 请重输|通讯中|芯片确认中|先完成上笔冲正) \d+/;

export function readPage(rows: readonly string[]): Page {
  const title = (rows[0] ?? '').replace('[模拟]', '').trim();
  const all = rows.join(' ');
  const found = pages.find(([, of, words]) => (of === '' || title === of) && all.includes(words))?.[0] ?? 'other';
  const is = found === 'message' ? (results.find(([, of]) => of === title)?.[0] ?? found) : found;
  // The idle page shows the time and the batch above its notices.
  const body = is === 'idle' ? rows.slice(5, 7) : rows.slice(1, -1);
  const text = [is === 'idle' ? '待机' : title, ...body].map((row) => row.trim()).filter(Boolean);
  const shown = text.join(' / ').replace(countdown, '$1');
  const amount = /^\s*([\d,]+\.\d\d)\s*$/.exec(rows[6] ?? '')?.[1];
  return {
    is,
    text: shown,
    said: saidBy(is, shown),
    amountFen: amount === undefined ? undefined : Number(amount.replace(/[,.]/g, '')),
  };
}

/** Words that ask for the card once more, or say that the sale was refused before it began: nothing was sent. */
const notBegun = /未扣款|已取消|请重试|请换卡|请刷磁条|请插卡|只出示一张|重新出示卡|未连接主机|有冲正未完成|终端未签到/;

function saidBy(is: PageName, text: string): Said | undefined {
  switch (is) {
    case 'printing':
    case 'approved':
      return 'charged';
    case 'print-problem':
      return text.includes('交易成功') ? 'charged' : undefined;
    case 'declined':
      return 'not-charged';
    case 'unknown':
    case 'last':
      return saidByState(text);
    case 'idle':
    case 'message':
      return notBegun.test(text) ? 'not-charged' : undefined;
    case 'stopped':
      return text.includes('未扣款') ? 'not-charged' : 'undecided';
    default:
      return undefined;
  }
}

function saidByState(text: string): Said | undefined {
  if (/已扣款/.test(text)) return 'charged';
  if (/未扣款|已冲正/.test(text)) return 'not-charged';
  return /勿重复刷卡/.test(text) ? 'undecided' : undefined;
}
