import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vivotech2Reader } from '../drivers/card-reader/vivotech2-reader.ts';
import type { DriverOptions } from '../drivers/connection.ts';
import type {
  Bitmap,
  CardReader,
  CodeScanner,
  CustomerDisplay,
  Device,
  Keypad,
  PinPad,
  ReceiptPrinter,
} from '../drivers/devices.ts';
import { overHidReports } from '../drivers/framing/hid-report.ts';
import { escposPrinter } from '../drivers/printer/escpos-printer.ts';
import { printerProfiles } from '../drivers/printer/profiles.ts';
import type { ScannerProfile } from '../drivers/scanner/profiles.ts';
import type { SimulatedDevices } from '../drivers/simulator/bench.ts';
import type { DevWatch } from '../drivers/transport/dev-watch.ts';
import type { Port } from '../drivers/transport/transport.ts';
import type { Clock } from './base/clock.ts';
import { TerminalError } from './base/errors.ts';
import type { Log } from './base/log.ts';
import type { Random } from './base/random.ts';
import type { Config } from './config.ts';
import { simulatedDevices } from './simulated-devices.ts';

/** The devices of a terminal, made from its configuration; undefined where it says `none`. */
export interface Devices {
  readonly reader: CardReader;
  readonly printer: ReceiptPrinter;
  readonly pinPad: PinPad | undefined;
  readonly scanner: CodeScanner | undefined;
  readonly keypad: Keypad | undefined;
  readonly display: CustomerDisplay | undefined;
  readonly all: readonly MadeDevice[];
  /** The other ends of those that are `sim`, for a tester. */
  readonly simulated: SimulatedDevices;
}

/** A device with the name of its protocol, and where it was found last. */
export interface MadeDevice {
  readonly device: Device;
  readonly profile: string;
  readonly port: Port;
}

export interface DeviceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Whoever listens on the wires. */
  readonly tap: (name: keyof SimulatedDevices, port: Port) => Port;
}

/** What the driver of one device is made with. */
type Options = (name: keyof SimulatedDevices, address: string, real?: RealPort) => Promise<DriverOptions>;

/** Drivers of what not every terminal has, simulators and real ports are loaded only when the configuration names them. */
export async function makeDevices(parts: DeviceParts): Promise<Devices> {
  const { config, clock, random, log } = parts;
  const simulated = await simulatedDevices(config, clock, random);
  const openReal = realPorts(clock);
  const ports = new Map<string, Port>();
  const options: Options = async (name, address, real) => {
    const port = parts.tap(name, simulated[name]?.port ?? (await openReal(address, real)));
    ports.set(name, port);
    const say: DriverOptions['log'] = (event, details) => log('info', event, { device: name, ...details });
    return { name, port, clock, random: random.next, log: say };
  };
  const reader = makeReader(config, await options('card-reader', config.reader));
  const printer = makePrinter(config, await options('printer', config.printer));
  const k100 = await makePinPad(config, options);
  const scanner = await makeScanner(config, options);
  const keypad = await makeKeypad(config, options);
  const display = await makeDisplay(config, options);
  const made = (device: Device | undefined, profile: string): readonly MadeDevice[] => {
    const port = device && ports.get(device.name);
    return port ? [{ device, profile, port }] : [];
  };
  const all = [
    ...made(reader, config.readerProfile),
    ...made(k100, 'k100'),
    ...made(scanner, config.scannerProfile),
    ...made(keypad, config.keypadProfile),
    ...made(display, 'cd5220'),
    ...made(printer, config.printerProfile),
  ];
  const pinPad = config.pinPad === 'reader' ? reader.pinPad : k100;
  return { reader, printer, pinPad, scanner, keypad, display, all, simulated };
}

interface RealPort {
  /** Of a serial line whose address names none: what its kind leaves the factory with. */
  readonly baudRate?: number;
  /** What a HID device must be told after it was opened, its report ID first. */
  readonly featureAfterOpen?: readonly number[] | undefined;
}

/** One watch of /dev for all of them: a device that is plugged in is found at once. */
function realPorts(clock: Clock) {
  let watch: DevWatch | undefined;
  return async (address: string, { baudRate, featureAfterOpen }: RealPort = {}): Promise<Port> => {
    const [{ portFrom }, { devWatch }] = await Promise.all([
      import('../drivers/transport/port-from.ts'),
      import('../drivers/transport/dev-watch.ts'),
    ]);
    watch ??= devWatch(clock);
    const needsRate = baudRate !== undefined && address.startsWith('serial:') && !address.includes('@');
    const feature = featureAfterOpen && { featureAfterOpen: [Uint8Array.from(featureAfterOpen)] };
    return portFrom(needsRate ? `${address}@${baudRate}` : address, clock, { watch, ...feature });
  };
}

function makeReader({ readerProfile }: Config, options: DriverOptions): ReturnType<typeof vivotech2Reader> {
  const inReports = readerProfile === 'vivotech2-hid';
  return vivotech2Reader(inReports ? { ...options, port: overHidReports(options.port) } : options);
}

const makePrinter = ({ printerProfile, drawer, limits }: Config, options: DriverOptions): ReceiptPrinter =>
  escposPrinter({
    ...options,
    profile: printerProfiles[printerProfile],
    answersApartMs: limits.printerQuietMs,
    ...(drawer !== 'none' && { drawerPin: drawer }),
  });

async function makePinPad(config: Config, options: Options): Promise<PinPad | undefined> {
  if (config.pinPad === 'none' || config.pinPad === 'reader') return undefined;
  const { k100PinPad } = await import('../drivers/pin-pad/k100-pin-pad.ts');
  return k100PinPad(await options('pin-pad', config.pinPad));
}

async function makeScanner({ scanner, scannerProfile }: Config, options: Options): Promise<CodeScanner | undefined> {
  if (scanner === 'none') return undefined;
  const [{ codeScanner }, { scannerProfiles }] = await Promise.all([
    import('../drivers/scanner/code-scanner.ts'),
    import('../drivers/scanner/profiles.ts'),
  ]);
  const profile: ScannerProfile = scannerProfiles[scannerProfile];
  const featureAfterOpen = profile.kind === 'hid' ? profile.featureAfterOpen : undefined;
  return codeScanner({ ...(await options('scanner', scanner, { baudRate: 9_600, featureAfterOpen })), profile });
}

async function makeDisplay({ display }: Config, options: Options): Promise<CustomerDisplay | undefined> {
  if (display === 'none') return undefined;
  const { cd5220Display } = await import('../drivers/display/cd5220-display.ts');
  return cd5220Display(await options('display', display, { baudRate: 9_600 }));
}

async function makeKeypad(config: Config, options: Options): Promise<Keypad | undefined> {
  if (config.keypad === 'none') return undefined;
  if (config.keypadProfile === 'serial') {
    const { serialKeypad } = await import('../drivers/keypad/serial-keypad.ts');
    return serialKeypad(await options('keypad', config.keypad));
  }
  const { hidKeypad } = await import('../drivers/keypad/hid-keypad.ts');
  return hidKeypad(await options('keypad', config.keypad));
}

/** The logo of the slips. BAD_REQUEST when the file is not there, or no picture that fits the paper. */
export async function logoOf({ logo, printerProfile }: Config, home: string): Promise<Bitmap | undefined> {
  if (logo === 'none') return undefined;
  const { bitmapFromPbm } = await import('../drivers/printer/bitmap.ts');
  try {
    return bitmapFromPbm(readFileSync(join(home, logo)), printerProfiles[printerProfile].dots);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TerminalError('BAD_REQUEST', { what: `config.json logo: ${logo}: ${why}` }, error);
  }
}
