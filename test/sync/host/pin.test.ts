import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encipheredPin } from '../../../drivers/simulator/dukpt.ts';
import { isRightPin } from '../../../sync/host/pin.ts';
import { hostAndTill } from './host-and-till.ts';
import { type TestHost, unionpay, visa } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const right = encipheredPin('123456', unionpay.pan, 1);

/** What the host answers to a sale with this card and PIN. */
const codeOf = async (pin: typeof unionpay.pin, card = unionpay, amountFen = 10_000): Promise<string | undefined> =>
  (await till.sale(till.saleRequest({ card: { ...card, pin }, amountFen })))?.code;

describe('the PIN that came with the card', () => {
  test('123456 is right, under any key of the PIN pad', async () => {
    for (const counter of [1, 2, 3, 0x3ff, 0x12345, 0x1ff800]) {
      expect(await codeOf(encipheredPin('123456', unionpay.pan, counter))).toBe('00');
    }
  });

  test('no PIN is not asked for', async () => {
    expect(await codeOf(null)).toBe('00');
  });

  test.each([
    { what: 'another PIN', pin: encipheredPin('123457', unionpay.pan, 1) },
    { what: 'the beginning of it', pin: encipheredPin('12345', unionpay.pan, 1) },
    { what: 'more than it', pin: encipheredPin('1234560', unionpay.pan, 1) },
    { what: 'the right PIN for another card', pin: encipheredPin('123456', visa.pan, 1) },
    { what: 'the block of another key', pin: { ...right, ksn: 'FFFF9876543210E00002' } },
    { what: 'the key of another device', pin: { ...right, ksn: 'FFFF9876543211E00001' } },
    { what: 'a block in clear', pin: { ...right, block: '06123456FFFFFFFF' } },
    { what: 'half a block', pin: { ...right, block: right.block.slice(8) } },
    { what: 'a block that is no hex', pin: { ...right, block: 'XXXXXXXXXXXXXXXX' } },
    { what: 'no key serial number', pin: { ...right, ksn: '' } },
  ])('$what: 55, and nothing is booked', async ({ pin }) => {
    expect(await codeOf(pin)).toBe('55');
    expect(Object.values(await till.approvals())).toEqual(['DECLINED']);
  });

  test('is looked at after the card and before the amount', async () => {
    const wrong = encipheredPin('000000', unionpay.pan, 1);
    expect(await codeOf(wrong, { ...unionpay, pan: '6222021122334455666' })).toBe('14');
    expect(await codeOf(wrong, { ...unionpay, expiry: '2610' })).toBe('54');
    expect(await codeOf(wrong, unionpay, 10_051)).toBe('55');
    expect(await codeOf(right, unionpay, 10_051)).toBe('51');
  });

  test('stands nowhere afterwards: no log, no file', async () => {
    await codeOf(right);
    await codeOf({ ...right, block: `${right.block}00` });
    const kept = [...host.logged];
    for (const file of readdirSync(host.folder)) kept.push(readFileSync(join(host.folder, file), 'latin1'));
    for (const secret of [right.block, right.ksn, '123456']) {
      expect(kept.join('\n').toUpperCase()).not.toContain(secret);
    }
    expect(kept.join('\n')).toContain('PAY00000001');
  });
});

test('the host and the PIN pad derive the keys of ANSI X9.24-1 alike, each by itself', () => {
  const pan = '4012345678909';
  for (let counter = 1; counter < 300; counter += 7) {
    expect(isRightPin(pan, encipheredPin('123456', pan, counter))).toBe(true);
    expect(isRightPin(pan, encipheredPin('1234', pan, counter))).toBe(false);
  }
});
