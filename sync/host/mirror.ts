import * as v from 'valibot';
import { type JournalOnWire, journalOnWire } from '../protocol/common.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { accountOf, balanceOf } from './chart.ts';
import type { Line } from './effects.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** The mirror of a terminal's book: every journal that came up, unique by its key, and running sums for each account. */

const linesSchema = journalOnWire.entries.lines;

/**
 * The journals of a row that are not in the mirror yet. Throws `HostReject` for one that does not balance (P-01), names an account that
 * is not in the chart, or carries a key that has other content here (P-05).
 */
export async function newJournals(
  trx: HostTrx,
  from: TerminalRef,
  journals: readonly JournalOnWire[],
): Promise<JournalOnWire[]> {
  const fresh = new Map<string, JournalOnWire>();
  for (const journal of journals) {
    checkJournal(journal);
    const twin = fresh.get(journal.key) ?? (await findJournal(trx, from, journal.key));
    if (twin && contentOf(twin) !== contentOf(journal)) throw new HostReject('IDEMPOTENCY_CONFLICT');
    if (!twin) fresh.set(journal.key, journal);
  }
  return [...fresh.values()];
}

function checkJournal(journal: JournalOnWire): void {
  let debit = 0;
  let credit = 0;
  for (const [key, side, fen] of journal.lines) {
    if (!accountOf(key)) throw new HostReject('UNKNOWN_ACCOUNT');
    if (side === 'D') debit += fen;
    else credit += fen;
  }
  if (debit !== credit || !Number.isSafeInteger(debit)) throw new HostReject('UNBALANCED_JOURNAL');
}

const contentOf = (journal: Pick<JournalOnWire, 'event' | 'no' | 'lines'>): string =>
  JSON.stringify([journal.event, journal.no, journal.lines]);

async function findJournal(trx: HostTrx, from: TerminalRef, key: string) {
  const row = await trx
    .selectFrom('host_journals')
    .select(['event', 'no', 'lines_json'])
    .where((eb) => eb.and({ ...owner(from), journal_key: key }))
    .executeTakeFirst();
  return row && { event: row.event, no: row.no, lines: readLines(row.lines_json) };
}

export const readLines = (json: string): Line[] => v.parse(linesSchema, JSON.parse(json));

/** A journal of this event about `no` is in the mirror; of any key but `except`. */
export async function isPosted(
  trx: HostTrx,
  from: TerminalRef,
  event: string,
  no: string,
  except = '',
): Promise<boolean> {
  const row = await trx
    .selectFrom('host_journals')
    .select('journal_key')
    .where((eb) => eb.and({ ...owner(from), event, no }))
    .where('journal_key', '!=', except)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes the journals and adds them to the running sums. The mirror holds what the terminal posted, right or not (P-26 b). */
export async function postJournals(trx: HostTrx, from: TerminalRef, journals: readonly JournalOnWire[]): Promise<void> {
  if (journals.length === 0) return;
  await trx
    .insertInto('host_journals')
    .values(
      journals.map((journal) => ({
        ...owner(from),
        journal_key: journal.key,
        event: journal.event,
        no: journal.no,
        at: journal.at,
        by_actor: journal.by,
        lines_json: JSON.stringify(journal.lines),
      })),
    )
    .execute();
  const sums = new Map<string, Sum>();
  for (const { lines } of journals) addLines(sums, lines);
  await trx
    .insertInto('mirror')
    .values(
      [...sums].map(([account, sum]) => ({ ...owner(from), account, debit_fen: sum.debit, credit_fen: sum.credit })),
    )
    .onConflict((oc) =>
      oc.columns(['merchant', 'terminal', 'account']).doUpdateSet((eb) => ({
        debit_fen: eb('mirror.debit_fen', '+', eb.ref('excluded.debit_fen')),
        credit_fen: eb('mirror.credit_fen', '+', eb.ref('excluded.credit_fen')),
      })),
    )
    .execute();
}

export interface Sum {
  debit: number;
  credit: number;
}

/** Adds the lines to the sums of their accounts. */
export function addLines(sums: Map<string, Sum>, lines: readonly Line[]): void {
  for (const [account, side, fen] of lines) {
    const sum = sums.get(account) ?? { debit: 0, credit: 0 };
    if (side === 'D') sum.debit += fen;
    else sum.credit += fen;
    sums.set(account, sum);
  }
}

/** Balances by account key, on the account's normal side, in fen; only the accounts asked for, or all. */
export async function mirrorBalances(
  trx: HostTrx,
  from: TerminalRef,
  accounts?: readonly string[],
): Promise<Map<string, number>> {
  if (accounts?.length === 0) return new Map();
  let query = trx
    .selectFrom('mirror')
    .selectAll()
    .where((eb) => eb.and(owner(from)));
  if (accounts) query = query.where('account', 'in', accounts);
  const rows = await query.orderBy('account').execute();
  return new Map(rows.map((row) => [row.account, balanceOf(row.account, row.debit_fen - row.credit_fen)]));
}
