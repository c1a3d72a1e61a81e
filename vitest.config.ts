import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// POS_SYSTEM_TESTS=1: what needs mosquitto, Chromium or minutes (scripts/test-system.sh). POS_TEST_REPORTS: a folder for .ci/run to count in.
const system = process.env['POS_SYSTEM_TESTS'] === '1';
const reports = process.env['POS_TEST_REPORTS'];
const needsSystem = ['test/browser/**', 'test/system/**'];

export default defineConfig({
  test: {
    include: system ? needsSystem.map((folder) => `${folder}/*.test.ts`) : ['test/**/*.test.ts'],
    exclude: [...(system ? [] : needsSystem), 'node_modules/**'],
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
