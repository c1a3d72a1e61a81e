import { accountsOf, maskAccount } from '../accounts.ts';
import { readProfile, readUsers } from '../merchant-records.ts';
import { findMerchant } from '../merchants.ts';
import { forTerminal, type HostParameters, readParameters } from '../parameters.ts';
import { maskedTo } from '../send-letters.ts';
import type { HostTrx } from '../store.ts';
import { billsView, differencesView, mirrorView } from './bill-views.ts';
import { settlementsView, ticketsView } from './settlement-views.ts';

/** What reviewers see, view by view: plain JSON, the newest first and at most 200 of each, account numbers and addresses masked. `waits`: somebody has to do something. */

const most = 200;

const views = {
  overview,
  settlements: settlementsView,
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
  const terminals = await trx
    .selectFrom('terminals')
    .select('terminal')
    .where('merchant', '=', merchant)
    .orderBy('terminal')
    .execute();
  const waiting = async (name: 'settlements' | 'accounts' | 'applications' | 'tickets' | 'differences' | 'mirror') => {
    const { rows } = await views[name](trx, merchant);
    return rows.filter(({ waits }) => waits).length;
  };
  return {
    merchant,
    name: row?.name ?? '',
    terminals: terminals.map(({ terminal }) => terminal),
    waits: {
      settlements: await waiting('settlements'),
      accounts: await waiting('accounts'),
      applications: await waiting('applications'),
      tickets: await waiting('tickets'),
      differences: await waiting('differences'),
      mirror: await waiting('mirror'),
    },
  };
}

async function accounts(trx: HostTrx, merchant: string) {
  const asked = await trx
    .selectFrom('applications')
    .select(['version', 'flaw', 'terminal', 'by_actor', 'at'])
    .where((eb) => eb.and({ merchant, kind: 'account', state: 'ACCEPTED' }))
    .execute();
  const rows = (await accountsOf(trx, merchant)).reverse().map((account) => {
    const application = asked.find(({ version }) => version === account.version);
    return {
      ...maskAccount(account),
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
  const found = await trx
    .selectFrom('applications')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .limit(most)
    .execute();
  const { address } = await readProfile(trx, merchant);
  const rows = found.map(({ terminal, no, kind, by_actor: by, state, stage, reason, facts_json, at }) => ({
    terminal,
    no,
    kind,
    by,
    state,
    stage,
    reason,
    facts: JSON.parse(facts_json) as unknown,
    at,
    waits: kind === 'paper-statement' && state === 'ACCEPTED',
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
  const found = await trx
    .selectFrom('outgoing')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .limit(most)
    .execute();
  const rows = found.map((letter) => {
    const { terminal, no, kind, channel, text, state, attempts, reason, due_at: dueAt, at } = letter;
    return { terminal, no, kind, channel, text, to: maskedTo(letter), state, attempts, reason, dueAt, at };
  });
  return { rows };
}
