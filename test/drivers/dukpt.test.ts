import { expect, test } from 'vitest';
import { encipheredPin, initialKey } from '../../drivers/simulator/dukpt.ts';

// ANSI X9.24-1 2009, annex A.4: key, card number and PIN of the example.
const pan = '4012345678909';

test('the initial key is that of the standard', () => {
  expect(Buffer.from(initialKey()).toString('hex').toUpperCase()).toBe('6AC292FAA1315B4D858AB3A3D7D5933A');
});

test.each([
  [1, 'FFFF9876543210E00001', '1B9C1845EB993A7A'],
  [2, 'FFFF9876543210E00002', '10A01C8D02C69107'],
  [3, 'FFFF9876543210E00003', '18DC07B94797B466'],
])('PIN 1234 under key %i is the block of the standard', (counter, ksn, block) => {
  expect(encipheredPin('1234', pan, counter)).toEqual({ ksn, block });
});

test.each([
  ['a PIN of three digits', '123', pan, 1],
  ['a PIN of thirteen', '1234567890123', pan, 1],
  ['letters', '12a4', pan, 1],
  ['a short card number', '1234', '40123456789', 1],
  ['counter 0, which no device uses', '1234', pan, 0],
  ['a counter of 22 bits', '1234', pan, 2 ** 21],
])('%s is refused', (_, pin, number, counter) => {
  expect(() => encipheredPin(pin, number, counter)).toThrow(RangeError);
});
