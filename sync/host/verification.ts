import type { OtpSendAnswer, OtpSendRequest, SaleRequest, Verification } from '../protocol/card-requests.ts';
import type { Reply } from './answers.ts';
import { findApproval, isBarred } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import type { VerificationTable } from './following-tables.ts';
import { type Host, owner } from './host.ts';
import { type HostParameters, readParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';

/** 短信验证, 微信验证 (B-023). The simulated customer is always sent the same code. */
export const simulatedOtp = '246810';

export type Verified = 'verified' | 'no-tries-left' | Verification;

/** Sends the code when it is asked for the first time, then checks what the customer says. */
export async function verify(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: Pick<SaleRequest, 'payment' | 'otp'>,
  parameters: HostParameters,
): Promise<Verified> {
  const { payment, otp } = request;
  const now = host.clock.now();
  const sent = (await find(trx, from, payment)) ?? (await start(trx, from, payment, now, parameters));
  if (sent.tries_left === 0) return 'no-tries-left';
  if (otp === undefined) return asked(sent, null);
  if (now >= sent.expires_at) return asked(sent, 'OTP_EXPIRED');
  if (otp === simulatedOtp) return 'verified';
  const tries_left = sent.tries_left - 1;
  await update(trx, from, payment, { tries_left });
  return tries_left === 0 ? 'no-tries-left' : asked({ ...sent, tries_left }, 'OTP_WRONG');
}

/** `otp-send`: the code again, good for its whole time; the tries are not given back. 25 when no code is wanted for this payment. */
export async function sendOtp(host: Host, trx: HostTrx, from: TerminalRef, request: OtpSendRequest): Promise<Reply> {
  const { payment, stan } = request;
  const sent = await find(trx, from, payment);
  const over =
    !sent || sent.tries_left === 0 || (await findApproval(trx, from, payment)) || (await isBarred(trx, from, payment));
  const reply = (code: string, verification: Verification | null): Reply => {
    const answer: OtpSendAnswer = { kind: 'otp-send', payment, stan, code, verification };
    return { answer, notBefore: 0, silent: false };
  };
  if (over) return reply('25', null);
  const expires_at = host.clock.now() + (await readParameters(trx, from.merchant))['verify.validMs'];
  await update(trx, from, payment, { expires_at });
  return reply('00', asked({ ...sent, expires_at }, null));
}

const asked = (sent: VerificationTable, problem: Verification['problem']): Verification => ({
  by: sent.sent_by,
  to: sent.sent_to,
  triesLeft: sent.tries_left,
  expiresAt: sent.expires_at,
  problem,
});

async function find(trx: HostTrx, from: TerminalRef, payment: string): Promise<VerificationTable | undefined> {
  return trx
    .selectFrom('verifications')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
}

async function start(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
  now: number,
  parameters: HostParameters,
): Promise<VerificationTable> {
  const by = parameters['verify.by'];
  const sent = {
    ...owner(from),
    payment,
    sent_by: by,
    sent_to: by === 'sms' ? '138****5678' : '微信用户 王*',
    tries_left: parameters['verify.tries'],
    expires_at: now + parameters['verify.validMs'],
  };
  await trx.insertInto('verifications').values(sent).execute();
  return sent;
}

async function update(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
  change: Partial<Pick<VerificationTable, 'tries_left' | 'expires_at'>>,
): Promise<void> {
  await trx
    .updateTable('verifications')
    .set(change)
    .where((eb) => eb.and({ ...owner(from), payment }))
    .execute();
}
