import type { SignOffRequest } from '../protocol/requests.ts';
import type { Reply } from './answers.ts';
import { currentBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** 签退: 12 while the open batch has something in it; an empty one stays open for the next sign-in. Answered afresh each time. */
export async function signOff(trx: HostTrx, from: TerminalRef, request: SignOffRequest): Promise<Reply> {
  const batch = await currentBatch(trx, from);
  const code = batch !== null && (await hasRecords(trx, from, batch)) ? '12' : '00';
  return { answer: { kind: 'sign-off', stan: request.stan, code }, notBefore: 0, silent: false };
}

async function hasRecords(trx: HostTrx, from: TerminalRef, batch: string): Promise<boolean> {
  const approval = await trx
    .selectFrom('approvals')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where('state', 'in', ['APPROVED', 'CLEARED', 'VOIDED'])
    .limit(1)
    .executeTakeFirst();
  const refund = await trx
    .selectFrom('refunds')
    .select('no')
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where('state', '!=', 'REFUSED')
    .limit(1)
    .executeTakeFirst();
  return approval !== undefined || refund !== undefined;
}
