import { audit } from '../base/audit.ts';
import { inTransaction, perDatabase } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import { type DeviceView, deviceName, deviceView } from './attached-devices.ts';
import { changed, type World } from './world.ts';

/**
 * B-016: devices that said that somebody had opened them. Kept over restarts, until such a device works again (ask-device-anew.ts); so long nothing is
 * paid, given back or settled.
 */

const name = 'abnormal-device';
type Place = Pick<World, 'db' | 'clock' | 'session'>;

/** What the setting says, beside it: every sale asks. */
const abnormalIn = perDatabase((db) => new Set((setting(db, name) ?? '').split(',').filter((device) => device !== '')));

export const abnormalDevices = ({ db }: Pick<World, 'db'>): readonly string[] => [...abnormalIn(db)];

/** The word of device-advice.ts for it. */
export const tampered = 'TAMPERED';

export const isAbnormal = ({ db }: Pick<World, 'db'>, device: string): boolean => abnormalIn(db).has(device);

/** DEVICE_ABNORMAL while there is one. */
export function abnormalRefusal({ db, config }: Pick<World, 'db' | 'config'>): TerminalError | undefined {
  const [device] = abnormalIn(db);
  if (device === undefined) return undefined;
  return new TerminalError('DEVICE_ABNORMAL', { device: deviceName(device, config.language) });
}

/** As it is shown: whatever it says of itself now, it can not work. */
export const deviceViews = (world: Pick<World, 'db' | 'devices'>): readonly DeviceView[] =>
  world.devices.map((attached) => deviceView(attached, isAbnormal(world, attached.device.name) ? tampered : undefined));

/** Before whatever moves money, or asks a customer for a card or a PIN. DEVICE_ABNORMAL. */
export function requireSoundDevices(world: Pick<World, 'db' | 'config'>): void {
  const refusal = abnormalRefusal(world);
  if (refusal) throw refusal;
}

/** How a use of it failed. */
export function noteFailure(world: Place, device: string, reason: string): void {
  if (/^tamper/.test(reason) && !isAbnormal(world, device))
    note(world, [...abnormalIn(world.db), device], device, reason);
}

/** It did what it is for. */
export function noteSound(world: Place, device: string): void {
  if (isAbnormal(world, device))
    note(
      world,
      abnormalDevices(world).filter((other) => other !== device),
      device,
      'sound',
    );
}

function note(world: Place, abnormal: readonly string[], about: string, state: string): void {
  const { db, clock } = world;
  inTransaction(db, (tx) => {
    setSetting(tx, name, abnormal.join(','));
    audit(tx, { at: clock.now(), by: 'SYS', action: 'abnormal-device', about, outcome: 'ok', details: { state } });
  });
  const known = abnormalIn(db);
  known.clear();
  for (const device of abnormal) known.add(device);
  changed(world);
}
