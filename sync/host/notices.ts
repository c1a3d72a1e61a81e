import type { Notify } from '../protocol/notices.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { noEffects } from './effects.ts';
import type { Host } from './host.ts';
import { readProfile } from './merchant-records.ts';
import { queueOutgoing } from './outgoing.ts';
import type { RowPlan } from './row-plan.ts';
import type { HostTrx } from './store.ts';

/** `notify` (N-06, N-07): goes out once for its event, recipient and channel, which its number names. */
export async function planNotify(host: Host, trx: HostTrx, from: TerminalRef, body: Notify): Promise<RowPlan> {
  const { event, channel, text, values } = body.facts;
  if (body.no !== `${event}:${channel}`) throw new HostReject('IDEMPOTENCY_CONFLICT');
  return {
    expected: noEffects,
    apply: async () => {
      const { email, mobile } = await readProfile(trx, from.merchant);
      const address = channel === 'email' ? email : mobile;
      const letter = { no: body.no, kind: 'notice', channel, address, text, facts: values } as const;
      await queueOutgoing(trx, from, letter, host.clock.now());
    },
  };
}
