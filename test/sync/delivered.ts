import { expect } from 'vitest';
import { ids, type TestHost, type TestTerminal, until } from './world.ts';

/** Sync.md's invariant: what the terminal committed is at the host, each applied once and in order, and nothing is left to send. */
export async function expectDelivered(terminal: TestTerminal, host: TestHost, up: number, down = 0): Promise<void> {
  const state = () =>
    terminal.db.prepare<[], { acked_up: number; applied_down: number }>('SELECT * FROM link_state').get();
  await until(`${up} rows up and ${down} rows down acknowledged`, async () => {
    const stream = await host.store.selectFrom('stream').select('down_acked').executeTakeFirst();
    return state()?.acked_up === up && (stream?.down_acked ?? 0) === down;
  });
  expect(await host.applied()).toEqual(ids('check', up));
  expect(terminal.received()).toEqual(ids('differs', down));
  expect(terminal.link.status().outboxCount).toBe(0);
  const inbox = await host.store.selectFrom('inbox').select(['seq', 'state']).orderBy('seq').execute();
  expect(inbox).toEqual(Array.from({ length: up }, (_, i) => ({ seq: i + 1, state: 'applied' })));
}
