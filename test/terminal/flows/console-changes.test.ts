import { expect, test } from 'vitest';
import { audit } from '../../../terminal/base/audit.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { changesOf } from '../../../terminal/flows/console-changes.ts';
import type { Changed } from '../../../terminal/flows/console-desk.ts';
import { newTill } from '../till.ts';

/** What may change without a line. */
const always: readonly Changed[] = ['devices', 'exports', 'notices', 'status'];

const deeds: readonly (readonly [action: string, lists: readonly Changed[]])[] = [
  ['close-ticket', ['settlements']],
  ['ticket-answered', ['settlements']],
  ['dispute', ['settlements']],
  ['stop-settle', ['settlements']],
  ['settle', ['settlements']],
  ['close-batch', ['batches', 'transactions']],
  ['batch-closed', ['batches', 'settlements', 'transactions']],
  ['fetch-export', []],
  ['export', []],
  ['test-device', []],
  ['confirm', []],
  ['sale', ['batches', 'transactions']],
  ['difference-found', ['differences']],
  ['clearing-difference', ['differences', 'settlements']],
  ['own-secret', ['users']],
  ['log-in', ['users']],
  ['late-answer', ['transactions']],
  ['paper-statement', ['merchant']],
];
test.each(deeds)('a page that shows what %s changes asks again: %j', (action, lists) => {
  const till = newTill();
  const changes = changesOf(till);
  inTransaction(till.db, (tx) => audit(tx, { at: 1, by: 'wang', action, about: '', outcome: 'ok' }));
  expect(changes.since().toSorted()).toEqual([...always, ...lists].toSorted());
  expect(changes.since().toSorted()).toEqual(always);
});

test('whatever is not known may change everything', () => {
  const till = newTill();
  const changes = changesOf(till);
  inTransaction(till.db, (tx) => audit(tx, { at: 1, by: 'SYS', action: 'other-book', about: '', outcome: 'ok' }));
  expect(changes.since()).toEqual(expect.arrayContaining(['settlements', 'statements', 'merchant', 'batches']));
});
