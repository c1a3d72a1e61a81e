import { expect, test } from 'vitest';
import { inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';
import { setSetting, setting } from '../../../terminal/base/settings.ts';

test('a setting is what was set last; one that was never set is none', () => {
  const db = openDatabase(':memory:');
  migrate(db, [base]);
  expect(setting(db, 'stan')).toBeUndefined();
  inTransaction(db, (tx) => setSetting(tx, 'stan', '000001'));
  inTransaction(db, (tx) => setSetting(tx, 'stan', '000002'));
  expect(setting(db, 'stan')).toBe('000002');
});
