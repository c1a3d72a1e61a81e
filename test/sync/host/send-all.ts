import type { Outlets } from '../../../sync/host/outlets.ts';
import { sendLetters } from '../../../sync/host/send-letters.ts';
import type { TestHost } from './start-host.ts';

/** Each channel's worker runs once. Resolves to the time until the next letter is due. */
export async function sendAll(
  test: TestHost,
  outlets: Outlets,
  { signal } = new AbortController(),
): Promise<number | null> {
  const waits = await Promise.all(
    (['email', 'sms'] as const).map((channel) => sendLetters(test.host, channel, outlets[channel], signal)),
  );
  const due = waits.filter((wait) => wait !== null);
  return due.length === 0 ? null : Math.min(...due);
}
