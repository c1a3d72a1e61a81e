import type { Opening } from '../protocol/book.ts';
import type { UpRow } from '../protocol/rows.ts';
import type { TerminalRef } from './business.ts';
import { balanceOf } from './chart.ts';
import { recordDifference } from './differences.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import type { RowPlan } from './row-plan.ts';
import type { HostTrx } from './store.ts';

/** `opening`: the book of a terminal after it got it back, by account code, against its mirror (P-26 a: everything before it in the stream is applied). */
export async function planOpening(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  body: Opening,
): Promise<RowPlan> {
  const mirror = await sumsByCode(trx, from);
  const book = new Map(body.facts.sums);
  const codes = [...new Set([...book.keys(), ...mirror.keys()])].toSorted();
  const different = codes.filter((code) => (book.get(code) ?? 0) !== (mirror.get(code) ?? 0));
  return {
    expected: noEffects,
    apply: async () => {
      for (const code of different) {
        const [bookFen, mirrorFen] = [balanceOf(code, book.get(code) ?? 0), balanceOf(code, mirror.get(code) ?? 0)];
        await recordDifference(trx, from, row, { account: code, bookFen, mirrorFen }, host.clock.now());
      }
      host.log('info', 'host.book-restored', { ...owner(from), epoch: body.facts.epoch, differs: different.length });
    },
  };
}

/** Debit less credit, over all dimensions of a code. */
async function sumsByCode(trx: HostTrx, from: TerminalRef): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('mirror')
    .select(['account', 'debit_fen', 'credit_fen'])
    .where((eb) => eb.and(owner(from)))
    .execute();
  const sums = new Map<string, number>();
  for (const { account, debit_fen: debit, credit_fen: credit } of rows) {
    const code = account.slice(0, 4);
    sums.set(code, (sums.get(code) ?? 0) + debit - credit);
  }
  return sums;
}
