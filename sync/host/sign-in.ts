import type { SignInRequest } from '../protocol/requests.ts';
import type { Reply } from './answers.ts';
import { currentBatch, openBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { Host } from './host.ts';
import { renewCalendarOfYear, sendMerchantData } from './merchant-records.ts';
import { findMerchant } from './merchants.ts';
import { forTerminal, readParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';

/**
 * 签到: the open batch, opened now if there is none, and what the terminal must know of its merchant. Answered afresh each time: asked
 * twice it opens nothing twice, and its id (a STAN) may come again after a million requests.
 */
export async function signIn(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: SignInRequest,
): Promise<Reply | null> {
  const now = host.clock.now();
  await renewCalendarOfYear(trx, from.merchant, now);
  const merchant = await findMerchant(trx, from.merchant);
  if (!merchant) return null;
  const batch = (await currentBatch(trx, from)) ?? (await openBatch(trx, from, now));
  await sendMerchantData(trx, from, now);
  const parameters = forTerminal(await readParameters(trx, from.merchant));
  return {
    answer: {
      kind: 'sign-in',
      stan: request.stan,
      code: '00',
      batch,
      rev: merchant.rev,
      merchantName: merchant.name,
      parameters,
      hostTime: now,
    },
    notBefore: now + (host.faults.take('delay-answer', 'sign-in')?.ms ?? 0),
    silent: false,
  };
}
