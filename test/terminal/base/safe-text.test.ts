import { describe, expect, test } from 'vitest';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { safeDetails, safeText } from '../../../terminal/base/safe-text.ts';

describe('what looks like a card is masked to first six, last four', () => {
  test.each([
    ['6222021234567890123', '622202*********0123'],
    ['card 4111111111111111 declined', 'card 411111******1111 declined'],
    ['4111 1111 1111 1111', '411111******1111'],
    ['4111-1111-1111-1111', '411111******1111'],
    ['pan=370000000000002;', 'pan=370000*****0002;'],
    ['{"pan":"4111111111111111"}', '{"pan":"411111******1111"}'],
  ])('%s', (text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  test('a track goes altogether', () => {
    expect(safeText('read ;6222021234567890123=25121010000012345678? ok')).toBe('read [track] ok');
    expect(safeText('57136222021234567890D2512101')).not.toContain('2025121');
  });
});

test.each([
  '可用余额100.00元',
  'payment 01JD5Q3M7Z8X9Y0W1V2T3S4R5P',
  'batch 000123 stan 000456',
  '2026-11-20 10:00:00',
  '1101:2026-11-20',
])('%s passes unchanged', (text) => {
  expect(safeText(text)).toBe(text);
});

test('one line, without control characters, of a bounded length', () => {
  expect(safeText('a\nb\r\u001b[2Jc\u2028d\u0000')).toBe('a b  [2Jc d ');
  expect(safeText('x'.repeat(1_000)).length).toBe(301);
});

test('errors carry only safe details', () => {
  const error = new TerminalError('BAD_REQUEST', { what: 'card 4111111111111111\n', value: 5, none: null, yes: true });
  expect(error.details).toEqual({ what: 'card 411111******1111 ', value: 5, none: null, yes: true });
  expect(safeDetails({})).toEqual({});
});
