import type { SimulatedDevices } from '../drivers/simulator/bench.ts';
import type { Simulator } from '../drivers/simulator/simulated-port.ts';
import type { Clock } from './base/clock.ts';
import type { Random } from './base/random.ts';
import type { Config } from './config.ts';

/** What a customer does at simulated devices, and the paper; absent where the device is real. */
export interface Bench {
  readonly present?: (how: 'contactless' | 'swipe' | 'insert') => void;
  readonly enterPin?: (digits: string) => void;
  /** Each slip that came out of the printer, as lines of text. */
  readonly onSlip?: (listener: (lines: readonly string[]) => void) => () => void;
}

/** A UnionPay test card with a right check digit; nobody was ever given it. */
const testCard = { pan: '6222021234567890128', expiry: '3012' };

export function benchOf({ 'card-reader': reader, 'pin-pad': pinPad, printer }: SimulatedDevices): Bench {
  const ways = { contactless: 'present', swipe: 'swipe', insert: 'insert' } as const;
  // Where there is no PIN pad the customer may be asked at the reader's own keys.
  const keys = (pinPad ?? reader)?.simulator;
  return {
    ...(reader && { present: (how) => reader.simulator[ways[how]](testCard) }),
    ...(keys && { enterPin: (digits) => void keys.enterPin(digits) }),
    ...(printer && { onSlip: (listener) => printer.simulator.onSlip(({ lines }) => listener(lines)) }),
  };
}

/** The part of `devices.ts` for what is `sim` in the configuration: each simulator is loaded only when it is named. */
export async function simulatedDevices(config: Config, clock: Clock, random: Random): Promise<SimulatedDevices> {
  if (!isAnySimulated(config)) return {};
  const { simulatedPort } = await import('../drivers/simulator/simulated-port.ts');
  const plugged = <S extends Simulator>(name: string, simulator: S) => ({
    simulator,
    port: simulatedPort(simulator, { describe: `sim:${name}`, clock, random: random.next }),
  });
  const { reader, pinPad, scanner, keypad, display, printer } = config;
  return {
    ...(reader === 'sim' && { 'card-reader': plugged('card-reader', await simulatedCardReader(config, clock)) }),
    ...(pinPad === 'sim' && { 'pin-pad': plugged('pin-pad', await simulatedK100(clock)) }),
    ...(scanner === 'sim' && { scanner: plugged('scanner', await simulatedCodeScanner(config, clock)) }),
    ...(keypad === 'sim' && { keypad: plugged('keypad', await simulatedKeys(config, clock)) }),
    ...(display === 'sim' && { display: plugged('display', await simulatedVfd()) }),
    ...(printer === 'sim' && { printer: plugged('printer', await simulatedSlipPrinter(config, clock)) }),
  };
}

const isAnySimulated = ({ reader, pinPad, scanner, keypad, display, printer }: Config): boolean =>
  [reader, pinPad, scanner, keypad, display, printer].includes('sim');

async function simulatedCardReader({ readerProfile }: Config, clock: Clock) {
  const { simulatedReader } = await import('../drivers/simulator/simulated-reader.ts');
  return simulatedReader({ clock, hid: readerProfile === 'vivotech2-hid' });
}

async function simulatedK100(clock: Clock) {
  const { simulatedPinPad } = await import('../drivers/simulator/simulated-pin-pad.ts');
  return simulatedPinPad({ clock });
}

async function simulatedCodeScanner({ scannerProfile }: Config, clock: Clock) {
  const [{ simulatedScanner }, { scannerProfiles }] = await Promise.all([
    import('../drivers/simulator/simulated-scanner.ts'),
    import('../drivers/scanner/profiles.ts'),
  ]);
  return simulatedScanner({ clock, profile: scannerProfiles[scannerProfile] });
}

async function simulatedKeys({ keypadProfile }: Config, clock: Clock) {
  const { simulatedHidKeypad, simulatedKeypad } = await import('../drivers/simulator/simulated-keypad.ts');
  return keypadProfile === 'hid' ? simulatedHidKeypad({ clock }) : simulatedKeypad({ clock });
}

async function simulatedVfd() {
  const { simulatedDisplay } = await import('../drivers/simulator/simulated-display.ts');
  return simulatedDisplay();
}

async function simulatedSlipPrinter({ printerProfile }: Config, clock: Clock) {
  const [{ simulatedPrinter }, { printerProfiles }] = await Promise.all([
    import('../drivers/simulator/simulated-printer.ts'),
    import('../drivers/printer/profiles.ts'),
  ]);
  return simulatedPrinter({ clock, columns: printerProfiles[printerProfile].columns, keptSlips: 1 }); // it prints for months
}
