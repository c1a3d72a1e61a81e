import type { HostResult } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import type { CardFacts } from '../payments/payment.ts';
import type { PaymentDialog } from './ask-customer.ts';
import type { World } from './world.ts';

/** What the host said goes back to the chip, which has the last word about an approval (payments.md, Reversal 2). Other cards agree at once. */

/** A chip needs a second or two for it. */
const chipWaitMs = 10_000;

type Ended = 'accepted' | 'refused' | 'failed' | 'late' | 'cancelled';

/** Whether an approval may be booked. A card that refuses, was pulled out, or a reader that broke has not agreed. */
export async function chipAgrees(
  world: World,
  { entry, card }: CardFacts,
  code: string,
  { signal, progress }: PaymentDialog,
): Promise<'agreed' | 'card-refused' | 'cancelled'> {
  if (entry !== 'CHIP') return 'agreed';
  progress({ at: 'chip', untilMs: world.clock.now() + chipWaitMs, card });
  const ended = await finish(world, { kind: 'approved', code }, signal);
  if (ended === 'accepted') return 'agreed';
  world.log('warn', 'chip-not-agreed', { ended });
  return ended === 'cancelled' ? 'cancelled' : 'card-refused';
}

/** No money moves for this card any more; what it makes of that concerns nobody. */
export async function dismissChip(world: World, entry: CardFacts['entry'] | undefined, code?: string): Promise<void> {
  if (entry !== 'CHIP') return;
  await finish(world, { kind: code === undefined ? 'no-answer' : 'declined', code });
}

/** The reader's own limits are longer than a customer at the counter has patience. */
function finish({ reader, clock }: World, result: HostResult, signal?: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const stopWaiting = clock.after(chipWaitMs, () => end('late'));
    const cancelled = () => end('cancelled');
    const end = (how: Ended) => {
      stopWaiting();
      signal?.removeEventListener('abort', cancelled);
      resolve(how);
    };
    signal?.addEventListener('abort', cancelled);
    if (signal?.aborted) cancelled();
    reader.finishCard(result).then(end, (error) => (isDeviceError(error) ? end('failed') : reject(error)));
  });
}
