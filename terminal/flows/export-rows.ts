import { present } from '../base/assert.ts';
import { auditOfDays } from '../base/audit.ts';
import { type Clock, dayMs, startOfDay } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { type Language, TerminalError } from '../base/errors.ts';
import { finishSlowly } from '../base/steps.ts';
import type { ExportJob, Query } from '../exports/export.ts';
import type { Fact, Pages, Row, Sheet, Words } from '../exports/sheet.ts';
import { countOfDays, paymentsOfBatch, paymentsOfDays } from '../payments/export-select.ts';
import { groups } from '../settlement/batch.ts';
import { linesOfStatement, settlementsOfDays } from '../settlement/export-selects.ts';
import { batchByNo, settlementByNo } from '../settlement/queries.ts';
import { getDifferencesAfter } from '../settlement/reconcile-store.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { getStatements } from '../settlement/statement-store.ts';
import { columnsOf } from './export-columns.ts';
import type { ExportFilter } from './export-desk.ts';
import { filterOf } from './export-filter.ts';
import { instrumentWords, kindWords, modeWords, stateWords, typeWords } from './export-words.ts';
import { reportSteps } from './report.ts';
import { type Settled, settledPage, settledSteps } from './settled-payments.ts';
import type { SettledPayment } from './settlement-desk.ts';
import { merchantName } from './sign-in.ts';
import type { Report, ReportLine } from './statement-desk.ts';
import type { World } from './world.ts';

/** What stands in each kind of file: the rows of the book as queries give them, and the facts beside them. */

/** What files are made of and with. */
export type Library = Pick<World, 'home' | 'db' | 'clock' | 'random' | 'log' | 'config' | 'session'>;

type Made = Pick<Sheet, 'rows' | 'facts'>;

/** Of a job: `world` has a handle that sees the book as it is now. NOT_FOUND. */
export async function sheetOf(world: Library, job: ExportJob): Promise<Sheet> {
  const { config } = world;
  const made = await makers[job.kind](world, job);
  const facts: readonly Fact[] = [
    { head: { zh: '商户', en: 'Merchant' }, value: `${merchantName(world)} ${config.merchant}` },
    { head: { zh: '终端', en: 'Terminal' }, value: config.terminal },
    ...(job.from === null ? [] : [{ head: { zh: '日期', en: 'Days' }, value: daysOf(job) }]),
    ...made.facts,
    { head: { zh: '申请时间', en: 'Asked for at' }, value: { at: job.at } },
    { head: { zh: '申请人', en: 'Asked for by' }, value: job.by },
  ];
  return { title: kindWords[job.kind], columns: columnsOf[job.kind], rows: made.rows, facts };
}

/** About how many rows there will be; what they are of must be there. NOT_FOUND. */
export function expectedRows({ db }: Pick<World, 'db'>, { kind, from, to, about }: Query): number {
  if (kind === 'transactions' && about !== null) return 0; // nobody knows before they are looked through
  if (kind === 'batch') return foundBatch(db, about).records;
  if (kind === 'settlement-payments') foundSettlement(db, about);
  if (from === null || to === null) return 0;
  if (kind === 'transactions') return countOfDays(db, from, to);
  if (kind !== 'statement') return 0;
  return foundStatements(db, from, to).reduce((sum, { lines }) => sum + lines, 0);
}

type Maker = (world: Library, job: ExportJob) => Promise<Made> | Made;

const makers: Readonly<Record<ExportJob['kind'], Maker>> = {
  transactions: (_, job) => {
    const filter = filterOf(job);
    const { type: txn, ...others } = filter ?? {};
    return { rows: [paymentsOfDays(...daysIn(job), job.at, { ...others, txn })], facts: filterFacts(filter) };
  },
  settlements: (_, job) => ({ rows: [settlementsOfDays(...daysIn(job))], facts: [] }),
  audit: ({ db }, job) => {
    const [from, to] = daysIn(job);
    return { rows: [auditOfDays(db, startOfDay(from), startOfDay(to) + dayMs)], facts: [] };
  },
  statement: ({ db }, job) => {
    const statements = foundStatements(db, ...daysIn(job));
    const first = present(statements[0], 'a statement');
    const last = statements.at(-1) ?? first;
    const sum = (of: 'inFen' | 'outFen') => statements.reduce((all, statement) => all + statement[of], 0);
    return {
      rows: statements.map(({ date }) => linesOfStatement(date)),
      facts: [
        { head: { zh: '账单号', en: 'Statement no.' }, value: [...new Set([first.no, last.no])].join(' – ') },
        { head: { zh: '期初余额', en: 'Opening balance' }, value: { fen: first.openingFen } },
        { head: { zh: '收入', en: 'In' }, value: { fen: sum('inFen') } },
        { head: { zh: '支出', en: 'Out' }, value: { fen: sum('outFen') } },
        { head: { zh: '期末余额', en: 'Closing balance' }, value: { fen: last.closingFen } },
      ],
    };
  },
  batch: ({ db }, job) => {
    const batch = foundBatch(db, job.about);
    return {
      rows: [paymentsOfBatch(batch.no, batch.businessDate)],
      facts: [
        { head: { zh: '批次号', en: 'Batch' }, value: batch.no },
        { head: { zh: '营业日', en: 'Business day' }, value: batch.businessDate },
        ...groups.flatMap((group): readonly Fact[] => {
          const { debitFen, creditFen } = batch.totals[group];
          return [
            { head: side(groupNames[group], '借记', 'debit'), value: { fen: debitFen } },
            { head: side(groupNames[group], '贷记', 'credit'), value: { fen: creditFen } },
          ];
        }),
      ],
    };
  },
  report: async ({ db, clock }, job) => {
    const report = await finishSlowly(reportSteps(db, ...daysIn(job), undefined), inTurns(clock));
    const rows = reportRows(report, job.language);
    return { rows: { page: (after) => (after ? [] : rows) }, facts: [] };
  },
  'settlement-payments': async ({ db, clock }, { about }) => {
    const settlement = foundSettlement(db, about);
    const settled = await finishSlowly(settledSteps(db, settlement.no), inTurns(clock));
    return { rows: paymentsOf(db, settlement, settled), facts: settlementFacts(settlement) };
  },
  differences: ({ db }, job) => {
    const [from, to] = daysIn(job);
    const first = { date: from, no: '' };
    const page: Pages['page'] = (after, limit) =>
      getDifferencesAfter(db, to, after ? { date: String(after['date']), no: String(after['no']) } : first, limit).map(
        (difference): Row => ({ ...difference }),
      );
    return { rows: { page }, facts: [] };
  },
};

const filterHeads: Readonly<Record<keyof ExportFilter, Words>> = {
  type: { zh: '类型', en: 'Type' },
  state: { zh: '状态', en: 'State' },
  operator: { zh: '操作员', en: 'Operator' },
  stan: { zh: '流水号', en: 'Trace no.' },
  minFen: { zh: '金额不低于', en: 'Amount from' },
  maxFen: { zh: '金额不高于', en: 'Amount to' },
};

/** A file says what it leaves out. */
function filterFacts(filter: ExportFilter = {}): readonly Fact[] {
  const { type, state, operator, stan, minFen, maxFen } = filter;
  return [
    ...(type === undefined ? [] : [{ head: filterHeads.type, value: typeWords[type] ?? type }]),
    ...(state === undefined ? [] : [{ head: filterHeads.state, value: stateWords[state] ?? state }]),
    ...(operator === undefined ? [] : [{ head: filterHeads.operator, value: operator }]),
    ...(stan === undefined ? [] : [{ head: filterHeads.stan, value: stan }]),
    ...(minFen === undefined ? [] : [{ head: filterHeads.minFen, value: { fen: minFen } }]),
    ...(maxFen === undefined ? [] : [{ head: filterHeads.maxFen, value: { fen: maxFen } }]),
  ];
}

/** Whatever waits has its turn first. */
const inTurns = ({ now }: Clock): Clock => ({
  now,
  after(_, next) {
    const turn = setImmediate(next);
    return () => clearImmediate(turn);
  },
});

function reportRows(
  { byDay, byInstrument, byOperator, bySettlement, total }: Report,
  language: Language,
): readonly Row[] {
  const line =
    (group: string) =>
    (of: ReportLine): Row => ({
      group,
      name: group === 'total' ? '' : (instrumentWords[of.name]?.[language] ?? of.name),
      ...{ count: of.count, gross_fen: of.grossFen, refund_count: of.refundCount, refund_fen: of.refundFen },
      ...{ fee_fen: of.feeFen, net_fen: of.netFen },
    });
  return [
    ...byDay.map(line('day')),
    ...byInstrument.map(line('instrument')),
    ...byOperator.map(line('operator')),
    line('total')(total),
    ...bySettlement.map(
      ({ day, state, count, amountFen }): Row => ({
        group: 'settlement',
        name: day,
        count,
        net_fen: amountFen,
        state,
      }),
    ),
  ];
}

/** Page by page; what is of no payment, such as the recovery of a debt, stands in a last row, so that they come to the amount. */
function paymentsOf(db: Database, { no, amountFen }: Settlement, { parts }: Settled): Pages {
  let [done, restFen]: [number, number] = [0, amountFen];
  const page: Pages['page'] = (after, limit) => {
    if (after?.['no'] === null) return [];
    const rows = settledPage(db, no, { parts: parts.slice(done, done + limit) }, limit);
    done += limit;
    for (const { netFen } of rows) restFen -= netFen;
    if (rows.length > 0) return rows.map(paymentRow);
    return restFen === 0 ? [] : [{ no: null, at: null, txn: 'others', net_fen: restFen }];
  };
  return { page };
}

const paymentRow = ({ payment, at, type, entry, stan, grossFen, feeFen, netFen, ticket }: SettledPayment): Row => ({
  ...{ no: payment, at, txn: type, entry: entry ?? null, stan, ticket: ticket ?? null },
  ...{ gross_fen: grossFen, fee_fen: feeFen, net_fen: netFen },
});

const settlementFacts = (settlement: Settlement): readonly Fact[] => [
  { head: { zh: '结算号', en: 'Settlement no.' }, value: settlement.no },
  { head: { zh: '方式', en: 'Mode' }, value: modeWords[settlement.mode] ?? settlement.mode },
  { head: { zh: '状态', en: 'State' }, value: stateWords[settlement.state] ?? settlement.state },
  { head: { zh: '结算金额', en: 'Amount' }, value: { fen: settlement.amountFen } },
  { head: { zh: '服务费', en: 'Service fee' }, value: { fen: settlement.serviceFeeFen } },
  { head: { zh: '到账金额', en: 'Paid out' }, value: { fen: settlement.amountFen - settlement.serviceFeeFen } },
  { head: { zh: '结算账户', en: 'Account' }, value: settlement.maskedAccount },
  { head: { zh: '申请时间', en: 'Requested at' }, value: { at: settlement.requestedAt } },
  { head: { zh: '到账日', en: 'Value date' }, value: settlement.valueDate ?? '-' },
  { head: { zh: '银行流水号', en: 'Transfer no.' }, value: settlement.transferRef ?? '-' },
];

const daysIn = ({ from, to }: Query): readonly [from: string, to: string] => [from ?? '', to ?? ''];
const daysOf = ({ from, to }: Query): string => (from === to ? `${from}` : `${from} – ${to}`);

const groupNames = {
  domestic: { zh: '内卡', en: 'Domestic cards' },
  foreign: { zh: '外卡', en: 'Foreign cards' },
  codes: { zh: '扫码', en: 'Codes' },
} as const;
const side = (group: Words, zh: string, en: string): Words => ({ zh: `${group.zh}${zh}`, en: `${group.en}, ${en}` });

/** The oldest first. */
function foundStatements(db: Database, from: string, to: string) {
  const statements = getStatements(db, from, to).toReversed();
  if (statements.length === 0) throw new TerminalError('NOT_FOUND', { what: 'statement', no: from });
  return statements;
}

function foundBatch(db: Database, no: string | null) {
  const batch = batchByNo(db, no ?? '');
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: no ?? '' });
  return batch;
}

function foundSettlement(db: Database, no: string | null) {
  const settlement = settlementByNo(db, no ?? '');
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: no ?? '' });
  return settlement;
}
