import { type Day, shareOf } from './day.ts';
import type { Deed, Step } from './steps.ts';

/** What people at the host do. */

type Of<K extends Step['do']> = Extract<Step, { do: K }>;

export async function clear(day: Day): Promise<void> {
  const [batch] = day.system.host.rows("SELECT batch FROM batches WHERE state = 'CLOSED' ORDER BY opened_at LIMIT 1");
  if (batch) await day.order({ command: 'clear-batch', batch: batch['batch'] });
}

/** About everything that waits for a person. */
export async function decide(day: Day, succeeds: boolean): Promise<void> {
  const outcome = succeeds ? 'succeeded' : 'failed';
  for (const { no } of day.system.host.rows("SELECT no FROM refunds WHERE state = 'PROCESSING' AND due_at IS NULL"))
    await day.order({ command: 'refund-decide', no, outcome });
  for (const { no } of day.system.host.rows("SELECT no FROM settlements WHERE state = 'PROCESSING' AND due_at IS NULL"))
    await day.order({ command: 'settle-decide', no, outcome });
}

export async function freezeOrCharge(
  day: Day,
  { do: command, which, percent }: Of<'freeze' | 'charge-back'>,
): Promise<void> {
  const paid = day.system.host.rows(
    `SELECT payment, amount_fen FROM approvals WHERE state IN ('APPROVED', 'CLEARED') AND terminal = ?
     AND txn IN ('sale', 'completion', 'code-sale', 'stored-sale', 'completion-advice') ORDER BY payment DESC`,
    day.system.config.terminal,
  );
  const one = paid[which % Math.max(1, paid.length)];
  if (!one) return;
  await day.order({ command, payment: one['payment'], amountFen: shareOf(Number(one['amount_fen']), percent) });
}

export async function unfreeze(day: Day, { which }: Of<'unfreeze'>): Promise<void> {
  const live = day.system.host.rows("SELECT no FROM freezes WHERE state <> 'ENDED' AND ending = 0 ORDER BY no");
  const one = live[which % Math.max(1, live.length)];
  if (one) await day.order({ command: 'unfreeze', no: one['no'] });
}

/** Three sales of 100.00 at another terminal of the merchant; the host knows them, and their clearing. */
export function sellElsewhere(day: Day): void {
  const { merchant } = day.system.config;
  for (const n of [0, 1, 2])
    day.system.host.tamper(`INSERT INTO approvals (merchant, terminal, payment, txn, original, batch, stan, asked_fen, amount_fen, discount_fen, fee_fen,
        rate_id, card_group, entry, card_masked, code, rrn, auth_code, state, booked_by, at, cleared_at, valid_until)
      VALUES ('${merchant}', '20000002', 'THERE${n}', 'sale', NULL, '000007', '00012${n}', 10000, 10000, 0, 38, NULL, 'domestic',
        'CONTACTLESS', '622202*********0128', '00', '99999999999${n}', '123456', 'CLEARED', 'request', ${day.clock.now()}, ${day.clock.now()}, NULL)`);
}

export const isOfHost = (
  step: Step,
): step is Extract<Deed, { do: 'clear' | 'decide' | 'freeze' | 'charge-back' | 'unfreeze' }> =>
  ['clear', 'decide', 'freeze', 'charge-back', 'unfreeze'].includes(step.do);
