import { expect, test } from 'vitest';
import { groupOf, isCardNumber, isExpired, maskCard } from '../../../sync/host/cards.ts';

test.each([
  { pan: '6222021122334455665', ok: true },
  { pan: '4111111111111111', ok: true },
  { pan: '4111111111111112', ok: false },
  { pan: '1111', ok: false },
  { pan: '411111111111111a', ok: false },
  { pan: '', ok: false },
])('card number $pan: $ok', ({ pan, ok }) => {
  expect(isCardNumber(pan)).toBe(ok);
});

test('a card number is kept as its first six and last four digits', () => {
  expect(maskCard('6222021122334455665')).toBe('622202*********5665');
});

test('UnionPay cards are domestic, others foreign', () => {
  expect([groupOf('6222021122334455665'), groupOf('4111111111111111')]).toEqual(['domestic', 'foreign']);
});

const card = { pan: '4111111111111111', track2: null, expiry: null, emv: {} };
// 2026-11-30 23:59:59 and one second later, in Shanghai.
const lastSecond = Date.UTC(2026, 10, 30, 15, 59, 59);

test.each([
  { what: 'in its last second', card: { ...card, expiry: '2611' }, now: lastSecond, expired: false },
  { what: 'a second later', card: { ...card, expiry: '2611' }, now: lastSecond + 1000, expired: true },
  { what: 'by its track', card: { ...card, track2: '4111111111111111=2610101' }, now: lastSecond, expired: true },
  { what: 'of unknown expiry', card, now: lastSecond, expired: false },
])('a card $what: expired is $expired', ({ card: given, now, expired }) => {
  expect(isExpired(given, now)).toBe(expired);
});
