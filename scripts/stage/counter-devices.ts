import { type SimulatedKeypad, simulatedKeypad } from '../../drivers/simulator/simulated-keypad.ts';
import { type ServedSimulator, serveOverTcp } from '../../drivers/simulator/simulated-port.ts';
import { type SimulatedPrinter, simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { type SimulatedReader, simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { systemClock } from '../../terminal/base/clock.ts';

/** The devices of a counter in this process, over tcp: they, and the paper that came out of them, survive when the terminal is killed. */
export interface CounterDevices {
  readonly reader: SimulatedReader;
  readonly printer: SimulatedPrinter;
  readonly keypad: SimulatedKeypad;
  /** For `config.json`. */
  readonly addresses: { readonly reader: string; readonly printer: string; readonly keypad: string };
  close(): Promise<void>;
}

export async function openDevices(): Promise<CounterDevices> {
  const reader = simulatedReader({ clock: systemClock });
  const printer = simulatedPrinter({ clock: systemClock, columns: 32 });
  const keypad = simulatedKeypad();
  const served: ServedSimulator[] = [];
  for (const simulator of [reader, printer, keypad]) served.push(await serveOverTcp(simulator, systemClock));
  const [readerAt, printerAt, keypadAt] = served.map(({ address }) => address);
  if (!readerAt || !printerAt || !keypadAt) throw new Error('three devices were served');
  return {
    reader,
    printer,
    keypad,
    addresses: { reader: readerAt, printer: printerAt, keypad: keypadAt },
    async close() {
      await Promise.all(served.map((device) => device.close()));
    },
  };
}
