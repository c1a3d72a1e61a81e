import type { Hello } from '../protocol/messages.ts';
import { sendMerchantData } from './merchant-records.ts';
import { type Epoch, queueBook } from './restore-book.ts';
import type { HostTrx } from './store.ts';
import type { Stream } from './stream-store.ts';

/**
 * The stream after a hello. A terminal with a database never seen before starts a new epoch, and its rows from above count from 1 again, after those that
 * were acknowledged; where it asks for its book, that comes first. `retired`: another epoch followed this one, so it is a database that was put back, or a
 * replay. `strange`: the book has something in common with another terminal's.
 */
export async function greeted(
  trx: HostTrx,
  stream: Stream,
  hello: Hello,
  downEpoch: string,
  at: number,
): Promise<Stream | 'retired' | 'strange'> {
  if (stream.epoch === hello.epoch) return stream;
  const seen = await epochsOf(trx, stream.id);
  if (seen.some(({ epoch }) => epoch === hello.epoch)) return 'retired';
  const since = hello.restore?.since ?? null;
  const common = since && seen.find(({ epoch }) => epoch === since.epoch);
  if (since && !common && seen.length > 0) return 'strange';
  const asks = hello.restore !== undefined && seen.length > 0;
  const downBase = asks ? await queueBook(trx, stream, { since, seen, epoch: hello.epoch, at }) : stream.down_acked;
  await trx
    .insertInto('stream_epoch')
    .values({ stream: stream.id, epoch: hello.epoch, n: seen.length + 1, down_base: downBase, at })
    .execute();
  const greeting = await trx
    .updateTable('stream')
    .set({
      epoch: hello.epoch,
      // What it had acknowledged is in common, and does not come again.
      applied_up: common ? hello.highestAcked : 0,
      kept: 0,
      rejected_up: 0,
      down_epoch: downEpoch,
      down_base: downBase,
      down_acked: downBase,
    })
    .where('id', '=', stream.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  // Whatever it had of its merchant may be lost with its database.
  const again = seen.length > 0 ? `e${seen.length + 1}` : undefined;
  await sendMerchantData(trx, stream, at, again);
  return greeting;
}

const epochsOf = (trx: HostTrx, stream: number): Promise<Epoch[]> =>
  trx
    .selectFrom('stream_epoch')
    .select(['epoch', 'n', 'down_base'])
    .where('stream', '=', stream)
    .orderBy('n')
    .execute();
