import { codeScanner } from '../../drivers/scanner/code-scanner.ts';
import { scannerProfiles } from '../../drivers/scanner/profiles.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedScanner } from '../../drivers/simulator/simulated-scanner.ts';
import { testClock } from '../support/test-clock.ts';
import { type LogLine, type Outcome, watch } from './rig.ts';

/** Made up, with the form of payment codes. */
export const CODE = '134512345678901234';
export const OTHER = '6212345678901234567';
/** Long enough for the start of a scan (wake, command, answer), and for a scanner to settle behind one. */
export const START_MS = 70;
export const SETTLE_MS = 1_000;

export type ProfileName = keyof typeof scannerProfiles;
/** The real driver, ready, with a simulated scanner at the other end that speaks the same profile. */
export async function scannerRig(name: ProfileName) {
  const clock = testClock();
  const log: LogLine[] = [];
  const profile = scannerProfiles[name];
  const simulator = simulatedScanner({ clock, profile });
  const port = simulatedPort(simulator, { clock });
  const scanner = codeScanner({
    name: 'scanner',
    port,
    clock,
    random: () => 0.5,
    profile,
    log: (event, details) => log.push({ event, details }),
  });
  const dropped = { count: 0 };
  scanner.onDropped(() => {
    dropped.count += 1;
  });
  scanner.start();
  await clock.advance(START_MS);
  const cancel = new AbortController();
  const ask = async (timeoutMs = 60_000) => {
    const scan = watch(scanner.scan(timeoutMs, cancel.signal));
    await clock.advance(START_MS);
    return scan;
  };
  return { clock, log, simulator, port, scanner, dropped, cancel, ask };
}

/** How a scan ended, in words. */
export const ending = (scan: Outcome<{ readonly text: string }>): string =>
  scan.value?.text ?? scan.error?.code ?? (scan.done ? 'nothing' : 'waits');
