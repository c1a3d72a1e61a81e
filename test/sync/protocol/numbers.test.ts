import { expect, test } from 'vitest';
import { parseDownRow, parseUpRow } from '../../../sync/protocol/parse-row.ts';

/** A number that the other end makes longer must leave it the room: what breaks a contract on the way down stops the host. */

const letters = (length: number) => 'n'.repeat(length);
const frame = { at: 1, by: 'SYS', journals: [] };

test.each([
  [76, true],
  [77, false],
  [80, false],
])('the result of a notice has room behind a number of %i characters: %s', (length, ok) => {
  const event = letters(length - ':email'.length);
  const no = `${event}:email`;
  const facts = { event, recipient: 'profile', channel: 'email', text: 'N-06', values: {} };
  expect(parseUpRow([1, 'notify', no, { ...frame, no, facts }]).ok).toBe(ok);
  const result = { no: `${no}:999`, at: 1, notice: no, outcome: 'sent', attempts: 999, reason: null, to: null };
  expect(parseDownRow([1, 'notify-result', 'r', result]).ok).toBe(ok);
});

test.each([
  [66, true],
  [67, false],
  [80, false],
])('a decision has room around the number of a difference of %i characters: %s', (length, ok) => {
  const no = letters(length);
  const facts = { batch: null, what: 'gross', hereFen: 1, thereFen: 2, bill: null };
  expect(parseUpRow([1, 'difference-found', no, { ...frame, no, facts }]).ok).toBe(ok);
  const persons = { by: 'li', approvedBy: 'zhao', reason: '', record: null };
  const decided = { no: `decided:${no}:99999`, at: 1, difference: no, decision: 'explained', ...persons };
  expect(parseDownRow([1, 'difference-decided', 'd', decided]).ok).toBe(ok);
});
