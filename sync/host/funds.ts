import type { TerminalRef } from './business.ts';
import type { FundsTable } from './business-tables.ts';
import { owner } from './host.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

export interface Paid {
  readonly account: FundsTable['account'];
  /** The business date of the batch whose receivable it pays. */
  readonly date: string;
  /** Below zero: the host had to pay. */
  readonly amountFen: number;
  readonly batch: string;
  readonly now: number;
}

/** The channel paid the host, or was paid (J-05 at the terminal). Nothing for zero. */
export async function receiveFunds(trx: HostTrx, to: TerminalRef, paid: Paid): Promise<void> {
  const { account, date, amountFen, batch, now } = paid;
  if (amountFen === 0) return;
  const last = await trx
    .selectFrom('funds')
    .select((eb) => eb.fn.max('n').as('n'))
    .where((eb) => eb.and({ ...owner(to), account, date }))
    .executeTakeFirst();
  const n = Number(last?.n ?? 0) + 1;
  await trx
    .insertInto('funds')
    .values({ ...owner(to), account, date, n, amount_fen: amountFen, batch, posted: 0 })
    .execute();
  const no = `fund:${account}:${date}:${n}`;
  await sendDown(trx, to, { kind: 'funds-received', id: no, body: { no, at: now, account, date, n, amountFen } });
}
