import { inTransaction } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { type Fault, faultOf, faultOfRefund, faultWork } from '../payments/fault-slip.ts';
import { paymentByNo } from '../payments/queries.ts';
import { refundByNo } from '../payments/refund-queries.ts';
import { faultSlipName, printFault } from './print.ts';
import type { World } from './world.ts';

/**
 * Prints the fault slip of what is still wrong with a payment or a refund when its time has come, also after a restart. Without a printer it is tried again
 * later; a slip that waits to be continued goes first.
 */
export async function printFaults(world: World): Promise<void> {
  const { db, clock, config } = world;
  for (const { about } of workDueAt(db, clock.now()).filter(({ kind }) => kind === faultWork)) {
    const fault = findFault(world, about);
    const isDone = !fault || (mayPrint(world, fault) && (await printFault(world, fault)) === undefined);
    inTransaction(db, (tx) => {
      if (isDone) finishWork(tx, faultWork, about);
      else schedule(tx, faultWork, about, clock.now() + config.limits.reversalRetryMaxMs);
    });
  }
}

function mayPrint({ printer, session: { unfinishedSlip } }: World, fault: Fault): boolean {
  const isFree = unfinishedSlip === undefined || unfinishedSlip.of === faultSlipName(fault);
  return isFree && printer.status().state === 'ready';
}

function findFault({ db }: World, no: string): Fault | undefined {
  const payment = paymentByNo(db, no);
  if (payment) return faultOf(payment);
  const refund = refundByNo(db, no);
  return refund && faultOfRefund(refund);
}
