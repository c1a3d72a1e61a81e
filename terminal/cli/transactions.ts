import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { type TransactionAnswer, transactionAnswer, transactionsAnswer } from './contract.ts';
import { credentials } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { query } from './typed.ts';
import { entryText, stateText, timeText, typeText } from './words.ts';

/** `pos txn list`: the newest first. */
export async function listTransactions(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await asked(run, '/transactions', { limit });
  await showRows(run, raw, run.say('没有交易', 'No transactions'));
  return exitStatus.ok;
}

/** As --operator sees it (B-037); without one, as the operator at the keypad does. */
async function asked(run: Run, path: string, given: { readonly limit?: number } = {}): Promise<unknown> {
  if (run.options.operator === undefined) return run.client.get(`${path}${query(given)}`);
  const wanted = Object.entries(given).map(([name, value]) => [name, String(value)]);
  return run.client.post(path, { ...(await credentials(run)), ...Object.fromEntries(wanted) }, run.step);
}

/** `pos txn waiting`: taken offline, not answered yet. */
export async function listWaiting(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/waiting');
  await showRows(run, raw, run.say('没有待上送的交易', 'Nothing waits for the host'));
  return exitStatus.ok;
}

async function showRows(run: Run, raw: unknown, none: string): Promise<void> {
  const { transactions, scope } = v.parse(transactionsAnswer, raw);
  const of =
    scope.of === 'shift'
      ? `${run.say(`操作员${scope.operator}本班交易`, `The shift of operator ${scope.operator}`)}\n`
      : '';
  const head = [
    run.say('流水号', 'STAN'),
    run.say('批次', 'Batch'),
    run.say('时间', 'Time'),
    run.say('类型', 'Type'),
    run.say('金额', 'Amount'),
    run.say('卡号', 'Card'),
    run.say('状态', 'State'),
    run.say('应答', 'Code'),
  ];
  const rows = transactions.map((txn) => transactionRow(txn, run.language));
  await run.show(raw, async () => of + (rows.length === 0 ? none : await table(head, rows, [4])));
}

const transactionRow = (txn: TransactionAnswer, language: Language): readonly string[] => [
  txn.stan,
  txn.batch,
  timeText(txn.at),
  typeText(txn.type, language),
  formatYuan(txn.amountFen),
  txn.card ?? '',
  stateText(txn.state, language),
  txn.code ?? '',
];

/** `pos txn show`. */
export async function showTransaction(run: Run, stan: string): Promise<ExitStatus> {
  const raw = await asked(run, `/transactions/${stanOf(stan)}`);
  const txn = v.parse(transactionAnswer, raw);
  await run.show(raw, () => pairs(transactionPairs(txn, run.language)));
  return exitStatus.ok;
}

export function transactionPairs(txn: TransactionAnswer, language: Language): readonly [string, string][] {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const entry = txn.entry === undefined ? undefined : entryText(txn.entry, language);
  const rows: readonly [string, string][] = [
    [say('流水号', 'STAN'), txn.stan],
    [say('类型', 'Type'), typeText(txn.type, language)],
    [say('批次', 'Batch'), txn.batch],
    [say('交易编号', 'Payment'), txn.payment],
    [say('时间', 'Time'), timeText(txn.at)],
    [say('金额', 'Amount'), `${formatYuan(txn.amountFen)} ${say('元', 'yuan')}`],
    [say('手续费', 'Fee'), `${formatYuan(txn.feeFen)} ${say('元', 'yuan')}`],
    [say('状态', 'State'), stateText(txn.state, language)],
    [say('应答码', 'Response code'), txn.code ?? ''],
    [say('卡号', 'Card'), [txn.card, entry].filter(Boolean).join(' ')],
    [say('参考号', 'RRN'), txn.rrn ?? ''],
    [say('授权码', 'Authorisation'), txn.authCode ?? ''],
    [say('操作员', 'Operator'), txn.operator],
    [say('打印次数', 'Prints'), String(txn.prints)],
  ];
  return rows.filter(([, value]) => value !== '');
}

/** `pos txn reprint`: the copy carries the duplicate mark. */
export async function reprint(run: Run, stan: string | undefined, last: boolean): Promise<ExitStatus> {
  if ((stan === undefined) !== last) throw usage('请给出流水号或 --last 之一', 'Give one of a STAN and --last');
  const path = stan === undefined ? '/reprint/last' : `/transactions/${stanOf(stan)}/reprint`;
  const raw = await run.client.post(path, await credentials(run), run.step);
  await run.show(raw, () => run.say('签购单已重打', 'The slip was printed again'));
  return exitStatus.ok;
}

/** Six digits; leading zeros may be left out. */
export function stanOf(typed: string): string {
  if (!/^\d{1,6}$/.test(typed)) throw usage(`流水号应为 1 至 6 位数字: ${typed}`, `A STAN has 1 to 6 digits: ${typed}`);
  return typed.padStart(6, '0');
}
