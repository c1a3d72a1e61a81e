import { SyncError } from '../errors.ts';
import type { Application } from '../protocol/merchant-data.ts';
import { type AccountBlock, openAccount } from '../protocol/sealing.ts';
import { receiveAccount, rejectAccount, verifyAccount } from './account-life.ts';
import { type AccountData, accountsOf, currentAccount, findAccount, maskNumber } from './accounts.ts';
import { type Asked, moveApplication, type Ruling } from './applications.ts';
import { isKnownBank } from './banks.ts';
import { isCardNumber } from './cards.ts';
import type { Host } from './host.ts';
import { readProfile } from './merchant-records.ts';
import { upstream } from './merchants.ts';
import { readParameters } from './parameters.ts';
import type { ApplicationTable } from './settlement-tables.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

type Wanted = Extract<Application, { kind: 'account' }>;

/**
 * The first settlement account of a merchant (B-009), or the repair of one that is in error (B-052): looked at, then decided by the rules or by a person. A later account comes only by
 * a settler change.
 */
export async function applyAccount(host: Host, trx: HostTrx, asked: Asked, wanted: Wanted): Promise<Ruling> {
  const { merchant } = asked.from;
  const obstacle = (await missingOf(trx, merchant, asked.now)) ?? (await obstacleOf(trx, merchant));
  if (obstacle !== null) return { refused: obstacle };
  const opened = open(host, asked.no, wanted);
  if (!opened) return { refused: 'ACCOUNT_INVALID' };
  const { name, bank, destination } = wanted;
  const account: AccountData = { name, bank, destination, number: opened.number };
  const parameters = await readParameters(trx, merchant);
  const byRules = parameters['host.accountDecision'] === 'auto';
  const errored = await currentAccount(trx, merchant);
  const version =
    errored?.number === account.number ? errored.version : await receiveAccount(trx, merchant, account, asked.now);
  return {
    accepted: {
      version,
      flaw: await flawOf(trx, merchant, account, opened.id),
      due_at: byRules ? asked.now + parameters['host.accountDelayMs'] : null,
      facts_json: JSON.stringify({ name, bank, destination, maskedNumber: maskNumber(opened.number) }),
    },
  };
}

/** What the merchant must do first (B-017, B-020, B-021). */
async function missingOf(trx: HostTrx, merchant: string, now: number): Promise<string | null> {
  const { agreement, agreementInForce, contact, mobile, idValidUntil } = await readProfile(trx, merchant);
  if (agreement !== agreementInForce) return 'AGREEMENT_REQUIRED';
  if (contact === null || mobile === null) return 'PROFILE_INCOMPLETE';
  return idValidUntil !== null && idValidUntil < shanghaiDay(now) ? 'ID_EXPIRED' : null;
}

async function obstacleOf(trx: HostTrx, merchant: string): Promise<string | null> {
  if ((await currentAccount(trx, merchant))?.state === 'ACTIVE') return 'ILLEGAL_STATE';
  return (await openApplication(trx, merchant)) ? 'APPLICATION_IN_REVIEW' : null;
}

/** The application that is looked at; of that version, where one is named. */
export async function openApplication(
  trx: HostTrx,
  merchant: string,
  version?: number,
): Promise<ApplicationTable | undefined> {
  const open = await trx
    .selectFrom('applications')
    .selectAll()
    .where((eb) => eb.and({ merchant, kind: 'account', state: 'ACCEPTED' }))
    .execute();
  return open.find((each) => version === undefined || each.version === version);
}

/** What was wrong with a block that does not open is neither answered nor logged: it may hold the number. */
function open(host: Host, no: string, { sealed }: Wanted): AccountBlock | null {
  try {
    return openAccount(sealed, no, host.opening);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    host.log('warn', 'host.account-block-does-not-open', { application: no, code: error.code });
    return null;
  }
}

/** The three factors name, identity and number (B-013); `id` null is good for a name without one. null: nothing is wrong. */
export async function flawOf(
  trx: HostTrx,
  merchant: string,
  { name, number, bank, destination = 'bank' }: AccountData,
  id: string | null,
): Promise<'ACCOUNT_INVALID' | 'ACCOUNT_NAME_MISMATCH' | null> {
  const fits = destination === 'bank' ? /^\d{8,32}$/ : /^[\w.@+-]{4,64}$/;
  if (name.trim() === '' || !fits.test(number) || !isKnownBank(bank, destination)) return 'ACCOUNT_INVALID';
  if (destination === 'bank' && /^\d{16,19}$/.test(number) && !isCardNumber(number)) return 'ACCOUNT_INVALID';
  if (id !== null && !/^[0-9A-Z]{15,20}$/i.test(id)) return 'ACCOUNT_INVALID';
  const people = await trx.selectFrom('people').selectAll().where('merchant', '=', merchant).execute();
  const named = people.filter((person) => person.name === name);
  if (named.length === 0) return 'ACCOUNT_NAME_MISMATCH';
  const isHis = named.some(({ id_no }) => id_no === null || id_no.toUpperCase() === id?.toUpperCase());
  return isHis ? null : 'ACCOUNT_INVALID';
}

/** Does what is due for an application: the rules decide. */
export async function moveDueApplication(host: Host, trx: HostTrx, application: ApplicationTable): Promise<void> {
  await decide(trx, application, { why: application.flaw, by: null }, host.clock.now());
}

/** What is wrong with it, null when it is good; and who says so, null: the rules. */
interface Verdict {
  readonly why: string | null;
  readonly by: string | null;
  readonly remark?: string | undefined;
}

/** A person's decision on the account version that is looked at. */
export async function decideAccount(
  host: Host,
  trx: HostTrx,
  merchant: string,
  version: number,
  verdict: Verdict,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const known = (await accountsOf(trx, merchant)).some((account) => account.version === version);
  if (!known) return 'NOT_FOUND';
  const application = await openApplication(trx, merchant, version);
  if (!application) return 'ILLEGAL_STATE';
  await decide(trx, application, verdict, host.clock.now());
  return 'done';
}

async function decide(trx: HostTrx, application: ApplicationTable, verdict: Verdict, now: number): Promise<void> {
  const { why, by, remark } = verdict;
  const { merchant } = application;
  const said = { by: by ?? upstream, now };
  const version = application.version ?? 0;
  if (why === null) {
    const { number } = await findAccount(trx, merchant, version);
    const wanted: Pick<AccountData, 'name' | 'bank' | 'destination'> = JSON.parse(application.facts_json);
    await verifyAccount(trx, merchant, { ...wanted, number }, said, version);
  } else await rejectAccount(trx, merchant, version, why, said);
  const state = why === null ? 'DONE' : 'REFUSED';
  await moveApplication(
    trx,
    application,
    { state, reason: why, decided_by: by, due_at: null, ended_at: now },
    now,
    remark,
  );
}
