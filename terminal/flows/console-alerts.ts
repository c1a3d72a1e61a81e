import type { ErrorCode } from '../base/error-table.ts';
import type { Details } from '../base/errors.ts';
import { errorBody, errorText } from '../base/errors.ts';
import { needingHuman, reversalsDue } from '../payments/queries.ts';
import { countDifferences } from '../settlement/reconcile-store.ts';
import type { User } from '../users/user.ts';
import type { Alert } from './console-desk.ts';
import { quickChecks } from './doctor.ts';
import { mirrorDiffers } from './mirror.ts';
import type { ReconciliationDesk } from './reconciliation-desk.ts';
import type { Check } from './self-check-line.ts';
import { sysObstacle } from './settle-as-sys.ts';
import type { SettlementHome } from './settlement-desk.ts';
import type { World } from './world.ts';

/** A reversal is delivered within seconds; one that is this old has trouble. */
const oldReversalMs = 5 * 60_000;

/** What somebody should see to, on the page where it is dealt with. */
export function alerts(
  world: World,
  by: User,
  home: SettlementHome,
  reconciliation: ReconciliationDesk,
): readonly Alert[] {
  return [
    ...quickChecks(world).flatMap((check) => ofCheck(world, check)),
    ...ofSettlement(home),
    ...ofSys(world),
    ...ofReconciliation(world, by, reconciliation),
    ...ofMirror(world),
  ];
}

const pages: Readonly<Record<string, Alert['page']>> = {
  batch: 'batches',
  reversals: 'todo',
  outbox: 'todo',
};

function ofCheck(world: World, { name, state, zh, en, detail }: Check): readonly Alert[] {
  if (state === 'ok' || state === 'unknown') return [];
  if (name === 'reversals' && !hasOldReversal(world)) return [];
  const figures = detail === undefined ? '' : ` (${detail})`;
  const level = state === 'warn' ? 'warning' : 'error';
  return [
    {
      level,
      code: name.toUpperCase(),
      zh: `${zh}${figures}`,
      en: `${en}${figures}`,
      page: pages[name] ?? 'devices',
    },
  ];
}

const hasOldReversal = ({ db, clock }: World): boolean =>
  needingHuman(db).length > 0 || reversalsDue(db).some(({ createdAt }) => clock.now() - createdAt > oldReversalMs);

const ofCode = (level: Alert['level'], page: Alert['page'], code: ErrorCode, details: Details = {}): Alert => ({
  level,
  code,
  zh: errorText(code, details, 'zh'),
  en: errorText(code, details, 'en'),
  page,
});

const ofSettlement = ({ account, clearingOverdue }: SettlementHome): readonly Alert[] => [
  ...(account?.state === 'ERRORED'
    ? [ofCode('error', 'settlement', 'SETTLE_ACCOUNT_ERRORED', { account: account.maskedNumber })]
    : []),
  ...clearingOverdue.map(({ batch, expected }) =>
    ofCode('error', 'settlement', 'CLEARING_OVERDUE', { no: batch, value: expected }),
  ),
];

/** What is due and can not be settled by itself (B-004); of an account in error the home page tells (B-052). */
function ofSys(world: World): readonly Alert[] {
  const stops = sysObstacle(world);
  if (!stops || stops.code === 'SETTLE_ACCOUNT_ERRORED') return [];
  const { code, zh, en } = errorBody(stops);
  return [
    {
      level: 'error',
      code,
      zh: `到期的结算未能自动进行：${zh}`,
      en: `A settlement is due and can not be made: ${en}`,
      page: 'settlement',
    },
  ];
}

function ofReconciliation(world: World, by: User, desk: ReconciliationDesk): readonly Alert[] {
  const open = countDifferences(world.db);
  const blocked = desk.runs(by, 14).filter(({ state }) => state === 'BLOCKED');
  return [
    ...blocked.map(
      ({ date }): Alert => ({
        level: 'error',
        code: 'BILL_BLOCKED',
        zh: `${date}的账单不能用，对账停住`,
        en: `The bill of ${date} can not be used; reconciliation waits`,
        page: 'reconciliation',
      }),
    ),
    ...(open === 0
      ? []
      : [
          {
            level: 'warning' as const,
            code: 'DIFFERENCES',
            zh: `有${open}笔对账差异待处理`,
            en: `${open} differences are to be dealt with`,
            page: 'reconciliation' as const,
          },
        ]),
  ];
}

/** The host's mirror of this book says something else: it takes no instruction before people have looked. */
function ofMirror({ db }: World): readonly Alert[] {
  if (!mirrorDiffers(db)) return [];
  return [
    {
      level: 'error',
      code: 'MIRROR_DIFFERS',
      zh: '主机镜像与本机账本不符，资金功能停用，请联系上游',
      en: "The host's mirror differs from this book; no money moves; contact upstream",
      page: 'reconciliation',
    },
  ];
}
