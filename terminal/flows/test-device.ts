import type { CodeScanner, CustomerDisplay, Key, Keypad } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { abnormalRefusal, isAbnormal } from './abnormal-device.ts';
import { askAnew } from './ask-device-anew.ts';
import { type AttachedDevice, type DeviceView, deviceView } from './attached-devices.ts';
import { withReader } from './card-at-idle.ts';
import { showCustomer } from './customer-display.ts';
import { deviceRefusal } from './device-refusal.ts';
import { testSlip } from './test-slip.ts';
import { oneAtATime, type World } from './world.ts';

/** What a self-test of a device found. Nothing that a customer brought stands in it. */
export type DeviceTest =
  /** It said something on its own wire while it was looked at. */
  | { readonly kind: 'heard'; readonly bytes: number }
  /** Ready as far as anybody knows; it had nothing to say, or is in use. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'printed' }
  | { readonly kind: 'shown'; readonly upper: string; readonly lower: string }
  | { readonly kind: 'code'; readonly symbology: string | undefined; readonly length: number }
  /** `digit` for every digit: an operator's secret is typed on the same keys. */
  | { readonly kind: 'key'; readonly key: string }
  /** Nobody pressed or showed anything. */
  | { readonly kind: 'nothing' };

export type DeviceTestStep = { readonly at: 'listening' | 'showing-code' | 'pressing-key' | 'printing' };

export interface DeviceTestRequest {
  /** Undefined: nobody logged on. Paper costs money, so the printer needs an operator. */
  readonly operator: User | undefined;
  readonly signal: AbortSignal;
  readonly progress: (step: DeviceTestStep) => void;
}

/** Longer than the pause between two health polls of a driver. */
const listenMs = 6_000;
/** How long the pattern stays on the customer's display. */
const showMs = 5_000;
const lookMs = 100;
const pattern = { upper: '12345678901234567890', lower: 'TEST        1234.56' } as const;

/**
 * Tries one device by hand. NOT_FOUND when this terminal has no such device, UNAUTHENTICATED and FORBIDDEN for the printer, DEVICE_*, PAPER_OUT,
 * PORT_IN_USE.
 */
export async function testDevice(world: World, name: string, request: DeviceTestRequest): Promise<DeviceTest> {
  const found = world.devices.find(({ device }) => device.name === name);
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'device', no: name });
  const { reader, display, scanner } = world;
  try {
    if (name === 'printer') return await printTest(world, request);
    mustWork(deviceView(found));
    if (isKeypad(found.device)) return await keyTest(world, found.device, request);
    if (isSelling(world)) throw deviceRefusal('DEVICE_BUSY', name);
    if (isAbnormal(world, name)) return await tryAnew(world, found);
    if (display && name === display.name) return await showTest(world, display, request);
    if (scanner && name === scanner.name) return await scanTest(world, scanner, request);
    if (name === reader.name) return await withReader(world, () => listen(world, found, request));
    return await listen(world, found, request);
  } catch (error) {
    throw isDeviceError(error) ? deviceRefusal(error.code, name) : error;
  }
}

async function tryAnew(world: World, { device }: AttachedDevice): Promise<DeviceTest> {
  const before = device.counters().bytesIn;
  const refusal = (await askAnew(world, device.name)) ? undefined : abnormalRefusal(world);
  if (refusal) throw refusal;
  return { kind: 'heard', bytes: device.counters().bytesIn - before };
}

/** The same words for what a device says of itself and for what happens while it works. */
function mustWork({ name, state, problem }: DeviceView): void {
  if (state !== 'ready') throw deviceRefusal(problem ?? 'DEVICE_ABSENT', name);
}

async function printTest(world: World, { operator, progress }: DeviceTestRequest): Promise<DeviceTest> {
  authorise(operator, 'reprint');
  progress({ at: 'printing' });
  const { printer, logo, clock, db, session } = world;
  await oneAtATime(world, 'printer', () => {
    session.unfinishedSlip = undefined; // the printer forgets it
    return printer.print(testSlip({ columns: printer.columns, logo, atMs: clock.now() }));
  });
  inTransaction(db, (tx) =>
    audit(tx, { at: clock.now(), by: operator.no, action: 'test-print', about: 'printer', outcome: 'ok' }),
  );
  return { kind: 'printed' };
}

async function showTest(world: World, display: CustomerDisplay, { signal }: DeviceTestRequest): Promise<DeviceTest> {
  display.show(pattern.upper, pattern.lower);
  for (let shownMs = 0; shownMs < showMs && !isSelling(world) && !signal.aborted; shownMs += lookMs) await pause(world);
  if (!isSelling(world)) showCustomer(world, { is: 'welcome' });
  return { kind: 'shown', ...pattern };
}

async function scanTest(
  { config }: World,
  scanner: CodeScanner,
  { signal, progress }: DeviceTestRequest,
): Promise<DeviceTest> {
  progress({ at: 'showing-code' });
  try {
    const { text, symbology } = await scanner.scan(config.limits.scanWaitMs, signal);
    return { kind: 'code', symbology, length: text.length };
  } catch (error) {
    if (isDeviceError(error) && (error.code === 'SCAN_TIMEOUT' || error.code === 'CANCELLED'))
      return { kind: 'nothing' };
    throw error;
  }
}

const isKeypad = (device: object): device is Keypad => 'onKey' in device;

async function keyTest(
  { clock, config }: World,
  keypad: Keypad,
  { signal, progress }: DeviceTestRequest,
): Promise<DeviceTest> {
  progress({ at: 'pressing-key' });
  const key = await new Promise<Key | undefined>((resolve) => {
    const end = (pressed?: Key): void => {
      stopListening();
      stopWaiting();
      signal.removeEventListener('abort', leave);
      resolve(pressed);
    };
    const leave = (): void => end();
    const stopListening = keypad.onKey(end);
    const stopWaiting = clock.after(config.limits.cardWaitMs, leave);
    signal.addEventListener('abort', leave);
  });
  if (key === undefined) return { kind: 'nothing' };
  return { kind: 'key', key: /^\d$|doubleZero/.test(key) ? 'digit' : key };
}

/** Nothing is sent, because on some devices a ping ends a transaction: the driver asks each idle device by itself, now and again. */
async function listen(
  world: World,
  { device }: AttachedDevice,
  { signal, progress }: DeviceTestRequest,
): Promise<DeviceTest> {
  progress({ at: 'listening' });
  const before = device.counters().bytesIn;
  const bytes = () => device.counters().bytesIn - before;
  const over = () => bytes() > 0 || world.session.readerWanted > 1 || signal.aborted;
  for (let waitedMs = 0; !over() && waitedMs < listenMs; waitedMs += lookMs) await pause(world);
  return bytes() > 0 ? { kind: 'heard', bytes: bytes() } : { kind: 'quiet' };
}

const pause = ({ clock }: World): Promise<void> => new Promise((resolve) => clock.after(lookMs, resolve));

/** What the customer sees and does belongs to the sale then. */
const isSelling = ({ session }: World): boolean => session.readerWanted > 0 || session.running.size > 0;
