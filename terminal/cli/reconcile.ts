import * as v from 'valibot';
import { formatYuan } from '../base/money.ts';
import { decisionWords, differenceWords, stateWords } from '../flows/export-words.ts';
import { type DifferenceAnswer, differenceAnswer, differencesAnswer, runsAnswer } from './book-contract.ts';
import { credentials } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { query } from './typed.ts';
import { stateText, wordOf } from './words.ts';

/** Why a day is not compared to its end. */
const problems: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  MISSING_PART: { zh: '对账单不全', en: 'a part is missing' },
  BAD_HASH: { zh: '对账单校验和不符', en: 'wrong hash' },
  BAD_COUNT: { zh: '对账单行数不符', en: 'wrong row count' },
  BAD_SUM: { zh: '对账单合计不符', en: 'wrong sums' },
  BAD_FORM: { zh: '对账单格式不对', en: 'bad form' },
  TOO_MANY: { zh: '差异过多', en: 'too many differences' },
  UNDER_WAY: { zh: '有未定交易', en: 'something is undecided' },
};

/** `pos reconcile list`: the newest day first. */
export async function listRuns(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/reconciliation?limit=${limit}`);
  const { runs } = v.parse(runsAnswer, raw);
  const head = [
    run.say('日期', 'Day'),
    run.say('版本', 'Bill'),
    run.say('结果', 'Result'),
    run.say('主机笔数', 'Rows'),
    run.say('相符', 'Matched'),
    run.say('差异', 'Differ'),
    run.say('待定', 'Open'),
    run.say('问题', 'Problem'),
  ];
  const rows = runs.map((one) => [
    one.date,
    String(one.version),
    one.state === 'OPEN' ? run.say('待对账', 'to do') : stateText(one.state, run.language),
    String(one.rows),
    String(one.matched),
    String(one.differences),
    String(one.openDifferences),
    one.problem === undefined ? '' : wordOf(problems, one.problem, run.language),
  ]);
  await run.show(raw, () =>
    rows.length === 0 ? run.say('还没有对账', 'No day was reconciled yet') : table(head, rows, [1, 3, 4, 5, 6]),
  );
  return exitStatus.ok;
}

/** `pos reconcile differences [NO]`. */
export async function listDifferences(
  run: Run,
  no: string | undefined,
  { open, limit }: { readonly open: boolean; readonly limit: number },
): Promise<ExitStatus> {
  if (no !== undefined) return showDifference(run, checkedNo(no));
  const raw = await run.client.get(`/differences${query({ limit, open: open ? '1' : undefined })}`);
  const { differences } = v.parse(differencesAnswer, raw);
  const head = [
    run.say('编号', 'No'),
    run.say('种类', 'Kind'),
    run.say('状态', 'State'),
    run.say('差额', 'Difference'),
  ];
  const rows = differences.map((one) => [
    one.no,
    wordOf(differenceWords, one.kind, run.language),
    stateText(one.state, run.language),
    formatYuan(one.deltaFen),
  ]);
  await run.show(raw, () => (rows.length === 0 ? run.say('没有差异', 'Nothing differs') : table(head, rows, [3])));
  return exitStatus.ok;
}

async function showDifference(run: Run, no: string): Promise<ExitStatus> {
  const raw = await run.client.get(`/differences/${no}`);
  await run.show(raw, () => pairs(differencePairs(v.parse(differenceAnswer, raw), run)));
  return exitStatus.ok;
}

function checkedNo(typed: string): string {
  if (/^[\w.-]{1,80}$/.test(typed)) return typed;
  throw usage(`没有这样的编号: ${typed}`, `No difference has such a number: ${typed}`);
}

function differencePairs(one: DifferenceAnswer, run: Run): readonly [string, string][] {
  const { say, language } = run;
  const side = (state: string, fen: number) => `${wordOf(stateWords, state, language)} ${formatYuan(fen)}`;
  const persons = [one.decidedBy, one.approvedBy].filter(Boolean).join(say('，复核 ', ', approved by '));
  const rows: readonly [string, string][] = [
    [say('编号', 'No'), one.no],
    [say('账期', 'Day'), one.date],
    [say('种类', 'Kind'), wordOf(differenceWords, one.kind, language)],
    [say('状态', 'State'), stateText(one.state, language)],
    [say('交易编号', 'Payment'), one.payment ?? ''],
    [say('批次', 'Batch'), one.batch ?? ''],
    [say('本机', 'Here'), side(one.here, one.hereFen)],
    [say('上游', 'There'), side(one.there, one.thereFen)],
    [say('差额', 'Difference'), formatYuan(one.deltaFen)],
    [say('核查说明', 'Finding'), one.finding ?? ''],
    [say('处理', 'Decision'), one.decision === undefined ? '' : wordOf(decisionWords, one.decision, language)],
    [say('经办', 'Decided by'), persons],
    [say('未入账', 'Not booked'), one.waits === undefined ? '' : waitText(one.waits, run)],
  ];
  return rows.filter(([, value]) => value !== '');
}

const waitText = ({ needsFen }: NonNullable<DifferenceAnswer['waits']>, { say }: Run): string =>
  needsFen === undefined
    ? say('等待进行中的交易结束', 'until what is under way has ended')
    : say(`等待可用余额达到 ${formatYuan(needsFen)} 元`, `until ${formatYuan(needsFen)} yuan are available`);

/** `pos reconcile examine`: what has money in suspense two persons upstream decide. */
export async function examine(run: Run, no: string, finding: string, text: string): Promise<ExitStatus> {
  const path = `/differences/${checkedNo(no)}/examine`;
  const raw = await run.client.post(path, { ...(await credentials(run)), finding, text }, run.step);
  await run.show(raw, () =>
    run.say(`已记录，请看 pos reconcile differences ${no}`, `Noted; see pos reconcile differences ${no}`),
  );
  return exitStatus.ok;
}
