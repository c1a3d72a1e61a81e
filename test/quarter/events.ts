import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { reconciliationDesk } from '../../terminal/flows/reconciliation.ts';
import { sellByCard } from './counter.ts';
import { owner, type Shop } from './shop.ts';
import type { Event } from './story.ts';

/** What happens beside sales, and what is to be seen of it at once. */

type Of<K extends Event['do']> = Extract<Event, { readonly do: K }>;

export async function happen(shop: Shop, day: string, event: Event): Promise<void> {
  shop.count(event.do);
  const { system } = shop;
  await system.atRest();
  switch (event.do) {
    case 'mode':
      return changeMode(shop, day, event);
    case 'bank-refuses':
      await system.host.fault({ kind: 'settle-fail', reason: event.reason });
      return;
    case 'bank-returns':
      return returnLast(shop);
    case 'new-account':
      return newAccount(shop, event);
    case 'bank-decides': {
      const value = event.by === 'person' ? 'manual' : 'auto';
      await system.host.command({ command: 'set-parameter', name: 'host.settleDecision', value });
      return;
    }
    case 'bank-succeeds':
      return succeed(shop);
    case 'settle':
      return settle(shop, day, event);
    case 'freeze':
    case 'charge-back':
      return freezeOrCharge(shop, event);
    case 'unfreeze':
      return unfreeze(shop);
    case 'rush':
      for (let customer = 1; customer <= 4; customer++) await sellByCard(shop);
      return;
    case 'planted-bill':
      return plantAndDecide(shop);
    case 'lose-book':
      return loseBook(shop);
    case 'terminal-off':
      return shop.turnOff();
    case 'host-off':
      return shop.hostGoesDown();
  }
}

/** B-001 to B-003, B-007. */
async function changeMode({ desk, system }: Shop, day: string, { mode, cycle }: Of<'mode'>): Promise<void> {
  desk.applyMode(owner, { mode, cycle }, `mode-${day}`);
  await system.eventually('the mode holds', () => {
    const now = desk.home(owner);
    return now.mode.mode === mode && (!cycle || JSON.stringify(now.mode.cycle) === JSON.stringify(cycle));
  });
}

/** B-050, J-23: what it had paid is available again. */
async function returnLast(shop: Shop): Promise<void> {
  const paid = shop.desk.settlements(owner, 1)[0];
  expect(paid).toMatchObject({ state: 'SUCCESS' });
  const before = shop.desk.home(owner).balances.availableFen;
  await shop.system.host.fault({ kind: 'settle-return', no: paid?.no });
  await shop.system.eventually('returned', () => shop.desk.settlement(owner, paid?.no ?? '').state === 'RETURNED');
  expect(shop.desk.home(owner).balances.availableFen).toBe(before + (paid?.amountFen ?? 0));
}

/** B-052: until now nothing was settled; then what had failed is caught up. */
async function newAccount(shop: Shop, { number }: Of<'new-account'>): Promise<void> {
  expect(shop.desk.home(owner)).toMatchObject({
    account: { state: 'ERRORED' },
    obstacles: ['SETTLE_ACCOUNT_ERRORED'],
  });
  const bank = '中国工商银行';
  await shop.system.host.command({ command: 'verify-account', name: '账平演示商户', number, bank });
  await shop.system.eventually('caught up', () => shop.desk.home(owner).balances.availableFen === 0);
}

/** P-25: since the cut it was held, whatever happened. */
async function succeed(shop: Shop): Promise<void> {
  const open = shop.rows<{ no: string; fen: number }>(
    "SELECT no, amount_fen AS fen FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING')",
  );
  expect(open).toHaveLength(1);
  const [{ no, fen: heldFen } = { no: '', fen: 0 }] = open;
  expect(shop.system.count('SELECT balance_fen FROM balance WHERE account = ?', `2005:${no}`)).toBe(heldFen);
  await shop.system.host.command({ command: 'settle-decide', no, outcome: 'succeeded' });
  await shop.system.eventually('paid', () => shop.desk.settlement(owner, no).state === 'SUCCESS');
}

/** B-005; pressed twice with one key it is one (P-05, B-051). */
async function settle({ desk, system }: Shop, day: string, { percent }: Of<'settle'>): Promise<void> {
  const { balances, account } = desk.home(owner);
  const seenAvailableFen = balances.availableFen;
  const amountFen = fen(Math.floor((seenAvailableFen * percent) / 100));
  const ask = { amountFen, seenAvailableFen, accountVersion: account?.version ?? 0, key: `settle-${day}` };
  const { no } = desk.settle(owner, ask);
  expect(desk.settle(owner, ask).no).toBe(no);
  await system.eventually('paid', () => desk.settlement(owner, no).state === 'SUCCESS');
  expect(desk.home(owner).balances.availableFen).toBe(seenAvailableFen - amountFen);
}

/** Of the newest card sale that is not cleared, or else of the newest code, so that both kinds are met. */
async function freezeOrCharge(shop: Shop, { do: command, percent }: Of<'freeze' | 'charge-back'>): Promise<void> {
  const txn = command === 'freeze' ? 'sale' : 'code-sale';
  const paid = shop.one<{ no: string; fen: number }>(
    `SELECT no, amount_fen AS fen FROM payment WHERE txn = ? AND state IN ('PAID', 'CLEARED')
       AND NOT EXISTS (SELECT 1 FROM freeze f WHERE f.payment = payment.no) ORDER BY id DESC LIMIT 1`,
    txn,
  );
  if (!paid) throw new Error(`no ${txn} to ${command}`);
  const amountFen = Math.floor((paid.fen * percent) / 100);
  await shop.system.host.command({ command, payment: paid.no, amountFen });
  await shop.system.atRest();
}

/** All of them. */
async function unfreeze({ system }: Shop): Promise<void> {
  const live = system.host.rows("SELECT no FROM freezes WHERE state <> 'ENDED' AND ending = 0");
  expect(live.length).toBeGreaterThan(0);
  for (const { no } of live) await system.host.command({ command: 'unfreeze', no });
  await system.atRest();
}

const plant = ['surplus', 'shortage', 'amount', 'state'] as const;
/** What two persons decide about each: the bill was wrong, the host's books are not. */
const decisions = { surplus: 'give-back', shortage: 'explained', amount: 'give-back', state: 'explained' } as const;

/** B-032, P-28. */
async function plantAndDecide({ system }: Shop): Promise<void> {
  const desk = reconciliationDesk(system.terminal.world);
  const last = desk.runs(owner, 1)[0];
  const run = () => desk.runs(owner, 1)[0];
  await system.host.command({ command: 'publish-bill', date: last?.date, plant: plant.map((kind) => ({ kind })) });
  await system.eventually('the bill is matched', () => run()?.version === 2 && run()?.state === 'DIFFERENCES');
  const found = desk.differences(owner, true, 10);
  expect(found.map(({ kind }) => kind).toSorted()).toEqual(plant.toSorted());
  await system.atRest();
  for (const { no: difference, kind } of found) {
    const decision = decisions[kind === 'clearing' ? 'state' : kind];
    await system.host.command({ command: 'difference-propose', difference, decision, by: 'li', reason: '账单有误' });
    const approve = { command: 'difference-approve', difference, decision, proposedBy: 'li' };
    await expect(system.host.command({ ...approve, by: 'li' })).rejects.toThrow('SELF_APPROVAL_FORBIDDEN');
    await system.host.command({ ...approve, by: 'zhao' });
  }
  await system.eventually('decided', () => run()?.state === 'RESOLVED' && run()?.openDifferences === 0);
  await system.atRest();
  await system.host.command({ command: 'publish-bill', date: last?.date });
  await system.eventually('the right bill is balanced', () => run()?.version === 3 && run()?.state === 'BALANCED');
}

/** The disk is gone: everything comes back from the host. */
async function loseBook(shop: Shop): Promise<void> {
  const { system } = shop;
  const balances = () => shop.rows('SELECT account, balance_fen FROM balance WHERE balance_fen <> 0 ORDER BY account');
  await system.atRest();
  const before = balances();
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.terminalHome, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  shop.states.watch(system.db);
  await system.ready();
  await system.atRest();
  shop.states.forget(); // how a book comes back is no change of a state
  expect(balances()).toEqual(before);
}
