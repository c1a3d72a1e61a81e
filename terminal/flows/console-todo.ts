import { dayMs } from '../base/clock.ts';
import { reasonWords } from '../base/code-words.ts';
import { timeOfId } from '../base/ids.ts';
import type { Payment } from '../payments/payment.ts';
import { needingHuman, reversalsDue, waitingIn } from '../payments/queries.ts';
import { newestBatches } from '../settlement/queries.ts';
import { isLeft } from '../settlement/settled-parts.ts';
import { authorise, mayDo } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { OtherDesks, TodoItem } from './console-desk.ts';
import { rowWords, stateWords } from './console-words.ts';
import type { ExportView } from './export-desk.ts';
import type { World } from './world.ts';

/** 待处理: what does not end by itself, the oldest first. FORBIDDEN. */
export function todo(world: World, by: User, desks: OtherDesks): readonly TodoItem[] {
  authorise(by, 'look');
  return [
    ...ofPayments(world),
    ...ofRows(world),
    ...ofBatches(world),
    ...ofFailures(world, by, desks),
    ...ofSettlements(by, desks),
    ...ofDifferences(by, desks),
    ...ofExports(by, desks),
  ].sort((a, b) => a.at - b.at);
}

type Words = readonly [zh: string, en: string];
const item = (
  kind: TodoItem['kind'],
  no: string,
  at: number,
  [zh, en]: Words,
  [nextZh, nextEn]: Words,
  amountFen?: number,
): TodoItem => ({ kind, no, at, zh, en, nextZh, nextEn, amountFen });

const ofPayments = ({ db }: World): readonly TodoItem[] => [
  ...waitingIn(db, 'UNKNOWN').map((payment) =>
    ofPayment('unknown', payment, ['正在查询，请勿重复收款', 'It is being asked after; do not charge again']),
  ),
  ...reversalsDue(db).map((payment) =>
    ofPayment('reversal', payment, ['联网后自动完成', 'Ends by itself when the link is up']),
  ),
  ...needingHuman(db).map((payment) =>
    ofPayment('reversal', payment, [
      '请联系上游裁定，再用 pos txn resume 继续',
      'Call upstream, then go on with pos txn resume',
    ]),
  ),
];

function ofPayment(
  kind: 'unknown' | 'reversal',
  { no, stan, state, createdAt, amountFen }: Payment,
  next: Words,
): TodoItem {
  const { zh, en } = stateWords(state);
  return item(kind, no, createdAt, [`流水${stan} ${zh}`, `${stan}: ${en}`], next, amountFen);
}

const ofRows = ({ outbox, clock }: World): readonly TodoItem[] =>
  outbox.troubled().map(({ kind, id, rejected }) => {
    const { zh, en } = rowWords(kind);
    const why = rejected ?? 'SET_ASIDE';
    return item(
      'row',
      `${kind}:${id}`,
      timeOfId(id) ?? clock.now(),
      [`${zh}: 主机未收 (${why})`, `${en}: not taken by the host (${why})`],
      ['请联系上游', 'Contact upstream'],
    );
  });

const shownBatches = 20;

const ofBatches = ({ db }: World): readonly TodoItem[] =>
  newestBatches(db, shownBatches).flatMap((batch): readonly TodoItem[] => {
    const { no, state, closedAt, openedAt, records, prints, decided } = batch;
    if (state === 'NEEDS_HUMAN')
      return [
        item(
          'batch',
          no,
          closedAt ?? openedAt,
          [`批次${no}对账出错`, `Batch ${no} is in error`],
          decided === null
            ? ['请联系上游裁定', 'Upstream has to decide']
            : ['上游已裁定，请继续批结算', 'Upstream decided; go on with the close'],
        ),
      ];
    if (state === 'CLOSED' && prints === 0 && records > 0)
      return [
        item(
          'print',
          no,
          closedAt ?? openedAt,
          [`批结算单${no}未打印`, `The slip of batch ${no} was not printed`],
          ['装纸后在终端上重打结算单', 'Load paper, then reprint it at the terminal'],
        ),
      ];
    return [];
  });

const mostLooked = 200;

/** What failed or came back in the last days, as long as no later settlement took its money. */
const ofFailures = ({ db, clock }: World, by: User, { settlement }: OtherDesks): readonly TodoItem[] =>
  settlement
    .settlements(by, mostLooked)
    .filter(
      ({ no, state, requestedAt }) =>
        (state === 'FAILED' || state === 'RETURNED') &&
        requestedAt >= clock.now() - 7 * dayMs &&
        isLeft(db, `${state === 'FAILED' ? 'unsettle' : 'settle-return'}:${no}`),
    )
    .map(({ no, state, reason, amountFen, endedAt, requestedAt }) =>
      item(
        'settlement',
        no,
        endedAt ?? requestedAt,
        state === 'RETURNED'
          ? [`结算退票: ${reasonWords(reason, 'zh')}`, `Settlement returned: ${reasonWords(reason, 'en')}`]
          : [`结算失败: ${reasonWords(reason, 'zh')}`, `Settlement failed: ${reasonWords(reason, 'en')}`],
        [
          '资金已退回可用余额，请核对结算账户后重新结算',
          'The money is available again; check the account, then settle again',
        ],
        amountFen,
      ),
    );

function ofSettlements(by: User, { settlement }: OtherDesks): readonly TodoItem[] {
  return [
    ...settlement
      .tickets(by)
      .filter(({ state }) => state === 'ANSWERED')
      .map(({ no, at, answer }) =>
        item(
          'ticket',
          no,
          at,
          [`上游已答复: ${answer ?? ''}`, `Upstream answered: ${answer ?? ''}`],
          ['请看答复，关闭工单', 'Read it, then close the ticket'],
        ),
      ),
    ...settlement
      .home(by)
      .clearingOverdue.map(({ batch, expected }) =>
        item(
          'clearing',
          batch,
          Date.parse(`${expected}T00:00:00+08:00`),
          [`批次${batch}应于${expected}清算`, `Batch ${batch} was to be cleared on ${expected}`],
          ['请联系上游', 'Contact upstream'],
        ),
      ),
  ];
}

function ofDifferences(by: User, { reconciliation }: OtherDesks): readonly TodoItem[] {
  const next: Words = mayDo(by, 'differences')
    ? ['请核查并说明', 'Examine and explain it']
    : ['请结算操作员核查', 'The settlement operator has to examine it'];
  const booked: Words = ['上游已裁定，余额足够后自动记账', 'Decided upstream; booked as soon as the balance allows'];
  return reconciliation
    .differences(by, true, mostLooked)
    .map(({ no, date, here, there, deltaFen, at, waits }) =>
      item(
        'difference',
        no,
        at,
        [
          `${date}对账差异: 本机${stateWords(here).zh}，上游${stateWords(there).zh}`,
          `Difference of ${date}: ${stateWords(here).en} here, ${stateWords(there).en} upstream`,
        ],
        waits ? booked : next,
        deltaFen,
      ),
    );
}

/** As long as nobody asked for the same again. */
function ofExports(by: User, { exports }: OtherDesks): readonly TodoItem[] {
  const all = exports.list(by, mostLooked);
  const asked = ({ kind, format, from, to, about }: ExportView) => [kind, format, from, to, about].join();
  return all
    .filter(
      (job, i) =>
        job.state === 'FAILED' &&
        !all.slice(0, i).some((later) => later.state !== 'FAILED' && asked(later) === asked(job)),
    )
    .map(({ id, name, at, problem }) =>
      item(
        'export',
        id,
        at,
        [`导出失败: ${name} ${problem ?? ''}`, `Export failed: ${name} ${problem ?? ''}`],
        ['请重新导出', 'Export it again'],
      ),
    );
}
