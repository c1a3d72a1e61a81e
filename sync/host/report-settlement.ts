import { accountsOf, maskAccount } from './accounts.ts';
import { readCalendar, readMode, readProfile, readUsers } from './merchant-records.ts';
import { mostRows, newestOf } from './report-rows.ts';
import { settlementFacts } from './settlement-facts.ts';
import type { HostTrx } from './store.ts';

/** Everything about a merchant's settlements that people at the host decide on or look up: over all its terminals, no whole account number. */
export async function settlementReport(trx: HostTrx, merchant: string) {
  return {
    accounts: (await accountsOf(trx, merchant)).map(maskAccount),
    people: await trx.selectFrom('people').select(['role', 'name']).where('merchant', '=', merchant).execute(),
    mode: await readMode(trx, merchant),
    profile: await readProfile(trx, merchant),
    calendar: await readCalendar(trx, merchant),
    users: await readUsers(trx, merchant),
    log: await log(trx, merchant),
    applications: await applications(trx, merchant),
    settlements: (await newestOf(trx, merchant, 'settlements', 'received_at')).map(settlementFacts),
    tickets: await tickets(trx, merchant),
    statements: await statements(trx, merchant),
  };
}

async function log(trx: HostTrx, merchant: string) {
  const rows = await trx
    .selectFrom('record_log')
    .selectAll()
    .where('merchant', '=', merchant)
    .where('kind', '!=', 'calendar')
    .orderBy('n', 'desc')
    .limit(mostRows)
    .execute();
  return rows.map(({ kind, key, at, by_actor: by, from_json, to_json }) => ({
    kind,
    key,
    at,
    by,
    from: from_json === null ? null : JSON.parse(from_json),
    to: JSON.parse(to_json),
  }));
}

async function applications(trx: HostTrx, merchant: string) {
  const rows = await newestOf(trx, merchant, 'applications', 'at');
  return rows.map(
    ({ merchant: _, fingerprint: __, facts_json, by_actor: by, decided_by, due_at: dueAt, ended_at, ...row }) => ({
      ...row,
      by,
      decidedBy: decided_by,
      facts: JSON.parse(facts_json),
      dueAt,
      endedAt: ended_at,
    }),
  );
}

async function tickets(trx: HostTrx, merchant: string) {
  const rows = await newestOf(trx, merchant, 'tickets', 'at');
  return rows.map(({ merchant: _, by_actor: by, answered_by, answered_at, closed_at, ...row }) => ({
    ...row,
    by,
    answeredBy: answered_by,
    answeredAt: answered_at,
    closedAt: closed_at,
  }));
}

async function statements(trx: HostTrx, merchant: string) {
  const rows = await newestOf(trx, merchant, 'statements', 'at');
  return rows.map(({ merchant: _, facts_json, ...row }) => ({ ...row, facts: JSON.parse(facts_json) }));
}
