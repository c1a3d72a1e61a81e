import { send } from '../../sync/stream/send.ts';
import { inTransaction } from '../base/database.ts';
import { newId } from '../base/ids.ts';
import { setSetting, setting } from '../base/settings.ts';
import { askAllAnew } from './ask-device-anew.ts';
import { doctor } from './doctor.ts';
import type { Check } from './self-check-line.ts';
import type { World } from './world.ts';

/** A result that is as the one before goes up again after this long; a script that asks every minute must not fill the outbox. */
const tellAgainMs = 3_600_000;
const told = 'self-check-told';

/** 自检 (B-045): looks at everything, and tells the host. `by`: an operator's number, or SYS. DISK_FULL. */
export async function selfCheck(world: World, by: string): Promise<{ readonly checks: Check[] }> {
  await askAllAnew(world);
  const found = await doctor(world);
  tell(world, by, found.checks);
  return found;
}

function tell(world: World, by: string, checks: readonly Check[]): void {
  const { db, clock, random } = world;
  const at = clock.now();
  const states = checks.map(({ name, state }) => `${name} ${state}`).join(', ');
  const [before = '0', ...last] = (setting(db, told) ?? '').split(' ');
  if (last.join(' ') === states && at - Number(before) < tellAgainMs) return;
  const no = newId(clock, random);
  const items = checks.map(({ name, state, detail }) => ({ name, state, detail: (detail ?? '').slice(0, 200) }));
  inTransaction(db, (tx) => {
    setSetting(tx, told, `${at} ${states}`);
    send(tx.db, { kind: 'telemetry', id: no, body: { no, at, by, facts: { items }, journals: [] } });
  });
  world.link.wake();
}
