import { expect } from 'vitest';
import type { Key } from '../../../drivers/devices.ts';
import { type Page, readPage } from '../../faults/page.ts';
import { type TestSystem, unionPayCard } from '../../support/terminal.ts';

/** What a sale takes, whatever goes on at the console; the attacker is in this process too. */
const mostMs = { middle: 1_000, slowest: 5_000 };

async function at(system: TestSystem, is: Page['is']): Promise<void> {
  const page = (): Page => readPage(system.terminal.runner.screen().rows);
  await system
    .eventually(`the screen shows ${is}`, () => page().is === is)
    .catch((error: unknown) => {
      throw new Error(`${is} is wanted, there is ${page().text}`, { cause: error });
    });
}

const press = (system: TestSystem, ...keys: readonly Key[]): void => {
  for (const key of keys) system.terminal.runner.key(key);
};

/** Operator 01 stands at the keypad. */
export async function atKeypad(system: TestSystem): Promise<void> {
  press(system, '0', '1', 'enter', '0', '0', '0', '0', 'enter');
  await at(system, 'idle');
}

/** Cashier and customer sell, key by key, until the attack is over, and once at least; each sale is paid, and as fast as any. */
export async function meanwhileSales<T>(system: TestSystem, attack: () => Promise<T>): Promise<T> {
  let isOver = false;
  const attacking = attack().finally(() => {
    isOver = true;
  });
  attacking.catch(() => {}); // told below
  const before = system.count("SELECT count(*) FROM payment WHERE state = 'PAID'");
  const tookMs: number[] = [];
  do tookMs.push(await sell(system));
  while (!isOver);
  const outcome = await attacking;
  expect(system.count("SELECT count(*) FROM payment WHERE state = 'PAID'") - before).toBe(tookMs.length);
  const inOrder = tookMs.toSorted((a, b) => a - b);
  expect(inOrder[inOrder.length >> 1]).toBeLessThan(mostMs.middle);
  expect(inOrder.at(-1)).toBeLessThan(mostMs.slowest);
  expect(await system.problems()).toEqual([]);
  return outcome;
}

async function sell(system: TestSystem): Promise<number> {
  const fromMs = performance.now();
  press(system, '1', '5', '0', '0', 'enter');
  await at(system, 'card');
  system.devices.reader.present(unionPayCard);
  await at(system, 'confirm');
  press(system, 'enter');
  await at(system, 'approved');
  const tookMs = performance.now() - fromMs;
  press(system, 'enter');
  await at(system, 'idle');
  return tookMs;
}
