import { shanghai } from '../base/clock.ts';
import type { Language } from '../base/errors.ts';

type Words = Readonly<Record<string, { readonly zh: string; readonly en: string }>>;

const states: Words = {
  CREATED: { zh: '处理中', en: 'in progress' },
  AUTHORIZING: { zh: '处理中', en: 'in progress' },
  PAID: { zh: '已支付', en: 'paid' },
  CLEARED: { zh: '已清算', en: 'cleared' },
  UNKNOWN: { zh: '查询中', en: 'being asked for' },
  VOIDING: { zh: '撤销中', en: 'being taken back' },
  VOIDED: { zh: '已撤销', en: 'taken back' },
  PARTLY_REFUNDED: { zh: '部分退货', en: 'partly refunded' },
  REFUNDED: { zh: '已退货', en: 'refunded' },
  STORED: { zh: '待上送', en: 'waits for the host' },
  HELD: { zh: '已预授权', en: 'held' },
  COMPLETED: { zh: '已完成', en: 'completed' },
  EXPIRED: { zh: '已过期', en: 'expired' },
  REVERSING: { zh: '冲正中', en: 'being reversed' },
  REVERSED: { zh: '已冲正', en: 'reversed' },
  NEEDS_HUMAN: { zh: '需人工处理', en: 'needs a person' },
  OPEN: { zh: '已打开', en: 'open' },
  FROZEN: { zh: '已冻结', en: 'frozen' },
  COMPARING: { zh: '对账中', en: 'comparing' },
  UPLOADING: { zh: '批上送中', en: 'uploading' },
  ENDING: { zh: '批结束中', en: 'ending' },
  CLEAR_DUE: { zh: '待清批', en: 'clear due' },
  CLOSED: { zh: '已关闭', en: 'closed' },
  REQUESTED: { zh: '已申请', en: 'requested' },
  PROCESSING: { zh: '处理中', en: 'processing' },
  SUCCESS: { zh: '成功', en: 'succeeded' },
  ISSUED: { zh: '已开票', en: 'issued' },
  SENT: { zh: '已发送', en: 'sent' },
  RED: { zh: '已红冲', en: 'taken back' },
  FAILED: { zh: '失败', en: 'failed' },
  RETURNED: { zh: '已退票', en: 'returned' },
  CANCELLED: { zh: '已取消', en: 'cancelled' },
  VERIFYING: { zh: '核验中', en: 'being verified' },
  ACTIVE: { zh: '有效', en: 'active' },
  REJECTED: { zh: '已驳回', en: 'rejected' },
  SUPERSEDED: { zh: '已替换', en: 'replaced' },
  ERRORED: { zh: '异常', en: 'in error' },
  REMOVED: { zh: '已停用', en: 'removed' },
  MATCHING: { zh: '比对中', en: 'comparing' },
  BALANCED: { zh: '平', en: 'balanced' },
  DIFFERENCES: { zh: '不平', en: 'differences' },
  RESOLVED: { zh: '差异已处理', en: 'resolved' },
  BLOCKED: { zh: '受阻', en: 'blocked' },
  FOUND: { zh: '新发现', en: 'found' },
  INVESTIGATING: { zh: '核查中', en: 'examined' },
  ADJUSTED: { zh: '已调账', en: 'adjusted' },
  EXPLAINED: { zh: '已说明', en: 'explained' },
  QUEUED: { zh: '排队中', en: 'queued' },
  RUNNING: { zh: '制作中', en: 'being made' },
  READY: { zh: '可下载', en: 'ready' },
  DEAD: { zh: '未送达', en: 'given up' },
};

/** A state of a payment, a batch or a settlement in words; an unknown one as it is. */
export const stateText = (state: string, language: Language): string => states[state]?.[language] ?? state;

const types: Words = {
  sale: { zh: '消费', en: 'sale' },
  void: { zh: '撤销', en: 'void' },
  refund: { zh: '退货', en: 'refund' },
  preauth: { zh: '预授权', en: 'pre-authorisation' },
  'preauth-void': { zh: '预授权撤销', en: 'void of a pre-authorisation' },
  completion: { zh: '预授权完成', en: 'completion' },
  'completion-advice': { zh: '预授权完成通知', en: 'completion by advice' },
  'completion-void': { zh: '预授权完成撤销', en: 'void of a completion' },
  'code-sale': { zh: '扫码', en: 'code sale' },
  'stored-sale': { zh: '离线消费', en: 'offline sale' },
};

/** What kind of transaction; an unknown one as it is. */
export const typeText = (type: string, language: Language): string => types[type]?.[language] ?? type;

const entries: Words = {
  QR: { zh: '扫码', en: 'code' },
  MAG: { zh: '刷卡', en: 'swiped' },
  CHIP: { zh: '插卡', en: 'chip' },
  CONTACTLESS: { zh: '挥卡', en: 'contactless' },
};

/** How a card was read; an unknown way as it is. */
export const entryText = (entry: string, language: Language): string => entries[entry]?.[language] ?? entry;

/** A word of a table of flows/export-words.ts; what is not in it as it is. */
export const wordOf = (words: Words, code: string, language: Language): string => words[code]?.[language] ?? code;

/** `1 record`, `12 records`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function timeText(atMs: number): string {
  const { day, time } = shanghai(atMs);
  return `${day} ${time}`;
}

/** How long ago, in the largest unit that fits: `3 天`, `5 小时`, `12 分钟`. */
export function ageText(ms: number, language: Language): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 120) return language === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return language === 'zh' ? `${hours} 小时` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return language === 'zh' ? `${days} 天` : `${days} days`;
}
