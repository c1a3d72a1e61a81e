import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutPower } from '../../scripts/bench/cut-power.ts';
import type { Act } from '../../scripts/bench/disk-trace.ts';
import { recordDisk } from '../../scripts/bench/record-disk.ts';

/** A small F12: the real terminal through four lives, its power cut some hundred times. `npm run bench -- F12` cuts it ten thousand times. */

const limitMs = 60_000;
let folder = '';
let trace: readonly Act[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pos-test-'));
  trace = await recordDisk(folder, { turns: 1 });
}, limitMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function cut(acts: readonly Act[], states: number) {
  const crashed = join(folder, 'crashed');
  mkdirSync(crashed);
  return cutPower(acts, { states, seed: 4, folder: crashed });
}

describe('the power is cut anywhere in a day of the terminal', () => {
  it('records sales, a close, a settlement and an upgrade', () => {
    const told = trace.flatMap((act) => (act.is === 'told' ? act.facts : []));
    expect(new Set(told.map(({ table }) => table))).toEqual(
      new Set(['payment', 'refund', 'batch', 'settlement', 'outbox']),
    );
    expect(trace.some((act) => act.is === 'unlinked' && act.name === 'terminal.db-wal')).toBe(true);
    expect(trace.some((act) => act.is === 'renamed' && /^backups\/before-migration/.test(act.to))).toBe(true);
  });

  it(
    'loses nothing that was told and breaks no rule',
    () => {
      const { states, losing, breaking, examples } = cut(trace, 300);
      expect(states).toBeGreaterThanOrEqual(300);
      expect({ losing, breaking, examples }).toEqual({ losing: 0, breaking: 0, examples: [] });
    },
    limitMs,
  );

  it(
    'would show it if the syncs of the log were left out',
    () => {
      const logs = new Set(
        trace.flatMap((act) => (act.is === 'opened' && act.name === 'terminal.db-wal' ? [act.file] : [])),
      );
      const { losing } = cut(
        trace.filter((act) => !(act.is === 'synced' && logs.has(act.file))),
        60,
      );
      expect(losing).toBeGreaterThan(0);
    },
    limitMs,
  );
});
