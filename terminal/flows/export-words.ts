import type { ExportKind } from '../exports/export.ts';
import type { Words } from '../exports/sheet.ts';

/** Words of files, of the console and of `pos` for what the book knows by its code: whole ones, where screens have to be short. */

const words = (zh: string, en: string): Words => ({ zh, en });

export const kindWords: Readonly<Record<ExportKind, Words>> = {
  statement: words('对账单', 'Statement'),
  transactions: words('交易明细', 'Transactions'),
  settlements: words('结算记录', 'Settlements'),
  'settlement-payments': words('资金结算单', 'Settlement slip'),
  report: words('汇总报表', 'Report'),
  differences: words('对账差异', 'Differences'),
  batch: words('批结算单', 'Batch'),
  audit: words('审计记录', 'Audit trail'),
};

export const typeWords: Readonly<Record<string, Words>> = {
  sale: words('消费', 'Sale'),
  'code-sale': words('扫码消费', 'Code sale'),
  'stored-sale': words('离线消费', 'Offline sale'),
  preauth: words('预授权', 'Pre-authorisation'),
  completion: words('预授权完成', 'Completion'),
  'completion-advice': words('预授权完成通知', 'Completion advice'),
  void: words('消费撤销', 'Void'),
  'preauth-void': words('预授权撤销', 'Pre-authorisation void'),
  'completion-void': words('预授权完成撤销', 'Completion void'),
  refund: words('退货', 'Refund'),
  settlement: words('结算', 'Settlement'),
  'settlement-returned': words('结算退回', 'Settlement returned'),
  'settlement-released': words('结算未成退回余额', 'Settlement released'),
  'void-released': words('撤销未成退回', 'Void released'),
  'refund-released': words('退货未成退回', 'Refund released'),
  freeze: words('冻结', 'Freeze'),
  unfreeze: words('解冻', 'Unfreeze'),
  'charge-back': words('拒付', 'Charge-back'),
  recovery: words('追偿', 'Recovery'),
  adjustment: words('差错调整', 'Adjustment'),
  others: words('其他(追偿、退回费用等)', 'Others (recovery, fees of a return)'),
};

export const instrumentWords: Readonly<Record<string, Words>> = {
  MAG: words('刷卡', 'Swiped'),
  CHIP: words('插卡', 'Inserted'),
  CONTACTLESS: words('挥卡', 'Tapped'),
  QR_WECHAT: words('微信', 'WeChat'),
  QR_ALIPAY: words('支付宝', 'Alipay'),
  QR_UNIONPAY: words('云闪付码', 'UnionPay QR'),
};

/** Of whatever has states: none means two things. Those of a file of transactions first: they are looked for in this order. */
export const stateWords: Readonly<Record<string, Words>> = {
  PAID: words('已支付', 'Paid'),
  CLEARED: words('已清算', 'Cleared'),
  VOIDED: words('已撤销', 'Voided'),
  DONE: words('成功', 'Done'),
  SUCCESS: words('成功', 'Succeeded'),
  REFUNDED: words('已退货', 'Refunded'),
  FAILED: words('失败', 'Failed'),
  CREATED: words('未发送', 'Not sent'),
  AUTHORIZING: words('授权中', 'Authorising'),
  UNKNOWN: words('结果未知', 'Unknown'),
  STORED: words('待上送', 'To be sent'),
  REVERSING: words('冲正中', 'Reversing'),
  REVERSED: words('已冲正', 'Reversed'),
  NEEDS_HUMAN: words('需人工处理', 'Needs a person'),
  VOIDING: words('撤销中', 'Being voided'),
  PARTLY_REFUNDED: words('部分退货', 'Partly refunded'),
  HELD: words('已冻结额度', 'Held'),
  COMPLETED: words('已完成', 'Completed'),
  EXPIRED: words('已过期', 'Expired'),
  REQUESTED: words('已申请', 'Requested'),
  PROCESSING: words('处理中', 'Processing'),
  RETURNED: words('银行退票', 'Returned by the bank'),
  CANCELLED: words('已取消', 'Cancelled'),
  FOUND: words('新发现', 'Found'),
  INVESTIGATING: words('核查中', 'Being examined'),
  ADJUSTED: words('已调账', 'Adjusted'),
  EXPLAINED: words('已说明', 'Explained'),
  OPEN: words('已打开', 'Open'),
  FROZEN: words('已冻结', 'Frozen'),
  COMPARING: words('对账中', 'Comparing'),
  UPLOADING: words('批上送中', 'Uploading'),
  ENDING: words('批结束中', 'Ending'),
  CLEAR_DUE: words('待清批', 'Clear due'),
  CLOSED: words('已关闭', 'Closed'),
  ISSUED: words('已开票', 'Issued'),
  SENT: words('已发送', 'Sent'),
  RED: words('已红冲', 'Taken back'),
  VERIFYING: words('核验中', 'Being verified'),
  ACTIVE: words('有效', 'Active'),
  REJECTED: words('已驳回', 'Rejected'),
  SUPERSEDED: words('已替换', 'Replaced'),
  ERRORED: words('异常', 'In error'),
  REMOVED: words('已停用', 'Removed'),
  MATCHING: words('比对中', 'Comparing'),
  BALANCED: words('平', 'Balanced'),
  DIFFERENCES: words('不平', 'Differences'),
  RESOLVED: words('差异已处理', 'Resolved'),
  BLOCKED: words('受阻', 'Blocked'),
  QUEUED: words('排队中', 'Queued'),
  RUNNING: words('生成中', 'Being made'),
  READY: words('可下载', 'Ready'),
  DEAD: words('未送达', 'Given up'),
  '-': words('无', 'Missing'),
};

export const modeWords: Readonly<Record<string, Words>> = {
  AUTO: words('自动', 'Automatic'),
  MANUAL: words('手动', 'By hand'),
  REALTIME: words('实时', 'Real time'),
};

export const differenceWords: Readonly<Record<string, Words>> = {
  surplus: words('长款', 'Surplus'),
  shortage: words('短款', 'Shortage'),
  amount: words('金额不符', 'Amount differs'),
  state: words('状态不符', 'State differs'),
  clearing: words('清算不符', 'Clearing differs'),
};

export const decisionWords: Readonly<Record<string, Words>> = {
  'missing-sale': words('补记交易', 'Missing sale booked'),
  'missing-refund': words('补记退货', 'Missing refund booked'),
  'write-off': words('核销', 'Written off'),
  'give-back': words('退还付款人', 'Given back'),
  explained: words('已说明', 'Explained'),
};

export const groupWords: Readonly<Record<string, Words>> = {
  day: words('按日', 'By day'),
  instrument: words('按支付方式', 'By instrument'),
  operator: words('按操作员', 'By operator'),
  settlement: words('结算', 'Settlements'),
  total: words('合计', 'Total'),
};
