import type { Cashier } from './cashier.ts';

/** What is done at the counter beside transactions, each from the idle screen to its last page. */

/** 停止并上报, 疑似盗刷: upstream holds the money of the payment with this voucher. */
export async function report(cashier: Cashier, stan: string): Promise<void> {
  await cashier.walk([`8 5 2 ${stan} ⏎`, '确认 继续'], ['⏎', '上报原因'], ['1', '确认后上报上游'], ['⏎', '已上报']);
}

/** 开具发票 to a person's telephone. */
export async function invoice(cashier: Cashier, stan: string, phone: string): Promise<boolean> {
  await cashier.walk([`8 4 2 ${stan} ⏎`, '1 个人'], ['1', '手机号'], [`${phone} ⏎`, '确认开票'], ['⏎', '']);
  return ended(cashier, '请取发票二维码单', /已开发票|开票失败|提示/);
}

/** 红字发票, after a refund. */
export async function redInvoice(cashier: Cashier, stan: string): Promise<boolean> {
  await cashier.walk([`8 4 2 ${stan} ⏎`, '已开票 需红冲'], ['2', '整张红冲原发票'], ['⏎', '']);
  return ended(cashier, '已开红字发票', /已开红字发票|开票失败|提示/);
}

/** What comes out of the printer without a transaction. */
const papers = { 'the last slip': '6 1', 'the details': '6 3', 'the summary': '6 6' } as const;
export type Paper = keyof typeof papers;

export async function print(cashier: Cashier, paper: Paper): Promise<void> {
  await cashier.walk([papers[paper], '打印完成']);
}

/** 增加柜员, by 00. */
export async function addOperator(cashier: Cashier, no: string, secret: string): Promise<void> {
  await cashier.walk(['7 4 2', '增加柜员'], [`${no} ⏎ ${secret} ⏎ ${secret} ⏎`, '已完成']);
}

/** 交班: the totals of the shift are printed, and the next operator logs on. */
export async function changeShift(cashier: Cashier, next: string, secret: string): Promise<void> {
  await cashier.walk(['7 4 6', '按1 交班并打印'], ['1', '已交班'], [`${next} ⏎ ${secret} ⏎`, `操作员${next}`]);
}

/** 签退, until the next sign-in by hand. */
export async function signOff(cashier: Cashier): Promise<void> {
  await cashier.walk(['7 2', '签退成功']);
}

export async function signIn(cashier: Cashier): Promise<void> {
  await cashier.walk(['7 1', '签到成功']);
}

/** 自检. True: all is well. */
export async function selfCheck(cashier: Cashier): Promise<boolean> {
  const rows = await cashier.walk(['8 9', '自检 1/']);
  return rows.join().includes('全部正常');
}

async function ended(cashier: Cashier, good: string, over: RegExp): Promise<boolean> {
  const rows = await cashier.see('the result', (now) => over.test(now.join()) && !now.join().includes('正在'));
  return rows.join().includes(good);
}
