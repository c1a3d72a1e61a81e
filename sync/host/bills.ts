import * as v from 'valibot';
import { type BillLine, type BillWanted, billLine } from '../protocol/bills.ts';
import { linesAfter } from './bill-lines.ts';
import { type Plant, plant } from './bill-plant.ts';
import type { BillTable, Spoil } from './bill-tables.ts';
import type { TerminalRef } from './business.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { numbersOfDay } from './number-day.ts';
import type { RowPlan } from './row-plan.ts';
import { isDay, shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** Bills (对账单) of a terminal and day: who orders one, and what the newest says. bill-press.ts makes and sends them. */

export type BillKey = TerminalRef & Pick<BillTable, 'date' | 'version'>;

export const keyOf = (bill: BillKey) => ({ ...owner(bill), date: bill.date, version: bill.version });

/** A new version of the bill of that day, to be made. What was planted in the version before stays, unless something else is planted. */
export async function orderBill(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  date: string,
  by?: { readonly plant: readonly Plant[]; readonly spoil?: Spoil | undefined },
): Promise<void> {
  const last = await newestBill(trx, of, date);
  await trx
    .insertInto('bills')
    .values({
      ...owner(of),
      date,
      version: (last?.version ?? 0) + 1,
      state: 'BUILDING',
      planted_json: by ? JSON.stringify(by.plant) : (last?.planted_json ?? '[]'),
      spoil: by?.spoil ?? host.faults.take('spoil-bill')?.how ?? null,
      sha256: '',
      bytes: 0,
      rows: 0,
      gross_fen: 0,
      fee_fen: 0,
      parts: 0,
      sent_parts: 0,
      at: host.clock.now(),
    })
    .execute();
}

/** By a person. INVALID_PARAMETER for a day that is none or has not come; NOT_FOUND when what is to be planted on is not in it, or has not enough that is PAID. */
export async function publishBill(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  order: { readonly date: string; readonly plant: readonly Plant[]; readonly spoil?: Spoil | undefined },
): Promise<'done' | 'INVALID_PARAMETER' | 'NOT_FOUND'> {
  const { date, plant: planted } = order;
  if (!isDay(date) || date > shanghaiDay(host.clock.now())) return 'INVALID_PARAMETER';
  for (const { payment } of planted) {
    if (payment !== undefined && !(await hasLine(trx, of, date, payment))) return 'NOT_FOUND';
  }
  const onLines = planted.filter(({ kind, payment }) => kind !== 'surplus' && payment === undefined);
  if (onLines.length > 0 && !(await hasPaid(trx, of, date, planted.length))) return 'NOT_FOUND';
  await orderBill(host, trx, of, date, order);
  return 'done';
}

async function hasPaid(trx: HostTrx, of: TerminalRef, day: string, wanted: number): Promise<boolean> {
  let found = 0;
  let after: string | undefined = '';
  while (found < wanted && after !== undefined) {
    const lines: readonly BillLine[] = await linesAfter(trx, of, { day, after, limit: 500 });
    found += lines.filter(({ state }) => state === 'PAID').length;
    after = lines.at(-1)?.payment;
  }
  return found >= wanted;
}

async function hasLine(trx: HostTrx, of: TerminalRef, day: string, payment: string): Promise<boolean> {
  const { from, before } = numbersOfDay(day);
  if (payment <= from || payment >= before) return false;
  // Numbers that share all but the last character with it.
  const lines = await linesAfter(trx, of, { day, after: payment.slice(0, -1), limit: 40 });
  return lines.some((line) => line.payment === payment);
}

/** `bill-wanted`: the version that it names could not be used, so there is another. One that is newer is on its way. */
export async function planBillWanted(host: Host, trx: HostTrx, from: TerminalRef, body: BillWanted): Promise<RowPlan> {
  const { date, version, reason } = body.facts;
  const last = await newestBill(trx, from, date);
  const newer = last !== undefined && last.version > version;
  if (newer || !isDay(date) || date > shanghaiDay(host.clock.now()))
    return { expected: noEffects, apply: async () => {} };
  return {
    expected: noEffects,
    apply: async () => {
      host.log('warn', 'host.bill-wanted', { ...owner(from), date, version, reason });
      await orderBill(host, trx, from, date);
    },
  };
}

async function newestBill(trx: HostTrx, of: TerminalRef, date: string): Promise<BillTable | undefined> {
  return trx
    .selectFrom('bills')
    .selectAll()
    .where((eb) => eb.and({ ...owner(of), date }))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export const plantedIn = (bill: Pick<BillTable, 'planted_json'>): Plant[] =>
  v.parse(v.array(plant), JSON.parse(bill.planted_json));

/** The bills of that day that were sent, the newest first. */
export async function sentVersions(trx: HostTrx, of: TerminalRef, date: string): Promise<number[]> {
  const rows = await trx
    .selectFrom('bills')
    .select('version')
    .where((eb) => eb.and({ ...owner(of), date, state: 'SENT' }))
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ version }) => version);
}

/** What a bill says of a payment; undefined: nothing. */
export async function billedLine(trx: HostTrx, bill: BillKey, payment: string): Promise<BillLine | undefined> {
  const part = await trx
    .selectFrom('bill_parts')
    .select('bytes')
    .where((eb) => eb.and(keyOf(bill)))
    .where('first', '<=', payment)
    .orderBy('i', 'desc')
    .limit(1)
    .executeTakeFirst();
  for (const text of part?.bytes.toString('utf8').split('\n') ?? []) {
    if (!text.includes(payment)) continue;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), billLine), text);
    if (parsed.success && parsed.output.payment === payment) return parsed.output;
  }
  return undefined;
}
