import * as v from 'valibot';
import { accountsOf, maskAccount } from '../accounts.ts';
import { readProfile, readUsers, terminalsOf } from '../merchant-records.ts';
import { findMerchant } from '../merchants.ts';
import { forTerminal, type HostParameters, readParameters } from '../parameters.ts';
import { newestOf } from '../report-rows.ts';
import { maskedTo } from '../send-letters.ts';
import type { HostTrx } from '../store.ts';
import { batchesView, countInError, countUnseen, rowsView } from './batch-views.ts';
import { billsView, differencesView, mirrorView } from './bill-views.ts';
import { countWaiting, listNames, listOf } from './listed.ts';
import { refundsView, riskView } from './risk-views.ts';
import { settlementsView, ticketsView } from './settlement-views.ts';

/** What reviewers see, view by view: plain JSON, at most 200 rows of each, what waits for somebody (`waits`) first, then the newest; account numbers and addresses masked. */

const views = {
  overview,
  settlements: settlementsView,
  refunds: refundsView,
  batches: batchesView,
  risk: riskView,
  rows: rowsView,
  accounts,
  applications,
  tickets: ticketsView,
  bills: billsView,
  differences: differencesView,
  parameters,
  users: async (trx: HostTrx, merchant: string) => ({ rows: await readUsers(trx, merchant) }),
  letters,
  mirror: mirrorView,
} as const;

export type ViewName = keyof typeof views;

export const isView = (name: string): name is ViewName => Object.hasOwn(views, name);

export const readView = (name: ViewName, trx: HostTrx, merchant: string): Promise<object> => views[name](trx, merchant);

/** Whose desk it is, and how much waits in each view. */
async function overview(trx: HostTrx, merchant: string) {
  const row = await findMerchant(trx, merchant);
  const terminals = await terminalsOf(trx, merchant);
  const waits: Partial<Record<ViewName, number>> = {
    batches: await countInError(trx, merchant),
    rows: await countUnseen(trx, merchant),
  };
  for (const name of listNames) waits[name] = await countWaiting(trx, merchant, name);
  return { merchant, name: row?.name ?? '', terminals: terminals.map(({ terminal }) => terminal), waits };
}

const factsOfAccount = v.object({
  name: v.string(),
  bank: v.string(),
  destination: v.picklist(['bank', 'payment']),
  maskedNumber: v.string(),
});

/** A version that is looked at shows what was applied for: that is what is verified. */
async function accounts(trx: HostTrx, merchant: string) {
  const asked = await trx
    .selectFrom('applications')
    .select(['version', 'flaw', 'terminal', 'by_actor', 'facts_json', 'at'])
    .where((eb) => eb.and({ merchant, kind: 'account', state: 'ACCEPTED' }))
    .execute();
  const rows = (await accountsOf(trx, merchant)).reverse().map((account) => {
    const application = asked.find(({ version }) => version === account.version);
    return {
      ...maskAccount(account),
      ...(application && v.parse(factsOfAccount, JSON.parse(application.facts_json))),
      terminal: application?.terminal ?? '',
      by: application?.by_actor ?? '',
      at: application?.at ?? null,
      flaw: application?.flaw ?? null,
      waits: application !== undefined,
    };
  });
  return { rows };
}

async function applications(trx: HostTrx, merchant: string) {
  const found = await listOf(trx, merchant, 'applications');
  const { address } = await readProfile(trx, merchant);
  const rows = found.map((row) => ({
    terminal: row.terminal,
    no: row.no,
    kind: row.kind,
    by: row.by_actor,
    state: row.state,
    stage: row.stage,
    reason: row.reason,
    decidedBy: row.decided_by,
    facts: JSON.parse(row.facts_json) as unknown,
    at: row.at,
    waits: row.waits,
  }));
  return { rows, address };
}

async function parameters(trx: HostTrx, merchant: string) {
  const all: HostParameters = await readParameters(trx, merchant);
  const sent = forTerminal(all);
  const rows = Object.entries(all).map(([name, value]) => ({ name, value, sent: Object.hasOwn(sent, name) }));
  return { rows: rows.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

async function letters(trx: HostTrx, merchant: string) {
  const found = await newestOf(trx, merchant, 'outgoing', 'at');
  const rows = found.map((letter) => {
    const { terminal, no, kind, channel, text, state, attempts, reason, due_at: dueAt, at } = letter;
    return { terminal, no, kind, channel, text, to: maskedTo(letter), state, attempts, reason, dueAt, at };
  });
  return { rows };
}
