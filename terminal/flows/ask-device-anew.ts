import { nobodysCard } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { abnormalDevices, noteSound } from './abnormal-device.ts';
import { withReader } from './card-at-idle.ts';
import { dismissChip } from './tell-chip.ts';
import type { World } from './world.ts';

/** A device that said that it had been opened (B-016) is asked again whether it has: only what it is for makes it tell. */

/** So long it is left to wait for a customer who does not come. */
const waitMs = 1_000;

/** Ends of that wait which only a device that works can tell. */
const worked = new Set(['CARD_TIMEOUT', 'CARD_UNREADABLE', 'PIN_TIMEOUT', 'PIN_CANCELLED']);

/** All of them. */
export async function askAllAnew(world: World): Promise<void> {
  for (const name of abnormalDevices(world)) await askAnew(world, name);
}

/** False: it says so still, or says nothing. One that is attached no more has nothing to say. */
export async function askAnew(world: World, name: string): Promise<boolean> {
  const { reader, pinPad } = world;
  try {
    if (name === reader.name) await withReader(world, () => tryReader(world));
    else if (name === pinPad?.name) await withReader(world, () => tryPinPad(world));
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    if (!worked.has(error.code)) return false;
  }
  noteSound(world, name);
  return true;
}

const nobody = (): AbortSignal => new AbortController().signal;

async function tryReader(world: World): Promise<void> {
  const card = await world.reader.readCard({ amountFen: 1, type: 'sale', timeoutMs: waitMs }, nobody());
  card.erase();
  await dismissChip(world, card.entry);
}

/** What somebody types meanwhile goes nowhere. */
async function tryPinPad({ pinPad }: World): Promise<void> {
  const pin = await pinPad?.readPin({ card: nobodysCard(), amountFen: 1, timeoutMs: waitMs }, nobody());
  pin?.erase();
}
