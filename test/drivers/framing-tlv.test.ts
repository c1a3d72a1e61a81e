import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTlv, encodeTlv, findTag, fromHex, type Tlv } from '../../drivers/framing/tlv.ts';

const flat = (hex: string): [string, string][] => {
  const result = decodeTlv(fromHex(hex));
  if (!result.ok) throw new Error(result.fault);
  return result.objects.map(({ tag, value }) => [tag, Buffer.from(value).toString('hex')]);
};

describe('BER-TLV', () => {
  const cases: readonly [what: string, hex: string, expected: [string, string][]][] = [
    ['nothing', '', []],
    [
      'tags of one, two and three bytes',
      '9A01AA 9F020101 DFEE250102',
      [
        ['9A', 'aa'],
        ['9F02', '01'],
        ['DFEE25', '02'],
      ],
    ],
    ['an empty value', '5A00', [['5A', '']]],
    [
      'padding between objects',
      '0000 9A01AA FF 00 9C0100 FFFF',
      [
        ['9A', 'aa'],
        ['9C', '00'],
      ],
    ],
    [
      'lengths of one, two and three bytes',
      '9A8101AA 9A820001BB 9A83000001CC',
      [
        ['9A', 'aa'],
        ['9A', 'bb'],
        ['9A', 'cc'],
      ],
    ],
    ["ID TECH's failure object, which only looks constructed", 'FFEE1F0421000000', [['FFEE1F', '21000000']]],
  ];
  it.each(cases)('reads %s', (_what, hex, expected) => expect(flat(hex)).toEqual(expected));

  const bad: readonly [what: string, hex: string, fault: string, at: number][] = [
    ['a value that ends early', '9A01AA 5A0812', 'truncated', 3],
    ['a length that ends early', '5A82 01', 'truncated', 0],
    ['a tag without a length', '9A01AA 9F', 'truncated', 3],
    ['an indefinite length', '70 80 5A01AA 0000', 'indefinite', 0],
    ['a length of more than three bytes', '5A84 00000001 AA', 'oversized', 0],
    ['a tag of more than four bytes', '9F80808001 00', 'tag', 0],
    ['a child that is longer than its parent', '70 03 5A 04 12', 'truncated', 2],
    ['nesting without end', '3016 3014 3012 3010 300E 300C 300A 3008 3006 3004 3002 3000', 'depth', 18],
    ['more objects than a card has', '9A00'.repeat(513), 'count', 1024],
  ];
  it.each(bad)('refuses %s', (_what, hex, fault, at) => {
    expect(decodeTlv(fromHex(hex))).toEqual({ ok: false, fault, at });
  });

  it('finds a tag inside constructed objects', () => {
    const result = decodeTlv(fromHex('9A01AA 70 07 A5 05 9F260101 00'));
    expect(result.ok && findTag(result.objects, '9F26')).toEqual(Uint8Array.of(1));
    expect(result.ok && findTag(result.objects, '9F27')).toBeUndefined();
  });

  it('reads back what it wrote, up to long values', () => {
    const objects: [string, Uint8Array][] = [
      ['9F02', new Uint8Array(6)],
      ['DFEE23', new Uint8Array(0x7f).fill(1)],
      ['DFEE23', new Uint8Array(0x80).fill(2)],
      ['57', new Uint8Array(0x100).fill(3)],
    ];
    const result = decodeTlv(encodeTlv(objects));
    expect(result.ok && result.objects.map(({ tag, value }) => [tag, value])).toEqual(objects);
  });

  it('never throws, and everything that it reads lies inside the input', () => {
    const count = (objects: readonly Tlv[]): number =>
      objects.reduce((sum, { value, children }) => sum + 2 + (children ? count(children) : value.length), 0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const result = decodeTlv(bytes);
        if (result.ok) expect(count(result.objects)).toBeLessThanOrEqual(bytes.length);
        else expect(result.at).toBeLessThanOrEqual(bytes.length);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});
