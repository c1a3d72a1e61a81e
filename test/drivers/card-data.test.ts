import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CardData } from '../../drivers/card-reader/card-data.ts';
import { isDeviceError } from '../../drivers/errors.ts';

const secrets = {
  pan: '6222021234567890128',
  track2: '6222021234567890128=301220100000123',
  expiry: '3012',
  emvTags: { '9F26': '1122334455667788', '9F36': '0001' },
};

const card = () =>
  new CardData('CONTACTLESS', secrets, {
    aid: 'A000000333010101',
    tvr: '0000000000',
    atc: '0001',
    arqc: '1122334455667788',
  });

describe('card data', () => {
  it('shows the first six and the last four digits', () => {
    expect(card().masked).toBe('622202*********0128');
    expect(new CardData('MAG', { ...secrets, pan: '6222021234561234' }).masked).toBe('622202******1234');
  });

  const ways: readonly [string, (data: CardData) => string][] = [
    ['JSON', (data) => JSON.stringify({ data })],
    ['String()', (data) => String(data)],
    ['a template', (data) => `${data}`],
    ['inspection', (data) => inspect(data, { showHidden: true, depth: 10, getters: true })],
    ['a format string', (data) => inspect([data], { compact: false })],
    ['a clone', (data) => inspect(structuredClone(data), { showHidden: true, depth: 10 })],
    [
      'its entries',
      (data) => inspect([Object.entries(data), Object.getOwnPropertyNames(data), Reflect.ownKeys(data)], { depth: 10 }),
    ],
    ['a spread', (data) => JSON.stringify({ ...data })],
  ];
  it.each(ways)('keeps its secrets from %s', (_way, show) => {
    const shown = show(card());
    for (const secret of [
      secrets.pan,
      secrets.track2,
      secrets.expiry,
      '1234567890',
      Buffer.from(secrets.pan).toString('hex'),
    ]) {
      expect(shown).not.toContain(secret);
    }
    expect(shown).not.toMatch(/54,\s*50,\s*50,\s*50/);
  });

  it('reveals them when asked by name', () => {
    expect(card().reveal()).toEqual(secrets);
    expect(new CardData('MAG', { ...secrets, track2: undefined }).reveal().track2).toBeUndefined();
  });

  it('has nothing to reveal once erased, but can still be printed', () => {
    const data = card();
    data.erase();
    expect(() => data.reveal()).toThrow(expect.objectContaining({ code: 'CARD_UNREADABLE' }));
    expect(data.masked).toBe('622202*********0128');
    expect(data.emvForSlip?.atc).toBe('0001');
  });

  it('names no digit in the error after erasing', () => {
    const data = card();
    data.erase();
    try {
      data.reveal();
      expect.unreachable();
    } catch (error) {
      expect(isDeviceError(error) && JSON.stringify({ ...error, message: error.message })).not.toMatch(/\d{4}/);
    }
  });
});
