import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { programVersion } from '../../../terminal/base/program-version.ts';

const root = join(import.meta.dirname, '../../..');

test.each(['', 'terminal/base', 'dist'])('the version is that of the project, also from below %s', (folder) => {
  expect(programVersion(join(root, folder))).toBe(manifest.version);
});
