import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Payment } from '../payments/payment.ts';
import { faultSlip, headLines, type SlipHead, saleSlip } from '../payments/receipt.ts';
import { countPrint } from '../payments/store.ts';
import type { Batch } from '../settlement/batch.ts';
import { batchSlip } from '../settlement/batch-slip.ts';
import { merchantName } from './sign-in.ts';
import { oneAtATime, until, type World } from './world.ts';

/** Printing: always after the commit, never a reason to change money (payments.md, Reversal 6). Each returns the printer's problem, if any. */

const slipHead = (world: World): SlipHead => ({
  merchantName: merchantName(world),
  merchant: world.config.merchant,
  terminal: world.config.terminal,
  simulated: world.simulated,
});

export async function printSale(
  world: World,
  payment: Payment,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const slip = (again: boolean): Slip => saleSlip(slipHead(world), payment, again);
  const printed = await print(world, { of: payment.no, slip, duplicate }, signal);
  if ('problem' in printed) return printed.problem;
  at('sale.printed');
  recordPrint(world, payment, printed.duplicate);
  at('sale.after-printed');
  return undefined;
}

/** What cannot be counted is on paper all the same: a full disk must not make an approved sale look refused. */
function recordPrint(world: World, payment: Payment, duplicate: boolean): void {
  try {
    inTransaction(world.db, (tx) => {
      countPrint(tx, payment.no);
      if (duplicate)
        audit(tx, { at: world.clock.now(), by: payment.operator, action: 'reprint', about: payment.no, outcome: 'ok' });
    });
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    world.log('error', 'print-not-counted', { payment: payment.no, code: error.code });
  }
}

export async function printFault(world: World, payment: Payment): Promise<string | undefined> {
  const slip = (): Slip => faultSlip(slipHead(world), payment);
  const printed = await print(world, { of: `fault ${payment.no}`, slip, duplicate: false });
  return 'problem' in printed ? printed.problem : undefined;
}

const batchSlipName = ({ id }: Batch): string => `batch ${id}`;

/** Why the slip of this batch is not on paper, as far as this process knows. */
export const batchSlipProblem = ({ session, printer }: World, batch: Batch): string =>
  session.unfinishedSlip?.of === batchSlipName(batch)
    ? session.unfinishedSlip.problem
    : (printer.status().problem ?? 'DEVICE_FAULT');

export async function printBatch(
  world: World,
  batch: Batch,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const head = slipHead(world);
  const lines = { lines: headLines(head), simulated: head.simulated };
  const slip = (again: boolean): Slip => batchSlip(lines, batch, again);
  const printed = await print(world, { of: batchSlipName(batch), slip, duplicate }, signal);
  return 'problem' in printed ? printed.problem : undefined;
}

const connectPatienceMs = 3_000;

/** Right after a start or a replug the printer may be on its way: a slip that waits a moment need not be reprinted by hand. */
async function whileConnecting(world: World): Promise<void> {
  if (world.printer.status().state !== 'connecting') return;
  const patience = new AbortController();
  const stopWaiting = world.clock.after(connectPatienceMs, () => patience.abort());
  await until(world, () => world.printer.status().state !== 'connecting', patience.signal);
  stopWaiting();
}

interface PrintJob {
  /** What the slip is of: the same words, the same slip. */
  readonly of: string;
  readonly slip: (duplicate: boolean) => Slip;
  readonly duplicate: boolean;
}

type Printed = { readonly duplicate: boolean } | { readonly problem: string };

/** One slip at a time: two flows may want the printer at once. `signal` keeps a slip from being begun; one that was begun is finished. */
function print(world: World, job: PrintJob, signal?: AbortSignal): Promise<Printed> {
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
