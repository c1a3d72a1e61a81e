import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programVersion } from '../../../terminal/base/program-version.ts';

const root = join(import.meta.dirname, '../../..');

test.each(['', 'terminal/base', 'dist'])('the version is that of the project, also from below %s', (folder) => {
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
    version: programVersion(join(root, folder)),
  });
});
