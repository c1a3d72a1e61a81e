import type { Counter } from '../flows/counter.ts';
import { performDesk } from './run-desk.ts';
import { performPayment } from './run-payment.ts';
import type { Tools } from './run-tools.ts';
import type { Command, Result } from './state.ts';

/** Carries out what can take a while. Throws TerminalError. */
export async function perform(counter: Counter, command: Command, tools: Tools): Promise<Result> {
  const { signal, progress } = tools;
  switch (command.is) {
    case 'log-on':
      await counter.logOn(command.operator, command.secret, command.newSecret);
      if (signal.aborted) counter.logOff(); // 取消 came while the secret was checked
      return { of: 'log-on' };
    case 'add-operator':
      await counter.staff.add(command.operator, command.newSecret);
      return { of: 'staff' };
    case 'remove-operator':
      await counter.staff.remove(command.operator, command.secret);
      return { of: 'staff' };
    case 'set-secret':
      await counter.staff.setSecret(command.operator, command.newSecret);
      return { of: 'staff' };
    case 'change-secret':
      await counter.staff.changeSecret(command.secret, command.newSecret);
      return { of: 'staff' };
    case 'hand-over':
      return { of: 'hand-over', printProblem: (await counter.handOver(command.print)).printProblem };
    case 'print-shift':
      await counter.printShift(undefined, signal);
      return { of: 'print-shift' };
    case 'sign-in':
      await counter.signIn(signal);
      return { of: 'sign-in' };
    case 'self-check':
      return { of: 'self-check', checks: (await counter.selfCheck()).checks };
    case 'reprint':
      await counter.reprint(command.target, signal);
      return { of: 'reprint' };
    case 'close':
      return { of: 'close', outcome: await counter.closeBatch(signal, (step) => progress({ of: 'close', step })) };
    case 'settle': {
      const { amountFen, offer } = command;
      const settlement = await counter.settle(amountFen, offer, signal, (step) => progress({ of: 'settle', step }));
      return { of: 'settle', settlement };
    }
    case 'sale':
    case 'preauth':
    case 'completion':
    case 'stored-sale':
    case 'balance':
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      return { of: 'payment', outcome: await performPayment(counter, command, tools) };
    default:
      return performDesk(counter, command, signal, progress);
  }
}
