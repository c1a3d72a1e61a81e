import * as v from 'valibot';
import type { Application } from '../protocol/merchant-data.ts';
import type { Asked, Ruling } from './applications.ts';
import { emailAddress, mobileNumber } from './contacts.ts';
import { changedProfile, changeRecords, readProfile } from './merchant-records.ts';
import type { HostTrx } from './store.ts';

type Change = Extract<Application, { kind: 'profile' }>['change'];

/** Contacts, agreement, reminder (B-015, B-017, B-020): what is not named stays. An agreement can only be accepted as it is in force. */
export async function applyProfile(trx: HostTrx, { from, by, now }: Asked, change: Change): Promise<Ruling> {
  const before = await readProfile(trx, from.merchant);
  if (!isNothingOr(emailAddress, change.email)) return { refused: 'INVALID_CONTACT' };
  if (!isNothingOr(mobileNumber, change.mobile)) return { refused: 'INVALID_MOBILE' };
  if (change.agreement !== undefined && change.agreement !== before.agreementInForce) {
    return { refused: 'AGREEMENT_REQUIRED' };
  }
  await changeRecords(trx, from.merchant, [{ kind: 'profile', record: changedProfile(before, change) }], by, now);
  return { done: true };
}

const isNothingOr = (schema: v.GenericSchema, value: string | null | undefined): boolean =>
  value === null || value === undefined || v.is(schema, value);
