import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// POS_SYSTEM_TESTS=1: what needs mosquitto, Chromium or minutes (scripts/test-system.sh). POS_TEST_REPORTS: a folder for .ci/run to count in.
const system = process.env['POS_SYSTEM_TESTS'] === '1';
const reports = process.env['POS_TEST_REPORTS'];
const needsSystem = ['test/browser/**', 'test/system/**'];
/** These play each fault at every step then, and at some of them in `npm test`. */
const faults = ['other-counter', 'card-reader', 'pin-pad', 'scanner', 'keypad', 'display', 'printer'];
/** Nothing in these outlives a test, so that many files may share a process: a new one for each takes longer than most of them. */
const shared = [
  'drivers',
  'sync/{host,protocol,stream}',
  'terminal/{base,exports,faces,invoices,ledger,notices,payments,screens,settlement,users}',
  'terminal/console/web',
].map((folder) => `test/${folder}/**/*.test.ts`);

const projects = system
  ? [
      {
        name: 'system',
        include: [...needsSystem.map((folder) => `${folder}/*.test.ts`), `test/faults/{${faults.join(',')}}.test.ts`],
      },
    ]
  : [
      { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...needsSystem, ...shared, 'node_modules/**'] },
      { name: 'shared', include: shared, isolate: false },
    ];

export default defineConfig({
  test: {
    projects: projects.map((test) => ({ extends: true as const, test })),
    env: system ? { POS_ALL_FAULTS: process.env['POS_ALL_FAULTS'] ?? 'steps' } : {},
    testTimeout: 20_000,
    pool: 'forks',
    // By default one core is left free, which on two is half of the machine.
    maxWorkers: availableParallelism(),
    ...(reports && {
      reporters: ['default', 'json'],
      outputFile: { json: join(reports, `${process.pid}.json`) },
    }),
  },
});
