import * as v from 'valibot';
import {
  type CalendarRecord,
  calendarRecord,
  type MerchantData,
  type ModeRecord,
  modeRecord,
  type ProfileRecord,
  profileRecord,
  type UserRecord,
  userRecord,
} from '../protocol/merchant-data.ts';
import { findAccount, maskAccount } from './accounts.ts';
import type { TerminalRef } from './business.ts';
import { builtInCalendar } from './calendar.ts';
import { moveClearings } from './move-clearings.ts';
import { forTerminal, readParameters } from './parameters.ts';
import { sendDown } from './send-down.ts';
import type { MerchantRecordTable, RecordLogTable } from './settlement-tables.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** The records of a merchant that its terminals hold a copy of. Each change is a new `rev` of the merchant and goes to every terminal, and only what changed goes. */

type Kind = MerchantRecordTable['kind'];

export type RecordChange =
  /** What they hold stands in tables of their own. */
  | { readonly kind: 'account'; readonly key: string }
  | { readonly kind: 'parameters' }
  | { readonly kind: 'mode'; readonly record: ModeRecord }
  | { readonly kind: 'profile'; readonly record: ProfileRecord }
  | { readonly kind: 'calendar'; readonly record: CalendarRecord }
  | { readonly kind: 'user'; readonly record: UserRecord };

/** Changes records under one new rev and queues them for every terminal, in the caller's transaction. `by`: `U` for upstream's own decision. */
export async function changeRecords(
  trx: HostTrx,
  merchant: string,
  changes: readonly RecordChange[],
  by: string,
  now: number,
): Promise<void> {
  const { rev } = await trx
    .updateTable('merchants')
    .set((eb) => ({ rev: eb('rev', '+', 1) }))
    .where('merchant', '=', merchant)
    .returning('rev')
    .executeTakeFirstOrThrow();
  for (const change of changes) await writeRecord(trx, { merchant, rev, by_actor: by, at: now }, change);
  for (const change of changes) if (change.kind === 'calendar') await moveClearings(trx, merchant, change.record);
  for (const terminal of await terminalsOf(trx, merchant)) await sendMerchantData(trx, terminal, now);
}

export async function terminalsOf(trx: HostTrx, merchant: string): Promise<TerminalRef[]> {
  return trx
    .selectFrom('terminals')
    .select(['merchant', 'terminal'])
    .where('merchant', '=', merchant)
    .orderBy('terminal')
    .execute();
}

async function writeRecord(
  trx: HostTrx,
  head: Pick<MerchantRecordTable, 'merchant' | 'rev' | 'by_actor' | 'at'>,
  change: RecordChange,
): Promise<void> {
  const key = keyOf(change);
  const record_json = 'record' in change ? JSON.stringify(change.record) : null;
  const { merchant, rev, by_actor, at } = head;
  const line = { merchant, kind: change.kind, key, at, by_actor };
  if ('record' in change) {
    const before = (await findRecord(trx, merchant, change.kind, key))?.record_json ?? 'null';
    await logChange(trx, line, JSON.parse(before), change.record);
  } else if (change.kind === 'account') {
    await logChange(trx, line, null, maskAccount(await findAccount(trx, merchant, Number(key))));
  }
  await trx
    .insertInto('merchant_records')
    .values({ ...head, kind: change.kind, key, record_json })
    .onConflict((oc) => oc.columns(['merchant', 'kind', 'key']).doUpdateSet({ rev, by_actor, at, record_json }))
    .execute();
}

function keyOf(change: RecordChange): string {
  if (change.kind === 'user') return change.record.login;
  return change.kind === 'account' ? change.key : '';
}

/** What a change was (B-007); `from` is null when there was nothing. */
export async function logChange(
  trx: HostTrx,
  line: Pick<RecordLogTable, 'merchant' | 'kind' | 'key' | 'at' | 'by_actor'>,
  from: unknown,
  to: unknown,
): Promise<void> {
  const last = await trx
    .selectFrom('record_log')
    .select((eb) => eb.fn.max('n').as('n'))
    .where('merchant', '=', line.merchant)
    .executeTakeFirst();
  const n = Number(last?.n ?? 0) + 1;
  const from_json = from === null ? null : JSON.stringify(from);
  await trx
    .insertInto('record_log')
    .values({ ...line, n, from_json, to_json: JSON.stringify(to) })
    .execute();
}

async function findRecord(
  trx: HostTrx,
  merchant: string,
  kind: Kind,
  key: string,
): Promise<MerchantRecordTable | undefined> {
  return trx
    .selectFrom('merchant_records')
    .selectAll()
    .where((eb) => eb.and({ merchant, kind, key }))
    .executeTakeFirst();
}

async function readRecord<S extends v.GenericSchema>(
  trx: HostTrx,
  merchant: string,
  kind: Kind,
  schema: S,
): Promise<v.InferOutput<S>> {
  const row = await findRecord(trx, merchant, kind, '');
  return v.parse(schema, JSON.parse(row?.record_json ?? 'null'));
}

export const readMode = (trx: HostTrx, merchant: string) => readRecord(trx, merchant, 'mode', modeRecord);
export const readCalendar = (trx: HostTrx, merchant: string) => readRecord(trx, merchant, 'calendar', calendarRecord);

/** `advance` is what the parameters say: cards clear in the answer (B-006). */
export async function readProfile(trx: HostTrx, merchant: string): Promise<ProfileRecord> {
  const stored = await readRecord(trx, merchant, 'profile', profileRecord);
  const parameters = await readParameters(trx, merchant);
  return { ...stored, advance: parameters['settle.cardCycle'] === 'real-time' };
}

/** A profile with what `change` names. */
export function changedProfile(
  before: ProfileRecord,
  change: { readonly [K in keyof ProfileRecord]?: ProfileRecord[K] | undefined },
): ProfileRecord {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(named) };
}

export async function readUsers(trx: HostTrx, merchant: string): Promise<UserRecord[]> {
  const rows = await trx
    .selectFrom('merchant_records')
    .select('record_json')
    .where((eb) => eb.and({ merchant, kind: 'user' }))
    .orderBy('key')
    .execute();
  return rows.map((row) => v.parse(userRecord, JSON.parse(row.record_json ?? 'null')));
}

/** The calendar that is built in moves on with what is published; one that upstream set stays. */
export async function renewCalendar(trx: HostTrx, merchant: string, now: number): Promise<void> {
  const row = await findRecord(trx, merchant, 'calendar', '');
  const record = builtInCalendar(now);
  if (row?.by_actor !== 'SYS' || row.record_json === JSON.stringify(record)) return;
  await changeRecords(trx, merchant, [{ kind: 'calendar', record }], 'SYS', now);
}

/** The same while the host runs, when a year has begun since: its days take a while to count. */
export async function renewCalendarOfYear(trx: HostTrx, merchant: string, now: number): Promise<void> {
  const row = await findRecord(trx, merchant, 'calendar', '');
  if (row && shanghaiDay(row.at).slice(0, 4) !== shanghaiDay(now).slice(0, 4)) await renewCalendar(trx, merchant, now);
}

/** Queues for a terminal the records that changed since it was sent some. `again`: all of them, for a database that may have none; it tells one such time from another. */
export async function sendMerchantData(trx: HostTrx, to: TerminalRef, now: number, again?: string): Promise<void> {
  const terminal = await trx
    .selectFrom('terminals')
    .innerJoin('merchants', 'merchants.merchant', 'terminals.merchant')
    .select(['sent_rev', 'rev'])
    .where((eb) => eb.and({ 'terminals.merchant': to.merchant, terminal: to.terminal }))
    .executeTakeFirst();
  if (!terminal || (again === undefined && terminal.sent_rev >= terminal.rev)) return;
  const records = await trx
    .selectFrom('merchant_records')
    .selectAll()
    .where('merchant', '=', to.merchant)
    .where('rev', '>', again === undefined ? terminal.sent_rev : 0)
    .orderBy('rev')
    .orderBy('kind')
    .orderBy('key')
    .execute();
  for (const record of records) {
    const no = [record.kind, record.key, record.rev, again]
      .filter((part) => part !== '' && part !== undefined)
      .join(':');
    const body = await bodyOf(trx, record, { no, at: now, rev: record.rev });
    await sendDown(trx, to, { kind: 'merchant-data', id: no, body });
  }
  await trx
    .updateTable('terminals')
    .set({ sent_rev: terminal.rev })
    .where((eb) => eb.and({ merchant: to.merchant, terminal: to.terminal }))
    .execute();
}

async function bodyOf(
  trx: HostTrx,
  { merchant, kind, key, record_json }: MerchantRecordTable,
  head: Pick<MerchantData, 'no' | 'at' | 'rev'>,
): Promise<MerchantData> {
  const stored: unknown = JSON.parse(record_json ?? 'null');
  switch (kind) {
    case 'account':
      return { ...head, kind, record: maskAccount(await findAccount(trx, merchant, Number(key))) };
    case 'parameters':
      return { ...head, kind, record: forTerminal(await readParameters(trx, merchant)) };
    case 'mode':
      return { ...head, kind, record: v.parse(modeRecord, stored) };
    case 'profile':
      return { ...head, kind, record: await readProfile(trx, merchant) };
    case 'calendar':
      return { ...head, kind, record: v.parse(calendarRecord, stored) };
    case 'user':
      return { ...head, kind, record: v.parse(userRecord, stored) };
  }
}
