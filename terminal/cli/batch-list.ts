import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { type BatchViewAnswer, batchesAnswer, batchView } from './batch-contract.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { stateText, timeText } from './words.ts';

/** `pos batch list`: the newest first. */
export async function listBatches(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/batches?limit=${limit}`);
  const { batches } = v.parse(batchesAnswer, raw);
  const head = [
    run.say('批次', 'Batch'),
    run.say('日期', 'Day'),
    run.say('状态', 'State'),
    run.say('笔数', 'Records'),
    run.say('结果', 'Verdict'),
    run.say('差异', 'Differing'),
  ];
  const rows = batches.map((batch) => [
    batch.no,
    batch.businessDate,
    stateText(batch.state, run.language),
    String(batch.records),
    verdictText(batch, run.language),
    differingCount(batch),
  ]);
  await run.show(raw, () => (rows.length === 0 ? run.say('没有批次', 'No batches') : table(head, rows, [3, 5])));
  return exitStatus.ok;
}

/** `pos batch show NO`; with `differences` each record on which the lists differed. */
export async function showBatchNo(run: Run, typed: string, differences: boolean): Promise<ExitStatus> {
  if (!/^\d{1,6}$/.test(typed))
    throw usage(`批次号应为 1 至 6 位数字: ${typed}`, `A batch has 1 to 6 digits: ${typed}`);
  const raw = await run.client.get(`/batches/${typed.padStart(6, '0')}`);
  const batch = v.parse(batchView, raw);
  await run.show(raw, () =>
    differences ? differenceText(batch, run.language) : pairs(batchPairs(batch, run.language)),
  );
  return exitStatus.ok;
}

const groupNames = {
  domestic: { zh: '内卡', en: 'Domestic' },
  foreign: { zh: '外卡', en: 'Foreign' },
  codes: { zh: '扫码', en: 'Codes' },
} as const;
const groups = ['domestic', 'foreign', 'codes'] as const;

const differingCount = ({ differences }: BatchViewAnswer): string =>
  differences.length === 0 ? '' : String(differences.length);

function batchPairs(batch: BatchViewAnswer, language: Language): readonly [string, string][] {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const sums = groups.map((group): [string, string] => {
    const { debitCount, debitFen, creditCount, creditFen } = batch.totals[group];
    const [debit, credit] = [`${debitCount} / ${formatYuan(debitFen)}`, `${creditCount} / ${formatYuan(creditFen)}`];
    return [groupNames[group][language], say(`借记 ${debit}，贷记 ${credit}`, `debit ${debit}, credit ${credit}`)];
  });
  const rows: readonly [string, string][] = [
    [say('批次', 'Batch'), batch.no],
    [say('日期', 'Day'), batch.businessDate],
    [say('状态', 'State'), stateText(batch.state, language)],
    [say('打开', 'Opened'), timeText(batch.openedAt)],
    [say('关闭', 'Closed'), batch.closedAt === undefined ? '' : timeText(batch.closedAt)],
    [say('操作员', 'By'), batch.closedBy ?? ''],
    [say('笔数', 'Records'), String(batch.records)],
    ...sums,
    [say('结果', 'Verdict'), verdictText(batch, language)],
    [say('已上送', 'Uploaded'), batch.uploaded === 0 ? '' : String(batch.uploaded)],
    [say('差异', 'Differing'), differingCount(batch)],
    [say('清算', 'Cleared'), batch.clearedAt === undefined ? '' : timeText(batch.clearedAt)],
  ];
  return rows.filter(([, value]) => value !== '');
}

function verdictText({ verdict, isDecided }: BatchViewAnswer, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  if (!verdict) return '';
  const all = Object.values(verdict);
  if (all.includes(3)) return isDecided ? say('出错，主机已裁定', 'error, decided by the host') : say('出错', 'error');
  return all.includes(2) ? say('对账不平', 'not balanced') : say('对账平', 'balanced');
}

const words: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'missing-there': { zh: '主机缺', en: 'missing there' },
  'missing-here': { zh: '终端缺', en: 'missing here' },
  amount: { zh: '金额不符', en: 'amount' },
  booked: { zh: '已补记', en: 'booked' },
  rejected: { zh: '已撤除', en: 'rejected' },
};

async function differenceText({ differences }: BatchViewAnswer, language: Language): Promise<string> {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  if (differences.length === 0) return say('没有差异', 'Nothing differs');
  const yuan = (fen: number | null) => (fen === null ? '' : formatYuan(fen));
  const head = [
    say('凭证号', 'Voucher'),
    say('差异', 'Difference'),
    say('终端', 'Here'),
    say('主机', 'There'),
    say('处理', 'Decision'),
    say('交易编号', 'Payment'),
  ];
  const rows = differences.map(({ stan, kind, hereFen, thereFen, decision, payment }) => [
    stan ?? '',
    words[kind]?.[language] ?? kind,
    yuan(hereFen),
    yuan(thereFen),
    words[decision]?.[language] ?? decision,
    payment,
  ]);
  return table(head, rows, [2, 3]);
}
