import type { Slip } from '../../drivers/devices.ts';
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
  const problem = await print(world, saleSlip(slipHead(world), payment, duplicate), signal);
  if (problem) return problem;
  at('sale.printed');
  recordPrint(world, payment, duplicate);
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

export const printFault = (world: World, payment: Payment): Promise<string | undefined> =>
  print(world, faultSlip(slipHead(world), payment));

export function printBatch(
  world: World,
  batch: Batch,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const head = slipHead(world);
  return print(world, batchSlip({ lines: headLines(head), simulated: head.simulated }, batch, duplicate), signal);
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

/** One slip at a time: two flows may want the printer at once. `signal` keeps a slip from being begun; one that was begun is finished. */
function print(world: World, slip: Slip, signal?: AbortSignal): Promise<string | undefined> {
  return oneAtATime(world, 'printer', async () => {
    await whileConnecting(world);
    if (signal?.aborted) return 'CANCELLED';
    try {
      await world.printer.print(slip);
      return undefined;
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      world.log('warn', 'print-failed', { code: error.code });
      return error.code;
    }
  });
}
