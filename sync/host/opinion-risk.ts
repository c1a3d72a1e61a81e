import type { TerminalRef } from './business.ts';
import { balanceOf } from './chart.ts';
import type { Line } from './effects.ts';
import type { FreezeTable } from './following-tables.ts';
import { findChargeBack, setFreeze } from './freezes.ts';
import { owner } from './host.ts';
import { isPosted, mirrorBalances } from './mirror.ts';
import type { HostTrx } from './store.ts';

/** J-09 to J-12: what follows from a fact of risk, and what follows from every journal that credits 2002. */

/** Balances as the terminal's book has them before the row, on the normal side. */
export class View {
  private readonly balances: Map<string, number>;

  constructor(balances: Map<string, number>) {
    this.balances = balances;
  }

  of(account: string): number {
    return this.balances.get(account) ?? 0;
  }

  apply(lines: readonly Line[]): void {
    for (const [account, side, fen] of lines) {
      this.balances.set(account, this.of(account) + balanceOf(account, side === 'D' ? fen : -fen));
    }
  }
}

/** The row from above that a `posted` row answers. */
export interface RiskFact {
  readonly kind: 'freeze' | 'unfreeze' | 'charge-back';
  readonly no: string;
}

/** The journals that a fact of risk causes in the terminal's book, and what the host then knows of it. */
export interface RiskOpinion {
  readonly journals: Line[][];
  /** A freeze that ends with it: nothing more goes to it. */
  readonly ended: string | null;
  readonly apply: () => Promise<void>;
}

export async function opinionOnRisk(trx: HostTrx, from: TerminalRef, fact: RiskFact): Promise<RiskOpinion> {
  switch (fact.kind) {
    case 'freeze':
      return onFreeze(trx, from, fact.no);
    case 'unfreeze':
      return onUnfreeze(trx, from, fact.no);
    case 'charge-back':
      return onChargeBack(trx, from, fact.no);
  }
}

const nothing: RiskOpinion = { journals: [], ended: null, apply: async () => {} };

async function onFreeze(trx: HostTrx, from: TerminalRef, no: string): Promise<RiskOpinion> {
  const found = await trx
    .selectFrom('freezes')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
  if (found?.state !== 'SENT') return nothing;
  // What cleared in an answer that the terminal had not booked is flagged there, and held by the J-03 that comes.
  const isHeld = found.by_clearing === 0 && (await isPosted(trx, from, 'J-01', found.payment));
  const state = isHeld ? 'HELD' : 'FLAG';
  const apply = () => setFreeze(trx, from, no, { state });
  if (state === 'FLAG') return { ...nothing, apply };
  const balances = await mirrorBalances(trx, from, ['2002']);
  return { ...nothing, journals: [holding(no, Math.min(balances.get('2002') ?? 0, found.amount_fen))], apply };
}

const holding = (no: string, fen: number): Line[] => [
  ['2002', 'D', fen],
  [`2004:${no}`, 'C', fen],
];

async function onUnfreeze(trx: HostTrx, from: TerminalRef, no: string): Promise<RiskOpinion> {
  const held = `2004:${no}`;
  const fen = (await mirrorBalances(trx, from, [held])).get(held) ?? 0;
  const apply = () => setFreeze(trx, from, no, { state: 'ENDED' });
  return { journals: [freeing(no, fen)], ended: no, apply };
}

const freeing = (no: string, fen: number): Line[] => [
  [`2004:${no}`, 'D', fen],
  ['2002', 'C', fen],
];

async function onChargeBack(trx: HostTrx, from: TerminalRef, no: string): Promise<RiskOpinion> {
  const found = await findChargeBack(trx, from, no);
  if (!found || found.posted === 1) return nothing;
  const { freeze, amount_fen: fen, account, date } = found;
  const held = `2004:${freeze ?? ''}`;
  const balances = await mirrorBalances(trx, from, [held, '2002']);
  const heldFen = freeze === null ? 0 : (balances.get(held) ?? 0);
  const fromHeld = Math.min(heldFen, fen);
  const fromAvailable = Math.min(Math.max(0, balances.get('2002') ?? 0), fen - fromHeld);
  const lost: Line[] = [
    ['2002', 'D', fromAvailable],
    ['1202', 'D', fen - fromHeld - fromAvailable],
    [`${account}:${date}`, 'C', fen],
  ];
  if (freeze !== null) lost.unshift([held, 'D', fromHeld]);
  const apply = async () => {
    if (freeze !== null) await setFreeze(trx, from, freeze, { state: 'ENDED' });
    await trx
      .updateTable('charge_backs')
      .set({ posted: 1 })
      .where((eb) => eb.and({ ...owner(from), no }))
      .execute();
  };
  const rest = freeze === null ? [] : [freeing(freeze, heldFen - fromHeld)];
  return { journals: [lost, ...rest], ended: freeze, apply };
}

/** The clearing of a payment whose freeze came before: 2004 gets at most the net, the rest is available. */
export async function flaggedFen(trx: HostTrx, from: TerminalRef, payment: string, netFen: number) {
  const flag = await trx
    .selectFrom('freezes')
    .select(['no', 'amount_fen'])
    .where((eb) => eb.and({ ...owner(from), payment, state: 'FLAG' }))
    .executeTakeFirst();
  return flag ? { no: flag.no, fen: Math.min(flag.amount_fen, netFen) } : null;
}

/**
 * The journals, and after each that credits 2002 what that sets off: J-12 first, then J-09 for what earlier freezes still lack, oldest first. Nothing is read as long
 * as nothing credits 2002.
 */
export async function withFollowUps(
  trx: HostTrx,
  from: TerminalRef,
  journals: readonly (readonly Line[])[],
  ended: string | null = null,
): Promise<Line[]> {
  if (!journals.some(creditsAvailable)) return journals.flat();
  const freezes = await lackingFreezes(trx, from, ended);
  const view = new View(await mirrorBalances(trx, from, ['2002', '1202', ...freezes.map((f) => `2004:${f.no}`)]));
  const all: Line[] = [];
  const post = (lines: readonly Line[]) => {
    view.apply(lines);
    all.push(...lines);
  };
  for (const lines of journals) {
    post(lines);
    if (!creditsAvailable(lines)) continue;
    const owed = Math.min(view.of('2002'), view.of('1202'));
    if (owed > 0)
      post([
        ['2002', 'D', owed],
        ['1202', 'C', owed],
      ]);
    for (const { no, amount_fen: wanted } of freezes) {
      const lacks = Math.min(view.of('2002'), wanted - view.of(`2004:${no}`));
      if (lacks > 0) post(holding(no, lacks));
    }
  }
  return all;
}

const creditsAvailable = (lines: readonly Line[]): boolean =>
  lines.some(([account, side, fen]) => account === '2002' && side === 'C' && fen > 0);

async function lackingFreezes(
  trx: HostTrx,
  from: TerminalRef,
  ended: string | null,
): Promise<Pick<FreezeTable, 'no' | 'amount_fen'>[]> {
  const rows = await trx
    .selectFrom('freezes')
    .select(['no', 'amount_fen'])
    .where((eb) => eb.and({ ...owner(from), state: 'HELD' }))
    .orderBy('n')
    .execute();
  return rows.filter((row) => row.no !== ended);
}
