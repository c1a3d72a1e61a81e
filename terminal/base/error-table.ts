/**
 * Every refusal of the terminal (errors.md): HTTP status, exit status of `pos` (faces.md), and what a person reads. `{name}` stands for a detail.
 * The second line says what to do next.
 */
interface Entry {
  readonly status: 400 | 401 | 403 | 404 | 409 | 423 | 500 | 502 | 503 | 507;
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 75;
  readonly zh: string;
  readonly en: string;
}

export const errorTable = {
  UNAUTHENTICATED: { status: 401, exit: 3, zh: '请先登录', en: 'Log on first' },
  FORBIDDEN: {
    status: 403,
    exit: 3,
    zh: '操作员{operator}无权{action}，请换有权限的操作员',
    en: 'Operator {operator} may not {action}; log on as one who may',
  },
  INVALID_AMOUNT: {
    status: 400,
    exit: 2,
    zh: '金额{value}无效，应为{min}至{max}元',
    en: 'Amount {value} is not valid; enter {min} to {max} yuan',
  },
  ILLEGAL_STATE: {
    status: 409,
    exit: 1,
    zh: '现在不能{event} ({state})',
    en: 'Not possible now ({state}): {event}',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    exit: 1,
    zh: '编号{no}已用于其他内容',
    en: 'Number {no} was used for other content',
  },
  STALE_BALANCE: {
    status: 409,
    exit: 1,
    zh: '余额已变为{value}元，请重新确认',
    en: 'The balance is {value} yuan now; look again and confirm',
  },
  NOT_FOUND: { status: 404, exit: 4, zh: '找不到{what} {no}', en: '{what} {no} was not found' },
  OFFLINE: {
    status: 503,
    exit: 9,
    zh: '未连接主机，联网后重试',
    en: 'The host is not connected; try again when the link is up',
  },
  UPSTREAM_UNKNOWN: {
    status: 502,
    exit: 7,
    zh: '结果未知，自动冲正中，请勿重试',
    en: 'Outcome unknown, being reversed; do not try again',
  },
  INSUFFICIENT_BALANCE: {
    status: 409,
    exit: 1,
    zh: '可用余额{limit}元，不足{value}元',
    en: 'Available balance {limit} yuan is less than {value} yuan',
  },
  NO_SETTLE_ACCOUNT: {
    status: 409,
    exit: 1,
    zh: '没有结算账户，请联系上游',
    en: 'There is no settlement account; ask upstream for one',
  },
  SETTLE_ACCOUNT_ERRORED: {
    status: 423,
    exit: 1,
    zh: '结算账户异常，请上游核实后再结算',
    en: 'The settlement account is in error; settle after upstream verified it',
  },
  SIGN_IN_REQUIRED: {
    status: 409,
    exit: 1,
    zh: '终端未签到，请先签到',
    en: 'The terminal is not signed in; sign in first',
  },
  BATCH_HAS_UNKNOWN: {
    status: 409,
    exit: 75,
    zh: '本批有{value}笔未定交易，稍后再结算',
    en: '{value} transactions of the batch are undecided; close later',
  },
  BATCH_FULL: {
    status: 423,
    exit: 1,
    zh: '日志存储超限额{limit}笔，请批结算',
    en: 'The batch holds its limit of {limit} records; close it',
  },
  BATCH_CLOSING: { status: 423, exit: 75, zh: '批结算进行中，请稍候', en: 'A batch close is running; please wait' },
  REVERSAL_PENDING: {
    status: 423,
    exit: 75,
    zh: '有冲正未完成，恢复通讯后重试',
    en: 'A reversal is due; try again when it was delivered',
  },
  NEEDS_HUMAN: {
    status: 423,
    exit: 1,
    zh: '{what}需人工处理，请联系上游',
    en: '{what} needs a person; contact upstream',
  },
  SECRET_WRONG: { status: 401, exit: 3, zh: '密码错误，还可试{left}次', en: 'Wrong secret; {left} tries left' },
  OPERATOR_LOCKED: {
    status: 423,
    exit: 3,
    zh: '操作员{operator}已锁定，{minutes}分钟后再试',
    en: 'Operator {operator} is locked; try again in {minutes} min',
  },
  DATABASE_NEWER: {
    status: 500,
    exit: 1,
    zh: '数据库版本{value}高于程序{limit}，请升级程序',
    en: 'The database has version {value}, the program {limit}; install a newer program',
  },
  DATABASE_CORRUPT: {
    status: 500,
    exit: 1,
    zh: '数据库损坏，请从备份恢复，勿删除原文件',
    en: 'The database is damaged; restore a backup and keep the old file',
  },
  DATABASE_BUSY: {
    status: 503,
    exit: 75,
    zh: '数据库被占用，请关闭另一个程序',
    en: 'The database is locked; stop the other program',
  },
  DISK_FULL: {
    status: 507,
    exit: 1,
    zh: '磁盘已满，请清理空间后重试',
    en: 'The disk is full; free some space and try again',
  },
  CLOCK_WRONG: { status: 409, exit: 1, zh: '本机时钟偏差{value}秒，请校时', en: 'The clock is {value} s off; set it' },
  DEVICE_ABSENT: {
    status: 503,
    exit: 8,
    zh: '{device}未连接，请检查接线',
    en: '{device} is not connected; check its cable',
  },
  DEVICE_BUSY: { status: 503, exit: 8, zh: '{device}忙，请稍候', en: '{device} is busy; please wait' },
  DEVICE_FAULT: {
    status: 503,
    exit: 8,
    zh: '{device}故障，请检查后重试',
    en: '{device} has a fault; check it and try again',
  },
  PORT_IN_USE: {
    status: 503,
    exit: 8,
    zh: '{device}端口被占用',
    en: 'The port of {device} is in use by another program',
  },
  PAPER_OUT: {
    status: 503,
    exit: 8,
    zh: '缺纸，装纸后按确认重打',
    en: 'Out of paper; load paper, then press Enter to print',
  },
  CARD_UNREADABLE: {
    status: 409,
    exit: 8,
    zh: '读卡失败，请换卡或重试',
    en: 'The card could not be read; try again or another card',
  },
  NOT_SIMULATED: { status: 403, exit: 1, zh: '仅模拟模式可用', en: 'Only in simulated mode' },
  BAD_REQUEST: { status: 400, exit: 2, zh: '请求格式错误: {what}', en: 'Bad request: {what}' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof errorTable;

/** The actions of users/roles.ts as they stand in a sentence. */
export const actionWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  sale: { zh: '消费', en: 'sell' },
  reprint: { zh: '重打印', en: 'reprint' },
  'sign-in': { zh: '签到', en: 'sign in' },
  'close-batch': { zh: '批结算', en: 'close the batch' },
  drawer: { zh: '开钱箱', en: 'open the drawer' },
  settle: { zh: '结算', en: 'settle' },
  pin: { zh: '输密码', en: 'enter a PIN' },
  record: { zh: '开始录制', en: 'start recording' },
  'stop-recording': { zh: '停止录制', en: 'stop recording' },
  clock: { zh: '调时钟', en: 'turn the clock' },
  operators: { zh: '管理操作员', en: 'manage operators' },
  parameters: { zh: '改参数', en: 'change parameters' },
};

/** What keeps something from being done, where the name of a state would not say it. */
export const stateWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  NOT_AT_REST: { zh: '未在待机界面', en: 'not at the idle screen' },
  NOT_RECORDING: { zh: '没有在录制', en: 'not recording' },
  NO_PIN_ASKED: { zh: '没有要求输密码', en: 'no PIN asked for' },
  REAL_CLOCK: { zh: '真实时钟', en: 'real clock' },
};

/** What was not found, as it stands in a sentence. */
export const thingWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  transaction: { zh: '交易', en: 'transaction' },
  batch: { zh: '批次', en: 'batch' },
  'batch-slip': { zh: '批结算单', en: 'batch slip' },
  settlement: { zh: '结算', en: 'settlement' },
  device: { zh: '设备', en: 'device' },
  drawer: { zh: '钱箱', en: 'cash drawer' },
};
