import { at } from './crash-points.ts';
import { type Host, owner } from './host.ts';
import { invoiceSent } from './invoices.ts';
import { type Channel, NotSent, type Outlet } from './outlets.ts';
import { sendDown } from './send-down.ts';
import type { OutgoingTable } from './settlement-tables.ts';
import { statementSent } from './statements.ts';
import type { HostTrx } from './store.ts';
import { writeLetter } from './write-letter.ts';

/**
 * Sends what is queued (outgoing.ts) by one channel, one letter after another and never inside a transaction; what came of it is committed afterwards, so a letter goes out at
 * least once. QUEUED → SENT | FAILED(n) → DEAD. Each channel has a worker of its own, so that a mail server that is gone holds up no SMS.
 */

const minuteMs = 60_000;
/** After the n-th failure; none after the last. */
const retryMs = [1, 5, 30, 60, 120, 240, 480].map((minutes) => minutes * minuteMs);

/** Run by a Worker. `outlet`: none, when the host has no such way out. Resolves to the time until the next letter is due. */
export async function sendLetters(
  host: Host,
  channel: Channel,
  outlet: Outlet | undefined,
  stopping: AbortSignal,
): Promise<number | null> {
  while (!stopping.aborted) {
    const letter = await nextLetter(host, channel);
    if (!letter || letter.due_at === null) return null;
    const waitMs = letter.due_at - host.clock.now();
    if (waitMs > 0) return waitMs;
    const reason = await attempt(letter, outlet, stopping);
    // It was cut off, and is tried again at the next start.
    if (reason === 'UNREACHABLE' && stopping.aborted) return null;
    at('host.letter-sent');
    await host.store.transaction().execute((trx) => keepOutcome(host, trx, letter, reason));
    host.wake(owner(letter));
  }
  return null;
}

async function nextLetter(host: Host, channel: Channel): Promise<OutgoingTable | undefined> {
  return host.store
    .selectFrom('outgoing')
    .selectAll()
    .where('channel', '=', channel)
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
}

/** Nothing will change these. */
const hopeless = ['NO_ADDRESS', 'NO_CHANNEL', 'NO_WORDS'] as const;
type Reason = (typeof hopeless)[number] | NotSent['reason'];

/** null: it went out. */
async function attempt(
  letter: OutgoingTable,
  outlet: Outlet | undefined,
  stopping: AbortSignal,
): Promise<Reason | null> {
  if (letter.address === null) return 'NO_ADDRESS';
  if (!outlet) return 'NO_CHANNEL';
  const written = writeLetter(letter);
  if (!written) return 'NO_WORDS';
  try {
    const id = `${letter.merchant}.${letter.terminal}.${letter.kind}.${letter.no}`;
    await outlet(letter.address, written, id, stopping);
    return null;
  } catch (error) {
    if (!(error instanceof NotSent)) throw error;
    return error.reason;
  }
}

async function keepOutcome(host: Host, trx: HostTrx, letter: OutgoingTable, reason: Reason | null): Promise<void> {
  const now = host.clock.now();
  const attempts = letter.attempts + 1;
  const again = reason === null || hopeless.some((one) => one === reason) ? undefined : retryMs[attempts - 1];
  const state = reason === null ? 'SENT' : again === undefined ? 'DEAD' : 'FAILED';
  const ended_at = state === 'FAILED' ? null : now;
  const { kind, channel, no, text } = letter;
  await trx
    .updateTable('outgoing')
    .set({ state, attempts, reason, due_at: again === undefined ? null : now + again, ended_at })
    .where((eb) => eb.and({ ...owner(letter), kind, no }))
    .execute();
  const level = state === 'SENT' ? 'info' : 'warn';
  host.log(level, 'host.letter', {
    ...owner(letter),
    no,
    text,
    channel,
    to: maskedTo(letter) ?? '',
    state,
    reason: reason ?? '',
    attempts,
  });
  if (kind === 'notice') await tellNotice(host, trx, letter, { state, attempts, reason });
  else if (state === 'FAILED') return;
  // Where the host has no way out for it, the tax office sends the invoice.
  else if (kind === 'invoice') await invoiceSent(host, trx, letter, no, reason === 'NO_CHANNEL' ? null : reason);
  else {
    await statementSent(host, trx, letter, no, {
      channel: state === 'SENT' ? channel : 'failed',
      to: maskedTo(letter),
    });
  }
}

const outcomes = { SENT: 'sent', FAILED: 'failed', DEAD: 'dead' } as const;

async function tellNotice(
  host: Host,
  trx: HostTrx,
  letter: OutgoingTable,
  how: { readonly state: keyof typeof outcomes; readonly attempts: number; readonly reason: Reason | null },
): Promise<void> {
  const { state, attempts, reason } = how;
  const no = `${letter.no}:${attempts}`;
  const told = { notice: letter.no, outcome: outcomes[state], attempts, reason, to: maskedTo(letter) };
  await sendDown(trx, letter, { kind: 'notify-result', id: no, body: { no, at: host.clock.now(), ...told } });
}

/** All that anybody but the addressee sees of an address: `z***@example.com`, `138****5678`. */
export function maskedTo({ address, channel }: Pick<OutgoingTable, 'address' | 'channel'>): string | null {
  if (address === null) return null;
  if (channel === 'sms') return address.slice(0, 3) + '*'.repeat(Math.max(4, address.length - 7)) + address.slice(-4);
  return `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`;
}
