import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { oneAtATime, until, type World } from './world.ts';

/** One slip on its way to paper: always after the commit, never a reason to change money (payments.md, Reversal 6). */

interface PrintJob {
  /** What the slip is of: the same words, the same slip. */
  readonly of: string;
  readonly slip: (duplicate: boolean) => Slip;
  readonly duplicate: boolean;
}

type Printed = { readonly duplicate: boolean } | { readonly problem: string };

const connectPatienceMs = 3_000;

/** Right after a start or a replug the printer may be on its way: a slip that waits a moment need not be reprinted by hand. */
async function whileConnecting(world: World): Promise<void> {
  if (world.printer.status().state !== 'connecting') return;
  const patience = new AbortController();
  const stopWaiting = world.clock.after(connectPatienceMs, () => patience.abort());
  await until(world, () => world.printer.status().state !== 'connecting', patience.signal);
  stopWaiting();
}

/** One slip at a time: two flows may want the printer at once. `signal` keeps a slip from being begun; one that was begun is finished. */
export function print(world: World, job: PrintJob, signal?: AbortSignal): Promise<Printed> {
  return oneAtATime(world, 'printer', async () => {
    await whileConnecting(world);
    if (signal?.aborted) return { problem: 'CANCELLED' };
    try {
      const printed = await printOrContinue(world, job);
      world.session.unfinishedSlip = undefined;
      return printed;
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      const problem = String(error.details['problem'] ?? error.code);
      world.session.unfinishedSlip = { of: job.of, problem };
      world.log('warn', 'print-failed', { code: error.code, problem });
      return { problem };
    }
  });
}

const continued: Slip = [{ kind: 'text', text: '***续打/CONTINUED***', align: 'center' }];

/** The slip that failed last goes on where it stopped, so that no line of it stands on paper twice; else all of it, which then may be a second one. */
async function printOrContinue({ config, printer, session, logo }: World, job: PrintJob): Promise<Printed> {
  const goesOn = session.unfinishedSlip?.of === job.of && config.resumePrint === 'rest';
  if (goesOn && (await printer.resume(continued))) return { duplicate: job.duplicate };
  const duplicate = job.duplicate || goesOn;
  await printer.print(withLogo(job.slip(duplicate), logo));
  return { duplicate };
}

/** At the head of each copy. */
const withLogo = (slip: Slip, logo: World['logo']): Slip =>
  logo === undefined
    ? slip
    : slip.flatMap((line, index): readonly SlipLine[] =>
        index === 0 || slip[index - 1]?.kind === 'cut' ? [{ kind: 'image', image: logo }, line] : [line],
      );
