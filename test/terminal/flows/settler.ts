import { expect, onTestFinished } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { settlementDesk } from '../../../terminal/flows/settlement.ts';
import type { AccountEntry, SettlementDesk, SettlementDetail } from '../../../terminal/flows/settlement-desk.ts';
import type { User } from '../../../terminal/users/user.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions } from '../../support/terminal.ts';
import { leapingClock, type TurnableClock } from '../../support/turnable-clock.ts';

/** A terminal, its host and a clock to turn, for who settles. */

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A main account and settler, as 00 is; a settler at the console; a main account; customer service; a cashier. */
export const both: User = { no: '00', role: 'MO' };
export const service: User = { no: 'lin', role: 'S' };
export const cashier: User = { no: '01', role: 'C' };

export const goodAccount: AccountEntry = {
  name: '账平演示商户',
  number: '6222 0212 3456 7890 128',
  id: '91110000600037341l',
  bank: '中国工商银行',
  destination: 'bank',
};

export interface Settler {
  readonly system: TestSystem;
  readonly clock: TurnableClock;
  /** Of the terminal that runs now. */
  desk(): SettlementDesk;
}

/** `at`: in Shanghai, e.g. `2026-11-20T10:00`, a Friday. `mode`: what the merchant begins with. */
export async function newSettler(at: string, mode: string, options: TestSystemOptions = {}): Promise<Settler> {
  const clock = leapingClock(Date.parse(`${at}:00+08:00`));
  const hostMerchant = { mode: { mode, cycle: { every: 'DAILY' } }, ...options.hostMerchant };
  // A request that the clock passed by while it was on its way has no answer.
  const limits = { hostWaitMs: 1_000, ...options.limits };
  const system = await startTestSystem({ ...options, clock, limits, hostMerchant });
  return { system, clock, desk: () => settlementDesk(system.terminal.world) };
}

/** The same, stopped when the test that asks for it is over. */
export async function settlerOfTest(at: string, mode: string, options: TestSystemOptions = {}): Promise<Settler> {
  const it = await newSettler(at, mode, options);
  onTestFinished(() => it.system.stop());
  return it;
}

/** A payment that clears at once: 0.38 % of it is the fee. */
export async function takeCode(system: TestSystem, amountFen: number): Promise<string> {
  await system.atRest();
  await system.ready();
  const sold = await system.cashier.codes.sale(
    fen(amountFen),
    { by: 'customer-shows', typed: '134567890123456789' },
    new AbortController().signal,
    () => {},
  );
  expect(sold.kind).toBe('approved');
  return sold.kind === 'approved' ? sold.txn.payment : '';
}

/** Every settlement, the oldest first, in one line each. */
export const settlements = (system: TestSystem): readonly string[] =>
  system.db
    .prepare<[], string>(
      "SELECT mode || ' ' || coalesce(cut || ' ', '') || amount_fen || ' ' || state FROM settlement ORDER BY no",
    )
    .pluck()
    .all();

export const settled = (system: TestSystem, ...lines: readonly string[]): Promise<void> =>
  system.eventually(
    `settled: ${lines.join(', ')}; there is ${settlements(system).join(', ')}`,
    () => JSON.stringify(settlements(system)) === JSON.stringify(lines),
  );

/** The terminal is off until then, and comes back. */
export async function offFor({ system, clock }: Settler, ms: number): Promise<void> {
  await system.atRest();
  await system.stopTerminal();
  await clock.advance(ms);
  await system.startTerminal();
  await system.ready();
}

export function newestSettlement({ desk }: Settler): SettlementDetail {
  const [first] = desk().settlements(both, 1);
  if (!first) throw new Error('no settlement');
  return first;
}

/** Everything that is available, as the confirm page shows it. */
export function settleAll({ desk }: Settler, key: string, amountFen?: number): SettlementDetail {
  const { balances, account } = desk().home(both);
  const seen = balances.availableFen;
  return desk().settle(both, {
    amountFen: fen(amountFen ?? seen),
    seenAvailableFen: seen,
    accountVersion: account?.version ?? 0,
    key,
  });
}

/** Both books agree, and P-01 to P-05, P-09, P-26 hold. */
export async function sound({ system }: Settler): Promise<void> {
  expect(await system.problems()).toEqual([]);
}
