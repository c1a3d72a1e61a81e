import { describe, expect, it } from 'vitest';
import { scannerFaults } from '../../drivers/simulator/scanner-faults.ts';
import { arm } from './rig.ts';
import { CODE, ending, OTHER, type ProfileName, SETTLE_MS, scannerRig } from './scanner-rig.ts';

/** What the driver makes of each fault: how a scan ends within a second of the code, what its status says then, how many codes were dropped. */
type FaultCase = readonly [
  fault: keyof typeof scannerFaults,
  profile: ProfileName,
  scan: string,
  more?: { readonly problem?: string; readonly dropped?: number },
];
const longest = Array.from({ length: 2_048 }, (_, i) => i % 10).join('');

describe('each fault of a scanner', () => {
  const cases: readonly FaultCase[] = [
    ['ends-with-cr', 'text-cr', CODE],
    ['ends-with-cr', 'text-crlf', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-cr', 'text-lf', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-cr', 'text-gap', CODE],
    ['ends-with-lf', 'text-cr', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-lf', 'text-crlf', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-lf', 'text-gap', CODE],
    ['ends-with-crlf', 'text-cr', CODE],
    ['ends-with-crlf', 'text-lf', CODE],
    ['ends-with-crlf', 'text-gap', CODE],
    ['ends-with-crlf', 'gm72-ssi', CODE],
    ['ends-with-nothing', 'text-cr', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-nothing', 'text-crlf', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['ends-with-nothing', 'text-gap', CODE],
    ['ends-with-nothing', 'gm72-ssi', CODE],
    ['split', 'text-cr', CODE],
    ['split', 'text-crlf', CODE],
    ['split', 'text-gap', CODE],
    ['split', 'gm72-ssi', CODE],
    ['split', 'hid-pos', CODE],
    ['two-codes', 'text-cr', CODE, { dropped: 1 }],
    ['two-codes', 'hid-pos', CODE, { dropped: 1 }],
    ['two-codes', 'text-gap', CODE + [...CODE].reverse().join('')],
    ['long-code', 'text-cr', longest],
    ['long-code', 'text-gap', longest],
    ['long-code', 'gm72-ssi', longest],
    ['long-code', 'hid-pos', longest],
    ['non-ascii', 'text-cr', '账平支付码'],
    ['non-ascii', 'hid-pos', '账平支付码'],
    ['non-ascii', 'gm72-ssi', '账平支付码'],
    ['non-ascii-gbk', 'text-cr', '账平支付码'],
    ['non-ascii-gbk', 'hid-pos', '账平支付码'],
    ['non-ascii-gbk', 'gm72-ssi', '账平支付码'],
    ['duplicate', 'text-cr', CODE],
    ['duplicate', 'text-gap', CODE],
    ['duplicate', 'hid-pos', CODE],
    ['duplicate', 'gm72-ssi', CODE],
    ['hid-multi-report', 'hid-pos', CODE],
    ['hid-multi-report', 'hid-pos-honeywell', CODE],
    ['hid-aim-at-2', 'hid-pos', CODE],
    ['hid-aim-at-3', 'hid-pos', CODE],
    ['hid-aim-at-3', 'hid-pos-honeywell', CODE],
    ['hid-lost-report', 'hid-pos', 'waits', { problem: 'CODE_INCOMPLETE' }],
    ['hid-extra-report', 'hid-pos', CODE],
    ['hid-extra-report', 'hid-pos-microscan', CODE],
    ['ssi-nak', 'gm72-ssi', 'DEVICE_FAULT'],
    ['ssi-not-host-mode', 'gm72-ssi', 'DEVICE_FAULT', { problem: 'NOT_HOST_MODE' }],
    ['ssi-no-ack', 'gm72-ssi', 'DEVICE_TIMEOUT'],
    ['ssi-bad-checksum', 'gm72-ssi', 'DEVICE_TIMEOUT'],
    ['scan-when-not-asked', 'gm72-ssi', CODE, { dropped: 1 }],
    ['scan-when-not-asked', 'text-cr', CODE, { dropped: 1 }],
    ['scan-when-not-asked', 'hid-pos', CODE, { dropped: 1 }],
  ];

  it.each(cases.map(([fault, profile, expected, more = {}]) => [fault, profile, expected, more] as const))(
    '%s on %s: %s',
    async (fault, profile, expected, { problem, dropped: drops = 0 }) => {
      const { clock, simulator, scanner, dropped, ask } = await scannerRig(profile);
      arm(scannerFaults, fault, simulator);
      await clock.advance(100);
      const scan = await ask();
      simulator.scan(CODE);
      await clock.advance(SETTLE_MS);
      expect(ending(scan)).toBe(expected);
      expect(scanner.status().problem).toBe(problem);
      expect(dropped.count).toBe(drops);
      // Mended: the scan that still waits, or a new one, has the next code.
      simulator.reset();
      await clock.advance(6_000);
      const next = scan.done ? await ask() : scan;
      simulator.scan(OTHER);
      await clock.advance(SETTLE_MS);
      expect(ending(next)).toBe(OTHER);
      expect(scanner.status()).toEqual({ state: 'ready' });
    },
  );

  it('stands in the table of cases', () => {
    expect(new Set(cases.map(([fault]) => fault))).toEqual(new Set(Object.keys(scannerFaults)));
  });

  it('a code longer than the bound is left out, and the scan goes on', async () => {
    const { clock, simulator, ask, log } = await scannerRig('text-cr');
    arm(scannerFaults, 'long-code', simulator, { value: 2_049, times: 1 });
    const scan = await ask();
    simulator.scan(CODE);
    await clock.advance(SETTLE_MS);
    expect(ending(scan)).toBe('waits');
    expect(log).toContainEqual({ event: 'scanner.dropped', details: { device: 'scanner', reason: 'too-long' } });
    simulator.scan(CODE);
    await clock.advance(0);
    expect(ending(scan)).toBe(CODE);
  });

  it('a duplicate that comes later than 300 ms is a code that nobody asked for', async () => {
    const { clock, simulator, ask, dropped } = await scannerRig('text-cr');
    arm(scannerFaults, 'duplicate', simulator, { value: 301 });
    const scan = await ask();
    simulator.scan(CODE);
    await clock.advance(SETTLE_MS);
    expect([ending(scan), dropped.count]).toEqual([CODE, 1]);
  });

  it('a refusal tells its reason', async () => {
    const { simulator, ask } = await scannerRig('gm72-ssi');
    arm(scannerFaults, 'ssi-nak', simulator);
    const { error } = await ask();
    expect(error?.details).toEqual({ reason: 'refused' });
  });
});
