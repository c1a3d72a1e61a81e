import { fen } from '../../terminal/base/money.ts';
import type { PaymentDialog, SaleOutcome, SaleStep, TransactionView } from '../../terminal/flows/counter.ts';
import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { textOf } from './scenario.ts';

/** The other transactions of the counter, as a cashier and a customer make them; and what the books say of them. */

export interface Ask extends Partial<Pick<PaymentDialog, 'signal' | 'acceptPart' | 'askCode'>> {
  readonly onStep?: (step: SaleStep) => void;
}

export const secretOf00 = '123456';

/** The customer holds a card to the reader when one is asked for; the cashier says yes to it. */
export function dialogOf(system: TestSystem, ask: Ask = {}): PaymentDialog {
  const { onStep, ...others } = ask;
  return {
    signal: new AbortController().signal,
    confirm: async () => true,
    progress(step) {
      if (step.at === 'card') system.devices.reader.present(unionPayCard);
      onStep?.(step);
    },
    ...others,
  };
}

export const preauth = (system: TestSystem, amountFen: number, ask?: Ask): Promise<SaleOutcome> =>
  system.cashier.preauth(fen(amountFen), dialogOf(system, ask));

export const completion = (system: TestSystem, stan: string, amountFen: number, ask?: Ask): Promise<SaleOutcome> =>
  system.cashier.completion({ by: 'voucher', stan }, fen(amountFen), dialogOf(system, ask));

export const takeBack = (
  system: TestSystem,
  how: 'void' | 'preauthVoid' | 'completionVoid',
  stan: string,
  ask?: Ask,
): Promise<SaleOutcome> => system.cashier[how](stan, secretOf00, dialogOf(system, ask));

/** Of an outcome that must be an approval. */
export function approvedTxn(outcome: SaleOutcome): TransactionView {
  if (outcome.kind !== 'approved') throw new Error(`not approved but ${JSON.stringify(outcome)}`);
  return outcome.txn;
}

export const sale = async (system: TestSystem, amountFen: number): Promise<TransactionView> =>
  approvedTxn(await system.sell(amountFen));

/** `sale PAID, void DONE`, in order of STAN; without what ended before anything was sent. */
export const states = (system: TestSystem): string =>
  system.db
    .prepare<[], string>("SELECT txn || ' ' || state FROM payment WHERE why IS NULL OR state <> 'FAILED' ORDER BY id")
    .pluck()
    .all()
    .join(', ');

/** The events of all journals, in the order of posting: `J-01 J-02`. */
export const journals = (system: TestSystem): string =>
  system.db.prepare<[], string>('SELECT event FROM journal ORDER BY id').pluck().all().join(' ');

/** Of the open or newest batch, all groups: `debit 1/100.00 credit 0/0.00`. */
export function totals(system: TestSystem): string {
  const sum = (side: string, what: string): string =>
    ['domestic', 'foreign', 'codes'].map((group) => `${group}_${side}_${what}`).join(' + ');
  const figure = (side: string): string =>
    `'${side} ' || (${sum(side, 'count')}) || '/' || printf('%.2f', (${sum(side, 'fen')}) / 100.0)`;
  return (
    system.db
      .prepare<[], string>(
        `SELECT ${figure('debit')} || ' ' || ${figure('credit')} FROM batch ORDER BY id DESC LIMIT 1`,
      )
      .pluck()
      .get() ?? 'no batch'
  );
}

/** The type lines of the slips that came out, one for each: `撤销 VOID`. */
export const slipTypes = (system: TestSystem): readonly string[] =>
  system
    .slips()
    .flatMap((slip) => slip.filter((line) => line.includes('TXN TYPE')))
    .map((line) => line.replace(/^交易类型\(TXN TYPE\)\s+/, '').trim());

/** What the wire says, each message once: `up` requests and `down` answers of one kind. */
export function onAuth(
  system: TestSystem,
  way: 'up' | 'down',
  kind: string,
  then: (message: Buffer) => 'drop' | undefined,
): () => void {
  const part = way === 'up' ? `"request":{"kind":"${kind}"` : `"answer":{"kind":"${kind}"`;
  const off = system.wire.rule(({ topic, payload }) => {
    if (!topic.endsWith(`/${way}/auth`) || !textOf(payload).includes(part)) return undefined;
    return then(payload);
  });
  return off;
}
