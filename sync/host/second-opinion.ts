import type { JournalOnWire } from '../protocol/common.ts';
import type { PaymentRecorded } from '../protocol/payments.ts';
import type { TerminalRef } from './business.ts';
import { type Effects, effectsOf, type Line, noEffects } from './effects.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/**
 * The host's own computation of the journals of accounting.md §3, from the facts of a row and its own decisions. What a row should not
 * have posted has no effects here, and so becomes a difference.
 */

const receivable = {
  MAG: '1101',
  CHIP: '1101',
  CONTACTLESS: '1101',
  QR_WECHAT: '1102',
  QR_ALIPAY: '1103',
  QR_UNIONPAY: '1104',
} as const;

/**
 * J-01, unless the host declined or gave back this very payment (P-26 d). A payment it does not know may be one it forgot: the batch
 * close is the place for that. The day is the batch's; the first journal of a batch sets it.
 */
export async function opinionOnSale(
  trx: HostTrx,
  from: TerminalRef,
  body: PaymentRecorded,
  batchDay: string | null,
): Promise<Effects> {
  if (body.facts.state !== 'PAID' || !(await mayBePaid(trx, from, body.no))) return noEffects;
  const code = receivable[body.facts.entry];
  const day = batchDay ?? dayOf(body.journals, code);
  return effectsOf([
    [`${code}:${day ?? 'none'}`, 'D', body.facts.amountFen],
    [`2001:${body.no}`, 'C', body.facts.amountFen],
  ]);
}

/** The day on which a row's journals book the receivable. */
export function dayOf(journals: readonly JournalOnWire[], code = '11'): string | null {
  const line = journals.flatMap((journal) => journal.lines).find(([account]) => account.startsWith(code));
  return line?.[0].slice('1101:'.length) ?? null;
}

async function mayBePaid(trx: HostTrx, from: TerminalRef, payment: string): Promise<boolean> {
  const approval = await trx
    .selectFrom('approvals')
    .select('state')
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
  if (approval) return approval.state === 'APPROVED' || approval.state === 'CLEARED';
  const barred = await trx
    .selectFrom('barred')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
  return barred === undefined;
}

/** J-20: held for the settlement. */
export function opinionOnSettle(no: string, amountFen: number): Effects {
  return effectsOf([
    ['2002', 'D', amountFen],
    [`2005:${no}`, 'C', amountFen],
  ]);
}

/** The journals of a `posted` row: each follows from something that the host itself decided. */
export async function opinionOnPosted(
  trx: HostTrx,
  from: TerminalRef,
  journals: readonly JournalOnWire[],
): Promise<Effects> {
  const lines: Line[] = [];
  for (const journal of journals) lines.push(...(await linesOf(trx, from, journal)));
  return effectsOf(lines);
}

async function linesOf(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  switch (journal.event) {
    case 'J-03':
      return clearing(trx, from, journal);
    case 'J-05':
      return funding(trx, from, journal);
    case 'J-21':
    case 'J-22':
    case 'J-23':
      return settling(trx, from, journal, journal.event);
    default:
      return [];
  }
}

async function clearing(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const payment = journal.lines.find(([account]) => account.startsWith('2001:'))?.[0].slice('2001:'.length);
  if (payment === undefined) return [];
  const approval = await trx
    .selectFrom('approvals')
    .select(['amount_fen', 'fee_fen'])
    .where((eb) => eb.and({ ...owner(from), payment, state: 'CLEARED' }))
    .executeTakeFirst();
  if (!approval) return [];
  return [
    [`2001:${payment}`, 'D', approval.amount_fen],
    ['2002', 'C', approval.amount_fen - approval.fee_fen],
    ['4001', 'C', approval.fee_fen],
  ];
}

/** Money received that no J-05 has taken up yet; the amount decides which, when a day has several. */
export async function findFunds(trx: HostTrx, from: TerminalRef, journal: JournalOnWire) {
  const key = journal.lines.find(([account]) => account.startsWith('110'))?.[0];
  if (key === undefined) return undefined;
  return trx
    .selectFrom('funds')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), date: key.slice('1101:'.length), posted: 0 }))
    .where('account', '=', fundsAccount(key))
    .where('amount_fen', '=', effectsOf(journal.lines).get('1001') ?? 0)
    .orderBy('n')
    .limit(1)
    .executeTakeFirst();
}

function fundsAccount(key: string): '1101' | '1102' | '1103' | '1104' {
  if (key.startsWith('1102')) return '1102';
  if (key.startsWith('1103')) return '1103';
  return key.startsWith('1104') ? '1104' : '1101';
}

async function funding(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const funds = await findFunds(trx, from, journal);
  if (!funds) return [];
  const [bank, channel] = funds.amount_fen > 0 ? (['D', 'C'] as const) : (['C', 'D'] as const);
  const fen = Math.abs(funds.amount_fen);
  return [
    ['1001', bank, fen],
    [`${funds.account}:${funds.date}`, channel, fen],
  ];
}

const settledStates = { 'J-21': ['SUCCEEDED', 'RETURNED'], 'J-22': ['REFUSED', 'FAILED'], 'J-23': ['RETURNED'] };

async function settling(
  trx: HostTrx,
  from: TerminalRef,
  journal: JournalOnWire,
  event: keyof typeof settledStates,
): Promise<Line[]> {
  const { no } = journal;
  const settlement = await trx
    .selectFrom('settlements')
    .select(['state', 'amount_fen', 'service_fee_fen'])
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
  if (!settlement || !settledStates[event].includes(settlement.state)) return [];
  if (await isPostedAlready(trx, from, journal)) return [];
  const { amount_fen: amount, service_fee_fen: fee } = settlement;
  if (event === 'J-21')
    return [
      [`2005:${no}`, 'D', amount],
      ['1001', 'C', amount - fee],
      ['4002', 'C', fee],
    ];
  if (event === 'J-22')
    return [
      [`2005:${no}`, 'D', amount],
      ['2002', 'C', amount],
    ];
  return [
    ['1001', 'D', amount - fee],
    ['2002', 'C', amount - fee],
  ];
}

/** The same event of the same settlement under another key. */
async function isPostedAlready(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<boolean> {
  const row = await trx
    .selectFrom('host_journals')
    .select('journal_key')
    .where((eb) => eb.and({ ...owner(from), event: journal.event, no: journal.no }))
    .where('journal_key', '!=', journal.key)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
