import { TerminalError } from '../base/errors.ts';
import type { Counter } from '../flows/counter.ts';
import type { DeskAnswer, DeskCommand, DeskProgress, DeskQuery, DeskResult } from './desk-places.ts';

/** Carries out what the desks are asked for. */
export async function performDesk(
  counter: Counter,
  command: DeskCommand,
  signal: AbortSignal,
  progress: (progress: DeskProgress) => void,
): Promise<DeskResult> {
  const { refunds, codes, stored, risk, invoices, upkeep } = counter;
  switch (command.is) {
    case 'refund-find':
      return { of: 'refund-find', offer: await refunds.find(command.reference, signal) };
    case 'refund':
    case 'approved-refund': {
      const { offer, amountFen: amount } = command;
      const order = { payment: offer.payment, amount, ...('secret' in command && { secret: command.secret }) };
      return { of: 'refund', outcome: await refunds.refund(order, signal, (step) => progress({ of: 'refund', step })) };
    }
    case 'code-sale': {
      const { amountFen, way } = command;
      const tell = (step: Extract<DeskProgress, { of: 'code-sale' }>['step']) => progress({ of: 'code-sale', step });
      return { of: 'code-sale', outcome: await codes.sale(amountFen, way, signal, tell) };
    }
    case 'find':
      return { of: 'find', txn: find(counter, command) };
    case 'advise':
      return { of: 'advise', outcome: await stored.advise(command.stan, command.amountFen) };
    case 'report':
      await risk.report(aboutOf(counter, command.about), command.reason, command.where);
      return { of: 'desk-done' };
    case 'invoice-offer': {
      const stan = command.stan ?? lastPaid(counter);
      return { of: 'invoice-offer', offer: stan === undefined ? undefined : await invoices.offer(stan) };
    }
    case 'invoice-title':
      return { of: 'invoice-title', scanned: await invoices.scanTitle(signal) };
    case 'invoice-issue':
      return {
        of: 'invoice',
        outcome: await invoices.issue(command.order, signal, (step) => progress({ of: 'invoice', step })),
      };
    case 'invoice-red':
      return {
        of: 'invoice',
        outcome: await invoices.red(command.invoice, signal, (step) => progress({ of: 'invoice', step })),
      };
    case 'invoice-print':
      await invoices.reprint(command.invoice, signal);
      return { of: 'desk-done' };
    case 'sign-off':
      await counter.signOff(signal);
      return { of: 'desk-done' };
    case 'drawer':
      if (counter.needsSupervisor('drawer')) return { of: 'drawer-needs-secret' };
      await counter.openDrawer();
      return { of: 'desk-done' };
    case 'approved-drawer':
      await counter.openDrawer(command.secret);
      return { of: 'desk-done' };
    case 'echo':
      return { of: 'echo', echo: await upkeep.echo(signal) };
    case 'download':
      return { of: 'download', downloaded: await upkeep.download(signal) };
    case 'tell-state':
      await upkeep.tellState();
      return { of: 'desk-done' };
  }
}

/** A list holds the own shift; what is suspicious may be anybody's. NOT_FOUND for a voucher that there is not. */
function find(counter: Counter, { stan, why }: Extract<DeskCommand, { is: 'find' }>) {
  if (stan === undefined) return counter.lastTransaction();
  const found = why === 'show' ? counter.query(stan) : counter.transaction(stan);
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  return found;
}

/** The voucher of the last payment; of a refund it is that of what was paid. */
function lastPaid(counter: Counter): string | undefined {
  const last = counter.lastTransaction();
  return last?.type === 'refund' ? last.originalStan : last?.stan;
}

function aboutOf(counter: Counter, about: Extract<DeskCommand, { is: 'report' }>['about']): string | undefined {
  if (about === 'nothing') return undefined;
  return about === 'last' ? counter.lastTransaction()?.payment : about.payment;
}

export function readDesk({ batchSummary, stored, upkeep }: Counter, query: DeskQuery): DeskAnswer {
  switch (query) {
    case 'summary':
      return { is: 'summary', summary: batchSummary() };
    case 'stored':
      return { is: 'stored', rows: stored.waiting() };
    case 'troubles':
      return { is: 'troubles', rows: upkeep.troubles() };
  }
}
