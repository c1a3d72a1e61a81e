import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** The host's program as one file that Node runs, for tests that start and kill it. */
export const hostBundle = join(root, 'node_modules/.cache', `host-${process.pid}.mjs`);

export const buildHost = () =>
  build({
    entryPoints: [join(root, 'sync/host/main.ts')],
    outfile: hostBundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });

export const removeHost = (): void => rmSync(hostBundle, { force: true });
