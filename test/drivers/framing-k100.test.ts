import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeK100, k100Decoder, MAX_BODY_LENGTH } from '../../drivers/framing/k100.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

function decodeAll(chunks: readonly Uint8Array[]) {
  const bodies: string[] = [];
  const decoder = k100Decoder((body) => bodies.push(Buffer.from(body).toString('hex')));
  for (const chunk of chunks) decoder.push(chunk);
  return { bodies, decoder };
}

const singles = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Frames as the maker prints them (devices.md §2.3; manual of the L100, p. 31, 42 and 44). */
const published: readonly [what: string, body: string, frame: string][] = [
  ['digits that were entered', '0630313233343536373839', '020b00 0630313233343536373839 07 13 03'],
  ['cancel', '754609', '020300 754609 3a c4 03'],
  ['get function key', '75460b', '020300 75460b 38 c6 03'],
  ['firmware version?', '784601', '020300 784601 3f bf 03'],
  [
    'firmware version',
    '064944205445434820536d61727450494e204c313030204669726d776172652056312e3030',
    '022500 064944205445434820536d61727450494e204c313030204669726d776172652056312e3030 3a 74 03',
  ],
];

describe('published K100 frames', () => {
  it.each(published)('%s', (_what, body, frame) => {
    expect(encodeK100(hex(body))).toEqual(hex(frame));
    expect(decodeAll([hex(frame)]).bodies).toEqual([body]);
    expect(decodeAll(singles(hex(frame))).bodies).toEqual([body]);
  });

  it.each([0, MAX_BODY_LENGTH + 1])('a body of %i bytes is refused', (length) => {
    expect(() => encodeK100(new Uint8Array(length))).toThrow(RangeError);
  });
});

describe('K100 frames on a noisy line', () => {
  const good = hex('020300 151800 0d 2d 03');

  const damaged: readonly [what: string, frame: string][] = [
    ['a wrong LRC', '020300 151800 0c 2d 03'],
    ['a wrong SUM', '020300 151800 0d 2c 03'],
    ['a wrong end', '020300 151800 0d 2d 04'],
    ['a flipped bit in the body', '020300 151801 0d 2d 03'],
    ['a length of nothing', '020000 00 00 03'],
    ['a length beyond all frames', '02ffff 151800 0d 2d 03'],
  ];
  it.each(damaged)('finds the good frame right behind one with %s', (_what, frame) => {
    const { bodies, decoder } = decodeAll([hex(frame), good]);
    expect(bodies).toEqual(['151800']);
    expect(decoder.noise.badCrcs).toBeGreaterThan(0);
    expect(decoder.held()).toBe(0);
  });

  it('finds good frames between junk, several in a chunk, one cut in two', () => {
    const bytes = Uint8Array.from([0x00, 0x55, ...good, 0x2a, ...good, ...good]);
    const { bodies, decoder } = decodeAll([bytes.subarray(0, 23), bytes.subarray(23)]);
    expect(bodies).toEqual(['151800', '151800', '151800']);
    expect(decoder.noise).toEqual({ junkBytes: 3, badCrcs: 0 });
  });

  it('forgets a half frame when it is told to', () => {
    const { bodies, decoder } = decodeAll([good.subarray(0, 5)]);
    decoder.dropPartial();
    decoder.push(good);
    expect(bodies).toEqual(['151800']);
  });

  it('gives back every body, however the bytes are cut, and never keeps more than a frame', () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: MAX_BODY_LENGTH });
    fc.assert(
      fc.property(fc.array(body, { maxLength: 5 }), fc.array(fc.nat({ max: 300 })), (sent, cuts) => {
        const bytes = Uint8Array.from(sent.flatMap((one) => [...encodeK100(one)]));
        const at = [...cuts.filter((cut) => cut < bytes.length), 0, bytes.length].sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(decodeAll(chunks).bodies).toEqual(sent.map((one) => Buffer.from(one).toString('hex')));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
        expect(decodeAll(chunks).decoder.held()).toBeLessThan(MAX_BODY_LENGTH + 6);
      }),
      { numRuns: 200 },
    );
  });
});
