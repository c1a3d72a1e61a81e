import { type Counter, type Customer, type Ended, pay, untilWaits } from './customer.ts';

/**
 * The transactions of the counter by their keys (faces.md), each from the idle screen of a cashier until its result was read and left. `stan`: the
 * voucher of the original; secrets are those of a new terminal.
 */

const supervisorSecret = '123456';
/** Nobody is asked for anything but what upstream wants to know. */
const nobody: Customer = { card: { pan: '', expiry: '' }, how: 'contactless' };

const starts = { sale: '1', preauth: '4 1', 'stored-sale': '5 1' } as const;

/** 消费, 预授权, 离线消费. */
export async function charge(
  counter: Counter,
  what: keyof typeof starts,
  amountFen: number,
  customer: Customer,
): Promise<Ended> {
  await counter.cashier.walk([starts[what], '请输入金额']);
  return amountTyped(counter, amountFen, customer);
}

const takesBack = { void: '2', 'preauth-void': '4 4', 'completion-void': '4 5' } as const;

/** 撤销 and the voids of pre-authorisations and completions, with the supervisor's secret. */
export async function takeBack(counter: Counter, what: keyof typeof takesBack, stan: string): Promise<Ended> {
  const { cashier } = counter;
  await cashier.walk(
    [`${takesBack[what]} ${stan} ⏎`, '请核对原交易'],
    ['⏎', '主管密码'],
    [`${supervisorSecret} ⏎`, ''],
  );
  return pay(counter, nobody);
}

/** 完成请求 by the voucher of the hold, without the card. */
export async function complete(counter: Counter, stan: string, amountFen: number): Promise<Ended> {
  await counter.cashier.walk([`4 2 1 ${stan} ⏎`, '请核对原交易'], ['⏎', '请输入金额']);
  return amountTyped(counter, amountFen, nobody);
}

/** 完成通知: told, not asked. */
export async function advise(counter: Counter, stan: string, amountFen: number): Promise<Ended> {
  const { cashier } = counter;
  await cashier.walk(
    [`4 3 ${stan} ⏎`, '请核对原交易'],
    ['⏎', '请输入金额'],
    [`${amountFen} ⏎`, '确认后上送'],
    ['⏎', ''],
  );
  return pay(counter, nobody);
}

/** 余额查询. */
export async function askBalance(counter: Counter, customer: Customer): Promise<Ended> {
  await counter.cashier.walk(['8 3', '余额查询']);
  return pay(counter, customer);
}

/** 退货. `rrn` and `date` (MMDD): by the reference of any day; else from the record of this terminal. */
export async function refund(
  counter: Counter,
  of: { readonly stan: string } | { readonly rrn: string; readonly date: string },
  amountFen: number,
): Promise<Ended> {
  const keys = 'stan' in of ? `3 1 ${of.stan} ⏎` : `3 2 ${of.rrn} ⏎ ${of.date} ⏎`;
  await counter.cashier.walk(
    [keys, '可退金额'],
    ['⏎', '请输入金额'],
    [`${amountFen} ⏎`, '确认后退款'],
    ['⏎', '主管密码'],
    [`${supervisorSecret} ⏎`, ''],
  );
  return pay(counter, nobody);
}

/** 付款码: the customer shows `code`. */
export async function scanCode(counter: Counter, amountFen: number, code: string): Promise<Ended> {
  await counter.cashier.walk(['9 1', '请输入金额'], [`${amountFen} ⏎`, '请扫付款码']);
  await untilWaits(counter.devices.scanner);
  counter.devices.scanner.scan(code);
  return pay(counter, nobody);
}

/** 收款码: ours is on the screen until the customer has paid, or, with `leave`, until the cashier has seen it. */
export async function showCode(
  counter: Counter,
  wallet: '2' | '3' | '4',
  amountFen: number,
  leave = false,
): Promise<Ended> {
  await counter.cashier.walk([`9 ${wallet}`, '请输入金额'], [`${amountFen} ⏎`, leave ? '请客户扫码' : '']);
  if (leave) counter.cashier.press('cancel');
  return pay(counter, nobody);
}

async function amountTyped(counter: Counter, amountFen: number, customer: Customer): Promise<Ended> {
  await counter.cashier.walk([`${amountFen} ⏎`, '']);
  return pay(counter, customer);
}
