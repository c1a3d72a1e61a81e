import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programVersion, schemaNumber } from '../../../terminal/base/program-version.ts';
import { openBook } from '../../../terminal/flows/open-book.ts';

const root = join(import.meta.dirname, '../../..');

test.each(['', 'terminal/base', 'dist'])('the version is that of the project, also from below %s', (folder) => {
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
    version: programVersion(join(root, folder)),
  });
});

test('the number of the schema is that of a new book', () => {
  const db = openBook(':memory:', []);
  const steps = db.prepare("SELECT count(*) FROM migration WHERE owner = 'terminal'").pluck().get();
  db.close();
  expect(steps).toBe(schemaNumber);
});
