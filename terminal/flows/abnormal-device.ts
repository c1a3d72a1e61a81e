import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { setSetting, setting } from '../base/settings.ts';
import type { World } from './world.ts';

/** B-016: a device that said that somebody had opened it. Kept over restarts, until it works again; so long nothing is settled. */

const name = 'abnormal-device';
type Place = Pick<World, 'db' | 'clock'>;

/** Its name; undefined: none is. */
export const abnormalDevice = ({ db }: Pick<World, 'db'>): string | undefined => setting(db, name) || undefined;

/** How a use of it failed. */
export function noteFailure(world: Place, device: string, reason: string): void {
  if (/^tamper/.test(reason) && abnormalDevice(world) !== device) note(world, device, device, reason);
}

/** It did what it is for. */
export function noteSound(world: Place, device: string): void {
  if (abnormalDevice(world) === device) note(world, '', device, 'sound');
}

function note({ db, clock }: Place, value: string, about: string, state: string): void {
  inTransaction(db, (tx) => {
    setSetting(tx, name, value);
    audit(tx, { at: clock.now(), by: 'SYS', action: 'abnormal-device', about, outcome: 'ok', details: { state } });
  });
}
