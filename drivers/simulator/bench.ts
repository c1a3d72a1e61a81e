import { displayFaults } from './display-faults.ts';
import type { Fault, FaultTable, FaultUse } from './fault.ts';
import { keypadFaults } from './keypad-faults.ts';
import { pinPadFaults } from './pin-pad-faults.ts';
import { printerFaults } from './printer-faults.ts';
import { readerFaults } from './reader-faults.ts';
import { scannerFaults } from './scanner-faults.ts';
import { seeded } from './seeded.ts';
import type { SimulatedDisplay } from './simulated-display.ts';
import type { SimulatedKeypad } from './simulated-keypad.ts';
import type { SimulatedPinPad } from './simulated-pin-pad.ts';
import type { SimulatedPort } from './simulated-port.ts';
import type { SimulatedPrinter } from './simulated-printer.ts';
import type { SimulatedReader } from './simulated-reader.ts';
import type { SimulatedScanner } from './simulated-scanner.ts';
import { wireFaults } from './wire-faults.ts';

export interface PluggedIn<Simulator> {
  readonly simulator: Simulator;
  readonly port: SimulatedPort;
}

/** The simulated devices of one terminal; undefined where the device is real, or there is none. */
export interface SimulatedDevices {
  readonly 'card-reader'?: PluggedIn<SimulatedReader> | undefined;
  readonly 'pin-pad'?: PluggedIn<SimulatedPinPad> | undefined;
  readonly scanner?: PluggedIn<SimulatedScanner> | undefined;
  readonly keypad?: PluggedIn<SimulatedKeypad> | undefined;
  readonly display?: PluggedIn<SimulatedDisplay> | undefined;
  readonly printer?: PluggedIn<SimulatedPrinter> | undefined;
}
export type SimulatedDeviceName = keyof SimulatedDevices;

/** What a tester asks for; what is not given: until reset, always, and the fault's own default. */
export interface FaultOrder {
  readonly times?: number | undefined;
  readonly probability?: number | undefined;
  readonly value?: number | undefined;
}

export interface ActiveFault {
  readonly fault: string;
  /** Infinity: until reset. What has acted so often is still listed, until reset. */
  readonly times: number;
  readonly probability: number;
  readonly value: number | undefined;
}

export interface NamedFault extends Omit<Fault<never>, 'apply'> {
  readonly name: string;
}

/** Everything on a tester's bench that can be broken, by the names of devices.md §6, and mended in one call. */
export interface SimulatedBench {
  readonly devices: SimulatedDevices;
  /** Of the chance behind `probability`. */
  readonly seed: number;
  /** A device's own faults, in the order of its table; the wire's are the same for each. */
  readonly faults: Readonly<Record<SimulatedDeviceName, readonly NamedFault[]>>;
  readonly wireFaults: readonly NamedFault[];
  /** Arms a fault of the device or of its wire, above those armed before. Refused with a word, and nothing is changed then. */
  apply(
    device: SimulatedDeviceName,
    fault: string,
    order?: FaultOrder,
  ): 'armed' | 'no-device' | 'no-fault' | 'takes-no-value';
  /** The device and its wire are good again, plugged in, without a restart where the device can do without: paper is loaded, the cover closed. */
  mend(device: SimulatedDeviceName): void;
  /** The newest first. */
  active(device: SimulatedDeviceName): readonly ActiveFault[];
  /** Good devices on good wires, plugged in, started anew; chance from its seed. Their drivers lose the connection and find it again. */
  reset(): void;
}

const named = (table: FaultTable<never>): readonly NamedFault[] =>
  Object.entries<Omit<NamedFault, 'name'>>(table).map(([name, { zh, en, value }]) => ({
    name,
    zh,
    en,
    ...(value && { value }),
  }));

/** Also where no such device is on the bench. */
const catalogue: SimulatedBench['faults'] = {
  'card-reader': named(readerFaults),
  'pin-pad': named(pinPadFaults),
  scanner: named(scannerFaults),
  keypad: named(keypadFaults),
  display: named(displayFaults),
  printer: named(printerFaults),
};

/** One device on the bench: its own table and its wire's. */
interface Place {
  find(fault: string): NamedFault | undefined;
  apply(fault: string, use: FaultUse): void;
  mend(): void;
  reset(): void;
}

interface Good {
  reset(): void;
  mend?(): void;
}

function place<Simulator extends Good>(table: FaultTable<Simulator>, { simulator, port }: PluggedIn<Simulator>): Place {
  const own = new Map(Object.entries(table));
  const wire = new Map(Object.entries<Fault<SimulatedPort>>(wireFaults));
  /** What it was asked for is forgotten, so its driver must not go on waiting for it: it connects anew. */
  const restart = (): void => {
    simulator.reset();
    port.hangUp();
  };
  return {
    find(fault) {
      const found = own.get(fault) ?? wire.get(fault);
      return found && { name: fault, ...found };
    },
    apply(fault, use) {
      const ofDevice = own.get(fault);
      if (ofDevice) ofDevice.apply(simulator, use);
      else wire.get(fault)?.apply(port, use);
    },
    mend() {
      port.reset();
      if (simulator.mend) simulator.mend();
      else restart();
    },
    reset() {
      port.reset();
      restart();
    },
  };
}

function places(devices: SimulatedDevices): Readonly<Partial<Record<SimulatedDeviceName, Place>>> {
  const { 'card-reader': reader, 'pin-pad': pinPad, scanner, keypad, display, printer } = devices;
  return {
    ...(reader && { 'card-reader': place(readerFaults, reader) }),
    ...(pinPad && { 'pin-pad': place(pinPadFaults, pinPad) }),
    ...(scanner && { scanner: place(scannerFaults, scanner) }),
    ...(keypad && { keypad: place(keypadFaults, keypad) }),
    ...(display && { display: place(displayFaults, display) }),
    ...(printer && { printer: place(printerFaults, printer) }),
  };
}

/** `seed`: 0 to 2³²−1. */
export function simulatedBench(devices: SimulatedDevices, seed: number): SimulatedBench {
  const at = places(devices);
  const active = new Map<SimulatedDeviceName, ActiveFault[]>();
  let random = seeded(seed);
  return {
    devices,
    seed,
    faults: catalogue,
    wireFaults: named(wireFaults),
    apply(device, fault, { times = Number.POSITIVE_INFINITY, probability = 1, value } = {}) {
      const found = at[device];
      if (!found) return 'no-device';
      const known = found.find(fault);
      if (!known) return 'no-fault';
      if (value !== undefined && !known.value) return 'takes-no-value';
      const armed = { fault, times, probability, value: value ?? known.value?.byDefault };
      found.apply(fault, { value: armed.value ?? 0, times, chance: () => probability >= 1 || random() < probability });
      active.set(device, [armed, ...(active.get(device) ?? [])]);
      return 'armed';
    },
    mend(device) {
      active.delete(device);
      at[device]?.mend();
    },
    active: (device) => active.get(device) ?? [],
    reset() {
      active.clear();
      random = seeded(seed);
      for (const one of Object.values(at)) one.reset();
    },
  };
}
