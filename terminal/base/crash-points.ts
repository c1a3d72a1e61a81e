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
  'sale.printed': '已打印,未记录打印',
  'sale.after-printed': '打印已记录',
  'reversal.before-send': '冲正已登记,未发送',
  'reversal.after-send': '冲正已发出,未应答',
  'reversal.in-result': '冲正结果事务中',
  'reversal.after-result': '冲正已完成',
  'close.in-freeze': '冻结批次事务中',
  'close.after-freeze': '批次已冻结',
  'close.in-verdict': '对账结果事务中',
  'close.after-verdict': '对账结果已写入',
  'close.after-upload': '批上送已确认',
  'close.in-closed': '批结束事务中',
  'close.clear-due': '待清批',
  'close.printed': '结算单已打印',
  'close.after-closed': '批次已关闭',
  'clear.in-commit': '清算入账事务中',
  'clear.after-commit': '清算已入账',
  'settle.in-request': '结算申请事务中',
  'settle.after-request': '结算申请已提交',
  'settle.in-result': '结算结果事务中',
  'settle.after-result': '结算结果已入账',
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

/** Dies here by SIGKILL, as a power cut would, if the process was armed for this point. */
export function at(point: CrashPoint): void {
  if (armed?.point !== point) return;
  armed.left -= 1;
  if (armed.left <= 0) process.kill(process.pid, 'SIGKILL');
}
