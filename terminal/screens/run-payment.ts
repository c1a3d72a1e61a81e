import type { Counter, PaymentDialog } from '../flows/counter.ts';
import type { PaymentCommand, PaymentOutcome, PaymentStage } from './payment-places.ts';
import type { Tools } from './run-tools.ts';

/** Card transactions, with the questions they ask on their way. */
export function performPayment(counter: Counter, command: PaymentCommand, tools: Tools): Promise<PaymentOutcome> {
  const dialog = dialogOf(tools);
  switch (command.is) {
    case 'sale': {
      const { signal, progress, confirm, ...questions } = dialog;
      return counter.sale(command.amountFen, signal, progress, confirm, command.fallback, questions);
    }
    case 'preauth':
      return counter.preauth(command.amountFen, dialog, command.fallback);
    case 'completion':
      return counter.completion(command.of, command.amountFen, dialog, command.fallback);
    case 'stored-sale':
      return counter.stored.sale(command.amountFen, dialog);
    case 'balance':
      return counter.balance(dialog, command.fallback);
    case 'void':
    case 'preauth-void':
    case 'completion-void': {
      const secret = 'secret' in command ? command.secret : undefined;
      return counter[takeBack[command.is]](command.original.stan, secret, dialog, command.fallback);
    }
  }
}

const takeBack = { void: 'void', 'preauth-void': 'preauthVoid', 'completion-void': 'completionVoid' } as const;

function dialogOf({ signal, progress, ask }: Tools): Required<PaymentDialog> {
  const stage = (step: PaymentStage) => ({ of: 'payment', step }) as const;
  return {
    signal,
    progress: (step) => progress(stage(step)),
    confirm: async (card) => (await ask(stage({ at: 'confirm', ...card }))) === true,
    acceptPart: async (part) => (await ask(stage({ at: 'part', ...part }))) === true,
    async askCode(wanted) {
      const said = await ask(stage({ at: 'code', digits: '', ...wanted }));
      return typeof said === 'string' ? said : undefined;
    },
  };
}
