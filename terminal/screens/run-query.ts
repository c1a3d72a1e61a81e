import { programVersion, schemaNumber } from '../base/program-version.ts';
import type { Counter } from '../flows/counter.ts';
import { type AboutTxn, isTakeBack } from './payment-places.ts';
import { readDesk } from './run-desk.ts';
import type { Answer, Query } from './state.ts';

const shownTransactions = 50;

/** What can be said at once. Throws TerminalError. */
export function read(counter: Counter, query: Query): Answer {
  switch (query) {
    case 'offer':
      return { is: 'offer', offer: counter.settlementOffer() };
    case 'transactions':
      return { is: 'transactions', rows: counter.transactions(shownTransactions) };
    case 'last':
      return { is: 'last', txn: counter.lastTransaction() };
    case 'settlements':
      return { is: 'settlements', rows: counter.settlements() };
    case 'operators':
      return { is: 'operators', rows: counter.staff.list() };
    case 'shift':
      return { is: 'shift', shift: counter.shift() };
    case 'version':
      return { is: 'version', version: programVersion(), schema: schemaNumber };
    default:
      return readDesk(counter, query);
  }
}

export function lookUp(counter: Counter, stan: string, to: AboutTxn | undefined): Answer {
  const supervised = to !== undefined && isTakeBack(to) && counter.needsSupervisor(to);
  return { is: 'looked-up', stan, txn: counter.transaction(stan), supervised };
}
