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
  REFUND_IN_PROGRESS: {
    status: 409,
    exit: 75,
    zh: '流水{no}有退货在途，等结果后再退',
    en: 'A refund of {no} is under way; wait for its result',
  },
  REFUND_EXCEEDS_PAID: {
    status: 409,
    exit: 1,
    zh: '退货{value}元超过可退{limit}元',
    en: 'Refund of {value} yuan is more than the {limit} left',
  },
  REFUND_EXPIRED: {
    status: 409,
    exit: 1,
    zh: '交易已过{value}天，退货期{limit}天',
    en: 'Paid {value} days ago; refunds end after {limit} days',
  },
  REFUND_FUNDS_INSUFFICIENT: {
    status: 409,
    exit: 1,
    zh: '可用余额{limit}元不足{value}元，请到终端{terminal}退',
    en: 'Available {limit} yuan is less than {value}; refund at terminal {terminal}',
  },
  STALE_REFUND_BASE: {
    status: 409,
    exit: 1,
    zh: '该笔已另有退货，请重新查询再退',
    en: 'It was refunded elsewhere meanwhile; look it up again',
  },
  RISK_BLOCKED: {
    status: 423,
    exit: 1,
    zh: '风险交易{no}{rule}，已停止，请联系客服',
    en: 'Stopped as a risk: {no} {rule}; contact support',
  },
  CONTACTLESS_TOO_FREQUENT: {
    status: 409,
    exit: 1,
    zh: '此卡今日闪付{value}次，超过{limit}次，请留意',
    en: 'This card paid contactless {value} times today, over {limit}; take care',
  },
  OFFLINE_NOT_ALLOWED: {
    status: 409,
    exit: 9,
    zh: '不能离线收款: {what}[ {value}，限{limit}]',
    en: 'No offline sale: {what}[ {value}, limit {limit}]',
  },
  INSTRUMENT_NOT_SUPPORTED: {
    status: 400,
    exit: 2,
    zh: '不支持{what}，请换支付方式',
    en: '{what} is not supported; pay in another way',
  },
  MCC_MISMATCH: {
    status: 409,
    exit: 1,
    zh: '本机商户类别{value}与登记的{limit}不符',
    en: 'Merchant category {value} is not the registered {limit}',
  },
  TXN_NOT_PAID: {
    status: 409,
    exit: 1,
    zh: '交易{no}未付款，不能继续',
    en: 'Transaction {no} was not paid',
  },
  INVOICE_TITLE_REQUIRED: { status: 400, exit: 2, zh: '请填写发票抬头', en: 'Enter the title of the invoice' },
  TAX_NO_INVALID: {
    status: 400,
    exit: 2,
    zh: '税号{value}位无效，应为15、18或20位',
    en: 'Tax number of {value} characters; it has 15, 18 or 20',
  },
  CONTACT_REQUIRED: {
    status: 400,
    exit: 2,
    zh: '请填写顾客手机或邮箱',
    en: 'Enter the phone or e-mail of the customer',
  },
  INVALID_CONTACT: {
    status: 400,
    exit: 2,
    zh: '{what}格式不对，应为{limit}位',
    en: '{what} is not valid; {limit} characters',
  },
  ALREADY_INVOICED: {
    status: 409,
    exit: 1,
    zh: '已开发票{no}，如有退货请先红冲',
    en: 'Invoice {no} exists; take it back first',
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
  SELF_APPROVAL_FORBIDDEN: {
    status: 403,
    exit: 3,
    zh: '操作员{operator}不能授权自己的{action}，请换人',
    en: 'Operator {operator} may not approve own {action}; another person must',
  },
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
  void: { zh: '撤销', en: 'void' },
  refund: { zh: '退货', en: 'refund' },
  preauth: { zh: '预授权', en: 'pre-authorise' },
  'preauth-void': { zh: '预授权撤销', en: 'void a pre-authorisation' },
  completion: { zh: '预授权完成', en: 'complete a pre-authorisation' },
  'completion-void': { zh: '预授权完成撤销', en: 'void a completion' },
  balance: { zh: '余额查询', en: 'ask for a balance' },
  invoice: { zh: '开发票', en: 'issue an invoice' },
  'code-sale': { zh: '扫码支付', en: 'sell by code' },
  'stored-sale': { zh: '离线消费', en: 'sell offline' },
  'red-invoice': { zh: '红冲发票', en: 'take an invoice back' },
  report: { zh: '停止并上报', en: 'stop and report' },
  'sign-off': { zh: '签退', en: 'sign off' },
  shift: { zh: '班次汇总', en: 'have a shift' },
  init: { zh: '初始化', en: 'init' },
  'log-on': { zh: '登录', en: 'log on' },
  unlock: { zh: '解锁终端', en: 'unlock the terminal' },
  'remove-operator': { zh: '删除', en: 'removal' },
  'set-secret': { zh: '改密', en: 'a new secret' },
  reprint: { zh: '重打印', en: 'reprint' },
  'sign-in': { zh: '签到', en: 'sign in' },
  'close-batch': { zh: '批结算', en: 'close the batch' },
  'reversal-resume': { zh: '再次冲正', en: 'reverse once more' },
  drawer: { zh: '开钱箱', en: 'open the drawer' },
  settle: { zh: '结算', en: 'settle' },
  pin: { zh: '输密码', en: 'enter a PIN' },
  record: { zh: '开始录制', en: 'start recording' },
  'stop-recording': { zh: '停止录制', en: 'stop recording' },
  clock: { zh: '调时钟', en: 'turn the clock' },
  operators: { zh: '管理操作员', en: 'manage operators' },
  parameters: { zh: '改参数', en: 'change parameters' },
};

/** What keeps something from being done, but the states of payments and batches, which the screens put into words. */
export const stateWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  FIRST_SECRET: { zh: '初始密码未改', en: 'first secret not changed' },
  AT_COUNTER: { zh: '该操作员在岗', en: 'operator at the counter' },
  NOT_REFUNDED: { zh: '未退货', en: 'nothing was refunded' },
  CODE_PAYMENT: { zh: '扫码支付，请退货', en: 'code payment (refund it)' },
  OTHER_TRANSACTION: { zh: '交易类型不符', en: 'another type of transaction' },
  OTHER_BATCH: { zh: '非本批次交易', en: 'of another batch' },
  OTHER_CARD: { zh: '非原交易卡', en: 'not the card of the original' },
  BATCH_OPEN: { zh: '批次未结算', en: 'batch not closed' },
  HAS_OPERATORS: { zh: '已有操作员', en: 'there are operators' },
  NOT_AT_REST: { zh: '未在待机界面', en: 'not at the idle screen' },
  NOT_RECORDING: { zh: '没有在录制', en: 'not recording' },
  NO_PIN_ASKED: { zh: '没有要求输密码', en: 'no PIN asked for' },
  REAL_CLOCK: { zh: '真实时钟', en: 'real clock' },
};

/** The local rules of payments/risk.ts. */
export const ruleWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  sale: { zh: '(单笔超额)', en: '(amount of one sale)' },
  minute: { zh: '(交易过频)', en: '(sales in a minute)' },
  count: { zh: '(同卡笔数)', en: '(sales of this card today)' },
  amount: { zh: '(同卡金额)', en: '(amount of this card today)' },
};

/** What was not found, as it stands in a sentence. */
export const thingWords: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  refund: { zh: '退货', en: 'refund' },
  freeze: { zh: '冻结', en: 'freeze' },
  invoice: { zh: '发票', en: 'invoice' },
  phone: { zh: '电话', en: 'phone' },
  email: { zh: '邮箱', en: 'e-mail' },
  'title-code': { zh: '不是发票抬头二维码', en: 'not a code with an invoice title' },
  'offline-off': { zh: '离线未开通', en: 'not enabled' },
  'offline-entry': { zh: '刷卡方式', en: 'entry' },
  'offline-amount': { zh: '单笔', en: 'amount' },
  'offline-total': { zh: '累计', en: 'total' },
  'offline-count': { zh: '笔数', en: 'count' },
  'offline-age': { zh: '最早一笔小时', en: 'hours of the oldest' },
  MAG: { zh: '刷卡', en: 'the stripe' },
  CHIP: { zh: '插卡', en: 'the chip' },
  CONTACTLESS: { zh: '挥卡', en: 'a contactless card' },
  QR_WECHAT: { zh: '微信', en: 'WeChat' },
  QR_ALIPAY: { zh: '支付宝', en: 'Alipay' },
  QR_UNIONPAY: { zh: '云闪付码', en: 'a UnionPay code' },
  transaction: { zh: '交易', en: 'transaction' },
  batch: { zh: '批次', en: 'batch' },
  'terminal.db': { zh: '数据库', en: 'database' },
  'batch-slip': { zh: '批结算单', en: 'batch slip' },
  settlement: { zh: '结算', en: 'settlement' },
  device: { zh: '设备', en: 'device' },
  drawer: { zh: '钱箱', en: 'cash drawer' },
  operator: { zh: '操作员', en: 'operator' },
  secret: { zh: '密码位数', en: 'digits of the secret' },
  'same-secret': { zh: '新密码与旧密码相同', en: 'the new secret is the old one' },
  shift: { zh: '班次', en: 'shift' },
};
