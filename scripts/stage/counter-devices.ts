import { scannerProfiles } from '../../drivers/scanner/profiles.ts';
import { type SimulatedDisplay, simulatedDisplay } from '../../drivers/simulator/simulated-display.ts';
import { type SimulatedKeypad, simulatedKeypad } from '../../drivers/simulator/simulated-keypad.ts';
import { type SimulatedPinPad, simulatedPinPad } from '../../drivers/simulator/simulated-pin-pad.ts';
import { type ServedSimulator, type Simulator, serveOverTcp } from '../../drivers/simulator/simulated-port.ts';
import { type SimulatedPrinter, simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { type SimulatedReader, simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { type SimulatedScanner, simulatedScanner } from '../../drivers/simulator/simulated-scanner.ts';
import { systemClock } from '../../terminal/base/clock.ts';

/**
 * The devices of a counter in this process, over tcp: they, and the paper that came out of them, survive when the terminal is killed. PIN pad,
 * scanner and display belong to it only where they were asked for; else their address is `none`, and nothing happens to them.
 */
export interface CounterDevices {
  readonly reader: SimulatedReader;
  readonly printer: SimulatedPrinter;
  readonly keypad: SimulatedKeypad;
  readonly pinPad: SimulatedPinPad;
  readonly scanner: SimulatedScanner;
  readonly display: SimulatedDisplay;
  /** For `config.json`. */
  readonly addresses: Readonly<Record<'reader' | 'printer' | 'keypad' | 'pinPad' | 'scanner' | 'display', string>>;
  close(): Promise<void>;
}

/** What not every counter has. */
export interface MoreDevices {
  readonly pinPad?: boolean;
  readonly scanner?: boolean;
  readonly display?: boolean;
}

export async function openDevices(more: MoreDevices = {}): Promise<CounterDevices> {
  const reader = simulatedReader({ clock: systemClock });
  const printer = simulatedPrinter({ clock: systemClock, columns: 32 });
  const keypad = simulatedKeypad();
  const pinPad = simulatedPinPad({ clock: systemClock });
  const scanner = simulatedScanner({ clock: systemClock, profile: scannerProfiles['text-cr'] });
  const display = simulatedDisplay();
  const served: ServedSimulator[] = [];
  const serve = async (simulator: Simulator, wanted = true): Promise<string> => {
    if (!wanted) return 'none';
    const at = await serveOverTcp(simulator, systemClock);
    served.push(at);
    return at.address;
  };
  return {
    reader,
    printer,
    keypad,
    pinPad,
    scanner,
    display,
    addresses: {
      reader: await serve(reader),
      printer: await serve(printer),
      keypad: await serve(keypad),
      pinPad: await serve(pinPad, more.pinPad === true),
      scanner: await serve(scanner, more.scanner === true),
      display: await serve(display, more.display === true),
    },
    async close() {
      await Promise.all(served.map((device) => device.close()));
    },
  };
}
