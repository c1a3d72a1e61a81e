import { shanghai } from '../../terminal/base/clock.ts';
import type { TransactionAnswer } from '../../terminal/cli/contract.ts';
import type { Counter, Ended } from '../stage/customer.ts';
import { advise, askBalance, charge, complete, refund, scanCode, showCode, takeBack } from '../stage/transactions.ts';
import type { Transaction } from './step.ts';

/** A transaction of the day by its keys. `named`: those that later ones are about. */
export function makeTransaction(
  counter: Counter,
  step: Transaction,
  named: (name: string) => TransactionAnswer,
): Promise<Ended> {
  switch (step.do) {
    case 'sale':
    case 'preauth':
    case 'stored-sale':
      return charge(counter, step.do, step.amountFen, step.customer);
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      return takeBack(counter, step.do, named(step.of).stan);
    case 'completion':
      return complete(counter, named(step.of).stan, step.amountFen);
    case 'completion-advice':
      return advise(counter, named(step.of).stan, step.amountFen);
    case 'refund':
      return refund(counter, referenceTo(named(step.of), step.by), step.amountFen);
    case 'code-sale':
      return 'code' in step
        ? scanCode(counter, step.amountFen, step.code)
        : showCode(counter, step.wallet, step.amountFen, step.ends === 'closed');
    case 'balance':
      return askBalance(counter, step.customer);
  }
}

/** As a cashier reads it from the slip: its voucher, or reference and day. */
function referenceTo({ stan, rrn = '', at }: TransactionAnswer, by: 'voucher' | 'reference') {
  return by === 'voucher' ? { stan } : { rrn, date: shanghai(at).day.slice(5).replace('-', '') };
}

/** How each must end. */
export function endOf(step: Transaction): Ended['end'] {
  if ('ends' in step) return step.ends;
  if (step.do === 'balance') return 'shown';
  return step.do === 'completion-advice' ? 'stored' : 'approved';
}

type Effect = 'charges' | 'givenBack' | 'holds';

const effects: Readonly<Partial<Record<Transaction['do'], Effect>>> = {
  sale: 'charges',
  'stored-sale': 'charges',
  completion: 'charges',
  'completion-advice': 'charges',
  'code-sale': 'charges',
  void: 'givenBack',
  'completion-void': 'givenBack',
  refund: 'givenBack',
  preauth: 'holds',
};

/** What it does to the customer's money; undefined: nothing, or nothing in the end. */
export const effectOf = (step: Transaction, end: Ended['end']): Effect | undefined =>
  (end === 'approved' || end === 'stored') && !('refusedLater' in step && step.refusedLater)
    ? effects[step.do]
    : undefined;
