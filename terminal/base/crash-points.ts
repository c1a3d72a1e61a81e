/**
 * Every place at which a storm may kill the terminal (design.md). In normal life `at` does nothing.
 * `in-`: inside the transaction, before its commit; `after-`: right behind it.
 */
export const crashPoints = {
  'sale.in-intent': '意图写入中',
  'sale.after-intent': '意图已提交,未读卡',
  'sale.card-read': '已读卡,未发送',
  'sale.after-send': '请求已发出,未应答',
  'sale.answered': '已收到应答,未入账',
  'sale.in-result': '入账事务中',
  'sale.after-result': '已入账,未打印',
  'sale.in-doubt': '存疑登记事务中',
  'sale.after-doubt': '已登记存疑,冲正待发',
  'sale.in-stop': '终止登记事务中',
  'sale.after-stop': '未发送,已终止',
  'sale.printed': '已打印,未记录打印',
  'sale.after-printed': '打印已记录',
  'reversal.before-send': '冲正已登记,未发送',
  'reversal.after-send': '冲正已发出,未应答',
  'reversal.in-result': '冲正结果事务中',
  'reversal.after-result': '冲正已完成',
  'hold.in-expiry': '预授权到期事务中',
  'hold.after-expiry': '预授权已到期',
  'close.in-freeze': '冻结批次事务中',
  'close.after-freeze': '批次已冻结',
  'close.in-verdict': '对账结果事务中',
  'close.after-verdict': '对账结果已写入',
  'close.in-upload': '批上送明细写入中',
  'close.after-upload': '批上送已确认',
  'close.in-closed': '批结束事务中',
  'close.clear-due': '待清批',
  'close.printed': '结算单已打印',
  'close.after-closed': '批次已关闭',
  'clear.in-commit': '清算入账事务中',
  'clear.after-commit': '清算已入账',
  'settle.in-request': '结算申请事务中',
  'settle.after-request': '结算申请已提交',
  'settle.in-auto': '自动结算事务中',
  'settle.after-auto': '自动结算已提交',
  'settle.in-stop': '停止结算事务中',
  'settle.after-stop': '已请求停止结算',
  'apply.in-request': '申请事务中',
  'apply.after-request': '申请已提交',
  'settle.in-result': '结算结果事务中',
  'settle.after-result': '结算结果已入账',
  'refund.in-request': '退货申请事务中',
  'refund.after-request': '退货申请已提交',
  'refund.in-result': '退货结果事务中',
  'refund.after-result': '退货结果已入账',
  'code.in-intent': '扫码意图写入中',
  'code.after-intent': '扫码意图已提交,未发送',
  'code.after-send': '扫码请求已发出,未应答',
  'code.in-result': '扫码结果事务中',
  'code.after-result': '扫码结果已入账',
  'stored.in-store': '离线交易存储中',
  'stored.after-store': '离线交易已存储',
  'stored.in-result': '离线结果事务中',
  'stored.after-result': '离线结果已入账',
  'invoice.in-request': '发票申请事务中',
  'invoice.after-request': '发票申请已提交',
  'invoice.in-result': '发票结果事务中',
  'invoice.after-result': '发票结果已写入',
  'risk.in-report': '风险上报事务中',
  'risk.after-report': '风险已上报',
  'risk.in-freeze': '冻结入账事务中',
  'risk.after-freeze': '冻结已入账',
  'bill.in-differences': '对账差异事务中',
  'bill.after-differences': '对账差异已入账',
  'bill.in-end': '对账结束事务中',
  'bill.after-end': '对账已结束',
  'bill.in-decision': '差错处理事务中',
  'bill.after-decision': '差错处理已入账',
  'statement.in-lines': '对账单明细写入中',
  'statement.after-head': '对账单已生成',
  'shift.in-end': '交班事务中',
  'shift.after-end': '已交班,未打印',
  'export.in-request': '导出申请事务中',
  'export.after-request': '导出申请已提交',
  'export.running': '导出文件生成中',
  'export.made': '导出文件已生成,未登记',
  'export.in-ready': '导出完成事务中',
  'export.after-ready': '导出已完成',
  'restore.in-part': '恢复账本事务中',
  'restore.after-part': '恢复账本一部分已提交',
  'restore.after-end': '恢复账本已完成',
  'link.after-publish': '记录已发送',
  'link.before-mark-acked': '确认已收到,未标记',
} as const;

export type CrashPoint = keyof typeof crashPoints;

let armed: { readonly point: CrashPoint; left: number } | undefined;

/** For storms only, once, at the start of a process: die the `nth` time that `point` is reached. Text form: `sale.answered:2`. */
export function armCrash(text: string | undefined): void {
  const [point, nth] = (text ?? '').split(':');
  if (isCrashPoint(point)) armed = { point, left: Number(nth ?? 1) };
}

const isCrashPoint = (name: string | undefined): name is CrashPoint =>
  name !== undefined && Object.hasOwn(crashPoints, name);

let heard: ((point: CrashPoint) => void) | undefined;

/** For tests in this process: `listener` is called at each point that is reached, until another one is given. */
export function hearPoints(listener: ((point: CrashPoint) => void) | undefined): void {
  heard = listener;
}

/** Dies here by SIGKILL, as a power cut would, if the process was armed for this point. */
export function at(point: CrashPoint): void {
  heard?.(point);
  if (armed?.point !== point) return;
  armed.left -= 1;
  if (armed.left <= 0) process.kill(process.pid, 'SIGKILL');
}
