import { vivotech2Reader } from '../drivers/card-reader/vivotech2-reader.ts';
import type { CardReader, Keypad, ReceiptPrinter } from '../drivers/devices.ts';
import { escposPrinter } from '../drivers/printer/escpos-printer.ts';
import { printerProfiles } from '../drivers/printer/profiles.ts';
import type { PrinterFaults } from '../drivers/simulator/printer-status.ts';
import type { Port } from '../drivers/transport/transport.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import type { Random } from './base/random.ts';
import type { Config } from './config.ts';

/** The devices of a terminal, made from its configuration; those that are `sim` have their simulator at hand for the tester. */
export interface Devices {
  readonly reader: CardReader;
  readonly printer: ReceiptPrinter;
  readonly keypad: Keypad | undefined;
  readonly bench: Bench;
}

/** What a tester can do to simulated devices. Undefined where the device is real. */
export interface Bench {
  readonly present: ((how: 'contactless' | 'swipe', card?: TestCard) => void) | undefined;
  /** Each slip that came out of the simulated printer, as lines of text. */
  readonly onSlip: ((listener: (lines: readonly string[]) => void) => () => void) | undefined;
  readonly printerFaults: ((faults: Partial<PrinterFaults>) => void) | undefined;
}

export interface TestCard {
  readonly pan: string;
  readonly expiry: string;
}

/** A UnionPay test card with a right check digit; nobody was ever given it. */
export const testCard: TestCard = { pan: '6222021234567890128', expiry: '3012' };

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Simulators and real ports are loaded only when the configuration names them. */
export async function makeDevices(parts: Parts): Promise<Devices> {
  const { config, clock, random, log } = parts;
  const common = (name: string, port: Port) => ({
    name,
    port,
    clock,
    random: random.next,
    log: (event: string, details: Readonly<Record<string, string | number | boolean>>) =>
      log('info', event, { device: name, ...details }),
  });
  const profile = printerProfiles[config.printerProfile];
  const simulated = await simulators(config, clock);
  const readerPort = simulated.reader?.port ?? (await realPort(config.reader, clock));
  const printerPort = simulated.printer?.port ?? (await realPort(config.printer, clock));
  return {
    reader: vivotech2Reader(common('card-reader', readerPort)),
    printer: escposPrinter({ ...common('printer', printerPort), profile }),
    keypad: await makeKeypad(config, clock, common),
    bench: {
      present: simulated.reader?.present,
      onSlip: simulated.printer?.onSlip,
      printerFaults: simulated.printer?.faults,
    },
  };
}

async function realPort(address: string, clock: Clock): Promise<Port> {
  const { portFrom } = await import('../drivers/transport/port-from.ts');
  return portFrom(address, clock);
}

async function makeKeypad(
  config: Config,
  clock: Clock,
  common: (name: string, port: Port) => Parameters<typeof import('../drivers/keypad/serial-keypad.ts').serialKeypad>[0],
): Promise<Keypad | undefined> {
  if (config.keypad === 'none') return undefined;
  const { serialKeypad } = await import('../drivers/keypad/serial-keypad.ts');
  return serialKeypad(common('keypad', await realPort(config.keypad, clock)));
}

async function simulators(config: Config, clock: Clock) {
  const { simulatedPort } = await import('../drivers/simulator/simulated-port.ts');
  return {
    reader: config.reader === 'sim' ? await simulatedCardReader(clock, simulatedPort) : undefined,
    printer: config.printer === 'sim' ? await simulatedSlipPrinter(config, clock, simulatedPort) : undefined,
  };
}

type MakePort = typeof import('../drivers/simulator/simulated-port.ts').simulatedPort;

async function simulatedCardReader(clock: Clock, port: MakePort) {
  const { simulatedReader } = await import('../drivers/simulator/simulated-reader.ts');
  const reader = simulatedReader({ clock });
  return {
    port: port(reader),
    present: (how: 'contactless' | 'swipe', card: TestCard = testCard) =>
      how === 'swipe' ? reader.swipe(card) : reader.present(card),
  };
}

async function simulatedSlipPrinter(config: Config, clock: Clock, port: MakePort) {
  const { simulatedPrinter } = await import('../drivers/simulator/simulated-printer.ts');
  const { columns } = printerProfiles[config.printerProfile];
  const printer = simulatedPrinter({ clock, columns, keptSlips: 1 }); // it prints for months
  return {
    port: port(printer),
    onSlip: (listener: (lines: readonly string[]) => void) => printer.onSlip((slip) => listener(slip.lines)),
    faults: (faults: Partial<PrinterFaults>) => printer.set(faults),
  };
}
