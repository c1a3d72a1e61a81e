import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import type { CardRequest, Slip } from '../../drivers/devices.ts';
import { type DeviceError, isDeviceError } from '../../drivers/errors.ts';
import { overHidReports } from '../../drivers/framing/hid-report.ts';
import { escposPrinter } from '../../drivers/printer/escpos-printer.ts';
import { type PrinterProfile, printerProfiles } from '../../drivers/printer/profiles.ts';
import type { FaultTable, FaultUse } from '../../drivers/simulator/fault.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import type { TestCard } from '../../drivers/simulator/test-card.ts';
import { testClock } from '../support/test-clock.ts';

/** Test cards: made up, with a right Luhn digit. */
export const goodCard: TestCard = { pan: '6222021234567890128', expiry: '3012' };
export const otherCard: TestCard = { pan: '6250941006528599', expiry: '2908' };

export const saleOf = (amountFen: number, more: Partial<CardRequest> = {}): CardRequest => ({
  amountFen,
  type: 'sale',
  timeoutMs: 60_000,
  ...more,
});

export interface LogLine {
  readonly event: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** The real reader driver, ready, with a simulated reader at the other end and a clock to turn. `hid`: over HID reports. */
export async function readerRig({ hid = false }: { readonly hid?: boolean } = {}) {
  const clock = testClock();
  const log: LogLine[] = [];
  const simulator = simulatedReader({ clock, hid });
  const port = simulatedPort(simulator, { clock, random: () => 0.5 });
  const reader = vivotech2Reader({
    name: 'card-reader',
    port: hid ? overHidReports(port) : port,
    clock,
    random: () => 0.5,
    log: (event, details) => log.push({ event, details }),
  });
  reader.start();
  await clock.advance(0);
  return { clock, log, simulator, port, reader };
}

export interface PrinterRigOptions {
  readonly profile?: PrinterProfile;
  readonly lineTimeMs?: number;
  readonly drawerPin?: 2 | 5;
}

/** The same for the printer. It has printed an empty slip, so that it is past what an earlier process may have left behind. */
export async function printerRig(options: PrinterRigOptions = {}) {
  const { profile = printerProfiles['epson-58'], lineTimeMs = 0, drawerPin } = options;
  const clock = testClock();
  const simulator = simulatedPrinter({ clock, columns: profile.columns, lineTimeMs });
  const port = simulatedPort(simulator, { clock, random: () => 0.5 });
  const log: LogLine[] = [];
  const printer = escposPrinter({
    name: 'printer',
    port,
    clock,
    random: () => 0.5,
    profile,
    ...(drawerPin && { drawerPin }),
    log: (event, details) => log.push({ event, details }),
  });
  printer.start();
  await clock.advance(0);
  watch(printer.print([{ kind: 'cut' }]));
  await clock.advance(300);
  return { clock, log, simulator, port, printer };
}

export const shortSlip: Slip = [
  { kind: 'text', text: '账平测试商户', align: 'center', size: 'double' },
  { kind: 'rule' },
  { kind: 'pair', left: '金额', right: '¥123.45', bold: true },
  {
    kind: 'columns',
    cells: [
      { text: '消费 SALE', width: 14 },
      { text: '12', width: 4, align: 'right' },
      { text: '1,234.56', width: 14, align: 'right' },
    ],
  },
  { kind: 'qr', data: 'https://example.invalid/r/000123' },
  { kind: 'feed', lines: 2 },
  { kind: 'cut' },
];

/** Arms a fault as a tester does: until reset, always, with its own default, unless `use` says otherwise. */
export function arm<Device>(
  table: FaultTable<Device>,
  name: string,
  device: Device,
  use: Partial<FaultUse> = {},
): void {
  const fault = table[name];
  if (!fault) throw new Error(`there is no fault ${name}`);
  const value = fault.value?.byDefault ?? 0;
  fault.apply(device, { value, times: Number.POSITIVE_INFINITY, chance: () => true, ...use });
}

/** How a promise ended, to be read after the clock was turned. */
export interface Outcome<T> {
  value?: T;
  error?: DeviceError;
  done: boolean;
}

/** Watches a promise without waiting for it. */
export function watch<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { done: false };
  promise.then(
    (value) => Object.assign(outcome, { value, done: true }),
    (error: unknown) => {
      if (!isDeviceError(error)) throw error;
      Object.assign(outcome, { error, done: true });
    },
  );
  return outcome;
}
