import type { ModeRecord, ProfileRecord } from '../protocol/merchant-data.ts';
import { type AccountData, addAccount } from './accounts.ts';
import type { TerminalRef } from './business.ts';
import { builtInCalendar } from './calendar.ts';
import {
  changedProfile,
  changeRecords,
  logChange,
  type RecordChange,
  readProfile,
  renewCalendar,
} from './merchant-records.ts';
import { type ParameterName, readParameters } from './parameters.ts';
import type { PersonTable } from './settlement-tables.ts';
import type { HostTrx } from './store.ts';

/** What upstream knows of a merchant: its terminals, parameters, settlement account versions and records, all under one `rev`. */

export interface Person {
  readonly role: PersonTable['role'];
  readonly name: string;
  readonly id?: string | null | undefined;
}

export interface MerchantSetUp {
  readonly number: string;
  readonly name: string;
  /** null: it applies for its first one (B-009). */
  readonly account: AccountData | null;
  readonly parameters: Readonly<Partial<Record<ParameterName, unknown>>>;
  readonly terminals: readonly string[];
  /** Number of the first batch of a new terminal. */
  readonly firstBatch: string;
  /** Whose account it may be, beside the merchant's own. */
  readonly people?: readonly Person[];
  readonly mode?: ModeRecord | undefined;
  readonly profile?: { readonly [K in keyof ProfileRecord]?: ProfileRecord[K] | undefined } | undefined;
}

/** The agreement that a merchant accepted by registering. */
const agreement = '2026-01';

const newProfile: ProfileRecord = {
  email: null,
  mobile: null,
  address: null,
  contact: null,
  idValidUntil: null,
  agreement,
  agreementInForce: agreement,
  remindFromFen: 0,
  advance: false,
};

/** Registers a merchant and its terminals; what is registered already stays as the host's own decisions left it. */
export async function registerMerchant(trx: HostTrx, setUp: MerchantSetUp, now: number): Promise<void> {
  const merchant = setUp.number;
  const changes: RecordChange[] = [];
  if (!(await findMerchant(trx, merchant))) {
    await trx.insertInto('merchants').values({ merchant, name: setUp.name, rev: 0 }).execute();
    for (const [name, value] of Object.entries(setUp.parameters)) await writeParameter(trx, merchant, name, value);
    changes.push({ kind: 'parameters' });
    if (setUp.account) {
      const version = await addAccount(trx, merchant, setUp.account, 'ACTIVE');
      changes.push({ kind: 'account', key: String(version) });
    }
  }
  changes.push(...(await missingRecords(trx, setUp, now)));
  if (changes.length > 0) await changeRecords(trx, merchant, changes, 'SYS', now);
  await renewCalendar(trx, merchant, now);
  const own: Person = { role: 'merchant', name: setUp.name };
  for (const person of [own, ...(setUp.people ?? [])]) await registerPerson(trx, merchant, person);
  for (const terminal of setUp.terminals) {
    await trx
      .insertInto('terminals')
      .values({ merchant, terminal, next_batch: setUp.firstBatch, sent_rev: 0 })
      .onConflict((oc) => oc.columns(['merchant', 'terminal']).doNothing())
      .execute();
  }
}

/** What a merchant begins with (B-002), or gets when it was registered by an older program. */
async function missingRecords(trx: HostTrx, setUp: MerchantSetUp, now: number): Promise<RecordChange[]> {
  const there = await trx.selectFrom('merchant_records').select('kind').where('merchant', '=', setUp.number).execute();
  const kinds = new Set(there.map(({ kind }) => kind));
  const first: readonly RecordChange[] = [
    { kind: 'mode', record: setUp.mode ?? { mode: 'AUTO', cycle: { every: 'DAILY' } } },
    { kind: 'profile', record: changedProfile(newProfile, setUp.profile ?? {}) },
    { kind: 'calendar', record: builtInCalendar(now) },
  ];
  return first.filter(({ kind }) => !kinds.has(kind));
}

/** Whose name and identity an account may have (B-013). One that is there stays. */
async function registerPerson(trx: HostTrx, merchant: string, { role, name, id = null }: Person): Promise<void> {
  await trx
    .insertInto('people')
    .values({ merchant, role, name, id_no: id })
    .onConflict((oc) => oc.columns(['merchant', 'role']).doNothing())
    .execute();
}

/** Upstream registered another one in this role. */
export async function setPerson(trx: HostTrx, merchant: string, { role, name, id = null }: Person): Promise<void> {
  await trx
    .insertInto('people')
    .values({ merchant, role, name, id_no: id })
    .onConflict((oc) => oc.columns(['merchant', 'role']).doUpdateSet({ name, id_no: id }))
    .execute();
}

export async function findMerchant(trx: HostTrx, merchant: string) {
  return trx.selectFrom('merchants').selectAll().where('merchant', '=', merchant).executeTakeFirst();
}

export async function findTerminal(trx: HostTrx, from: TerminalRef) {
  return trx
    .selectFrom('terminals')
    .selectAll()
    .where((eb) => eb.and({ merchant: from.merchant, terminal: from.terminal }))
    .executeTakeFirst();
}

/** Who decides when nobody is named. */
export const upstream = 'U';

export async function setParameter(
  trx: HostTrx,
  merchant: string,
  change: { readonly name: ParameterName; readonly value: unknown; readonly by: string },
  now: number,
): Promise<void> {
  const { name, value, by } = change;
  const from = (await readParameters(trx, merchant))[name];
  await logChange(trx, { merchant, kind: 'parameters', key: name, at: now, by_actor: by }, from, value);
  await writeParameter(trx, merchant, name, value);
  const changes: RecordChange[] = [{ kind: 'parameters' }];
  // The profile tells that cards clear at once.
  if (name === 'settle.cardCycle') changes.push({ kind: 'profile', record: await readProfile(trx, merchant) });
  await changeRecords(trx, merchant, changes, by, now);
}

async function writeParameter(trx: HostTrx, merchant: string, name: string, value: unknown): Promise<void> {
  const value_json = JSON.stringify(value);
  await trx
    .insertInto('parameters')
    .values({ merchant, name, value_json })
    .onConflict((oc) => oc.columns(['merchant', 'name']).doUpdateSet({ value_json }))
    .execute();
}
