import { accountsOf, maskAccount } from './accounts.ts';
import { readCalendar, readMode, readProfile, readUsers } from './merchant-records.ts';
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
    settlements: await settlements(trx, merchant),
    tickets: await tickets(trx, merchant),
    statements: await statements(trx, merchant),
  };
}

/** As much as one looks at; the newest first. */
const mostRows = 200;

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
  const rows = await trx
    .selectFrom('applications')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .orderBy('no', 'desc')
    .limit(mostRows)
    .execute();
  return rows.map(({ merchant: _, fingerprint: __, facts_json, by_actor: by, due_at: dueAt, ended_at, ...row }) => ({
    ...row,
    by,
    facts: JSON.parse(facts_json),
    dueAt,
    endedAt: ended_at,
  }));
}

async function settlements(trx: HostTrx, merchant: string) {
  const rows = await trx
    .selectFrom('settlements')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('received_at', 'desc')
    .orderBy('no', 'desc')
    .limit(mostRows)
    .execute();
  return rows.map((row) => ({
    terminal: row.terminal,
    no: row.no,
    by: row.by_actor,
    mode: row.mode,
    cut: row.cut,
    amountFen: row.amount_fen,
    serviceFeeFen: row.service_fee_fen,
    accountVersion: row.account_version,
    state: row.state,
    reason: row.reason,
    hostRef: row.host_ref,
    transferRef: row.transfer_ref,
    valueDate: row.value_date,
    checked: row.checked === 1,
    at: row.received_at,
  }));
}

async function tickets(trx: HostTrx, merchant: string) {
  const rows = await trx
    .selectFrom('tickets')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .orderBy('no', 'desc')
    .limit(mostRows)
    .execute();
  return rows.map(({ merchant: _, by_actor: by, answered_by, answered_at, closed_at, ...row }) => ({
    ...row,
    by,
    answeredBy: answered_by,
    answeredAt: answered_at,
    closedAt: closed_at,
  }));
}

async function statements(trx: HostTrx, merchant: string) {
  const rows = await trx
    .selectFrom('statements')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .orderBy('no', 'desc')
    .limit(mostRows)
    .execute();
  return rows.map(({ terminal, no, settlement, channel, at, facts_json }) => ({
    terminal,
    no,
    settlement,
    channel,
    at,
    facts: JSON.parse(facts_json),
  }));
}
