import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { displayFaults } from '../../drivers/simulator/display-faults.ts';
import { keypadFaults } from '../../drivers/simulator/keypad-faults.ts';
import { pinPadFaults } from '../../drivers/simulator/pin-pad-faults.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import { scannerFaults } from '../../drivers/simulator/scanner-faults.ts';
import { testCards } from '../../drivers/simulator/test-card.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import type { Way } from '../../terminal/bench/contract.ts';
import { linkFaults } from '../../terminal/bench/link-faults.ts';
import { type Doing, readScenario } from '../../terminal/bench/scenario.ts';
import { deviceNames } from '../../terminal/cli/device-names.ts';
import { testTitles } from '../support/test-titles.ts';
import { allFaults, atStep, steps } from './cases.ts';
import { listed, proofs } from './fault-table.ts';

const root = resolve(import.meta.dirname, '../..');
const inCode = Object.entries({
  'card-reader': readerFaults,
  'pin-pad': pinPadFaults,
  scanner: scannerFaults,
  keypad: keypadFaults,
  display: displayFaults,
  printer: printerFaults,
  wire: wireFaults,
  link: Object.fromEntries(linkFaults.map(({ name }) => [name, true])),
}).flatMap(([owner, table]) => Object.keys(table).map((fault) => `${owner}:${fault}`));

const isScenario = (proof: string): boolean => proof.endsWith('.json');
const isTest = (proof: string): boolean => proof.includes(' > ');
const items = Object.entries(listed).flatMap(([of, list]) =>
  Object.entries(list).map(([item, by]) => ({ item: `${of}: ${item}`, by })),
);
const named = [...new Set([...proofs.values(), ...items.map(({ by }) => by)].flat())];

/** What a step of a scenario file breaks, as the table names it. */
function broughtAbout(doing: Doing): readonly string[] {
  if ('fault' in doing) {
    const { device, fault } = doing.fault;
    return [`${fault in wireFaults ? 'wire' : device}:${fault}`];
  }
  if ('host' in doing) return 'fault' in doing.host ? [`link:${doing.host.fault}`] : [];
  if ('card' in doing) return ofCard(doing.card.name, doing.card.by);
  if ('unplug' in doing) return ['wire:unplug-idle'];
  if ('plug' in doing) return typeof doing.plug === 'object' && doing.plug.elsewhere ? ['wire:replug-elsewhere'] : [];
  if ('pin' in doing && doing.pin === 'cancel') return ['pin-pad:pin-cancel', 'card-reader:pin-cancel'];
  return [];
}

/** A card of the bench with something wrong makes the reader say the same as its fault does. */
function ofCard(name: string, by: Way): readonly string[] {
  const { fault, isStripeBroken, verification } = testCards[name] ?? {};
  if (by === 'swipe') return isStripeBroken ? ['card-reader:damaged-stripe'] : [];
  const words = {
    ...(fault && { [fault]: true }),
    ...(verification && { [`cvm-${verification}`]: true }),
    ...(fault === 'chip' && { 'card-error': true }),
    ...(fault === 'declined' && { [by === 'insert' ? 'aac' : 'card-declined']: true }),
  };
  return Object.keys(words).map((word) => `card-reader:${word}`);
}

describe('the table of faults', () => {
  it('has each fault of the code, and no other', () => {
    expect([...proofs.keys()].sort()).toEqual(inCode.toSorted());
  });

  it('has for each item of the list a fault of the code, or the test that proves it', () => {
    const unknown = items.filter(({ by }) => by.length === 0 || by.some((one) => !isTest(one) && !proofs.has(one)));
    expect(unknown).toEqual([]);
  });

  it('has for each fault a test of the driver or of the host', () => {
    const isOfDriver = (proof: string): boolean => /^test\/(drivers|sync)\//.test(proof);
    expect([...proofs].filter(([, by]) => !by.some(isOfDriver)).map(([fault]) => fault)).toEqual([]);
  });

  it('has for each fault of the link what becomes of it at the counter', () => {
    const link = [...proofs].filter(([fault]) => fault.startsWith('link:'));
    expect(link.filter(([, by]) => !by.some((proof) => proof.startsWith('test/scenarios/')))).toEqual([]);
  });

  it('has no proof that is only that nothing throws, or that a name is there', () => {
    const says = /never throws|does not throw|stands in the table|has (words|a name)/;
    expect(named.filter((proof) => says.test(proof))).toEqual([]);
  });
});

describe('each test that the table names', () => {
  const tests = named.filter(isTest);
  const products = deviceNames.map((device) => `test/faults/${device}.test.ts`);
  let titles: readonly string[] = [];
  beforeAll(async () => {
    titles = await testTitles([...new Set(tests.map((proof) => proof.split(' > ')[0] ?? '')), ...products]);
  }, 60_000);

  it('is one that runs', () => {
    const runs = (proof: string): boolean =>
      proof.endsWith('…') ? titles.some((title) => title.startsWith(proof.slice(0, -1))) : titles.includes(proof);
    expect(tests.length).toBeGreaterThan(inCode.length);
    expect(tests.filter((proof) => !runs(proof))).toEqual([]);
  });

  it.each(deviceNames)('is joined by one for each step of a sale, with all faults of the %s and its wire', (device) => {
    const faults = inCode.filter((name) => name.startsWith(`${device}:`) || name.startsWith('wire:'));
    expect(allFaults(device).toSorted()).toEqual(faults.map((name) => name.replace(/^.*:/, '')).toSorted());
    const of = titles.filter((title) => title.startsWith(`test/faults/${device}.test.ts > `));
    expect(steps.filter((step) => !of.some((title) => title.endsWith(` > at ${step}`)))).toEqual([]);
    const played = steps.map((step) => atStep(step, device, allFaults(device)));
    expect(played.map(({ length }) => length).filter((length) => length < 3)).toEqual([]);
    expect(new Set(played.flat().map(({ fault }) => fault && 'fault' in fault && fault.fault))).toEqual(
      new Set(allFaults(device)),
    );
  });
});

describe('each scenario file that the table names', () => {
  const cases = [...proofs].flatMap(([fault, by]) => by.filter(isScenario).map((file) => [fault, file] as const));

  it.each(cases)('%s: %s brings it about, and then expects something', (fault, file) => {
    expect(existsSync(resolve(root, file))).toBe(true);
    const { given, steps } = readScenario(JSON.parse(readFileSync(resolve(root, file), 'utf8')), file);
    const doings: readonly Doing[] = [
      ...given.faults.map((one) => ({ fault: one })),
      ...given.host.map((one) => ({ host: one })),
      ...given.cards.map((one) => ({ card: one })),
    ];
    const isGiven = doings.some((doing) => broughtAbout(doing).includes(fault));
    const at = steps.findIndex((step) => 'do' in step && broughtAbout(step.do).includes(fault));
    expect(isGiven || at >= 0).toBe(true);
    expect(steps.slice(at + 1).some((step) => 'expect' in step)).toBe(true);
  });
});
