import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16 } from '../../drivers/framing/crc16.ts';
import { fromHex } from '../../drivers/framing/tlv.ts';
import {
  type Direction,
  encodeVivotech2,
  MAX_DATA_LENGTH,
  type Vivotech2Frame,
  vivotech2Decoder,
} from '../../drivers/framing/vivotech2.ts';

const HEADER = '5669564F746563683200';

/** Frames as the vendor's manual prints them (devices.md §2.1). */
const published: readonly [
  what: string,
  direction: Direction,
  command: number,
  sub: number,
  data: string,
  frame: string,
][] = [
  ['ping', 'command', 0x18, 0x01, '', '18 01 0000 B3CD'],
  ['pong', 'answer', 0x18, 0x00, '', '18 00 0000 FA83'],
  ['set poll mode, auto', 'command', 0x01, 0x01, '00', '01 01 0001 00 F624'],
  ['poll mode is set', 'answer', 0x01, 0x00, '', '01 00 0000 1253'],
  ['set poll mode, on demand', 'command', 0x01, 0x01, '01', '01 01 0001 01 D734'],
  ['get result', 'command', 0x03, 0x00, '', '03 00 0000 3BFF'],
  ['no result', 'answer', 0x03, 0x00, '000000', '03 00 0003 000000 8DD0'],
  ['activate for 10 s', 'command', 0x02, 0x01, '0A', '02 01 0001 0A 6E6B'],
  ['get configuration', 'command', 0x03, 0x02, '', '03 02 0000 5B91'],
  ['query screen', 'command', 0x61, 0x13, '53637265656E3100', '61 13 0008 53637265656E3100 58F8'],
  ['screen', 'answer', 0x61, 0x00, '01', '61 00 0001 01 5BBF'],
];

function decodeAll(direction: Direction, chunks: readonly Uint8Array[]) {
  const frames: Vivotech2Frame[] = [];
  const decoder = vivotech2Decoder(direction, (frame) => frames.push(frame));
  for (const chunk of chunks) decoder.push(chunk);
  return { frames, noise: decoder.noise, decoder };
}

const singles = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('published ViVOtech2 frames', () => {
  it.each(published)('%s', (_what, direction, command, sub, data, frame) => {
    const bytes = fromHex(HEADER + frame);
    expect(encodeVivotech2(direction, { command, sub, data: fromHex(data) })).toEqual(bytes);
    expect(decodeAll(direction, [bytes]).frames).toEqual([{ command, sub, data: fromHex(data) }]);
    expect(decodeAll(direction, singles(bytes)).frames).toEqual([{ command, sub, data: fromHex(data) }]);
  });

  it('the user-interface event has the same CRC', () => {
    expect(crc16(fromHex('45 00 55 00 04 03 03 00 00'))).toBe(0xe8dd);
  });

  it('pass-through commands have their CRC high byte first', () => {
    const bytes = encodeVivotech2('command', { command: 0x2c, sub: 0x01, data: fromHex('AA') });
    expect(crc16(bytes.subarray(0, -2))).toBe((bytes.at(-2) ?? 0) * 256 + (bytes.at(-1) ?? 0));
  });
});

describe('ViVOtech2 on a noisy line', () => {
  const ping: Vivotech2Frame = { command: 0x18, sub: 0x00, data: new Uint8Array(0) };
  const good = encodeVivotech2('answer', ping);

  it('finds the good frame behind junk and a frame with a flipped bit, cut in two', () => {
    const damaged = good.map((byte, at) => (at === 11 ? byte ^ 0x04 : byte));
    const { frames, noise } = decodeAll('answer', [
      fromHex('00 56 69'),
      damaged,
      good.subarray(0, 9),
      good.subarray(9),
    ]);
    expect(frames).toEqual([ping]);
    expect(noise).toEqual({ junkBytes: 3 + damaged.length, badCrcs: 1 });
  });

  it('goes on behind a length that cannot be', () => {
    const tooLong = fromHex(`${HEADER}0200FFFF`);
    expect(decodeAll('answer', [tooLong, good]).frames).toEqual([ping]);
  });

  it('takes several frames out of one chunk', () => {
    expect(decodeAll('answer', [join(good, good, good)]).frames).toHaveLength(3);
  });

  it('reads a frame of the longest allowed data, and refuses to make a longer one', () => {
    const data = new Uint8Array(MAX_DATA_LENGTH).fill(0x56);
    const bytes = encodeVivotech2('answer', { command: 2, sub: 0, data });
    expect(decodeAll('answer', [bytes]).frames).toEqual([{ command: 2, sub: 0, data }]);
    expect(() => encodeVivotech2('answer', { command: 2, sub: 0, data: new Uint8Array(1501) })).toThrow(RangeError);
  });

  it('forgets a half frame when told that the rest will not come', () => {
    const { frames, decoder, noise } = decodeAll('answer', [good.subarray(0, 12)]);
    decoder.dropPartial();
    decoder.push(good);
    expect(frames).toEqual([ping]);
    expect(noise.junkBytes).toBe(12);
  });

  it('does not take a frame in the byte order of the other direction', () => {
    const command = encodeVivotech2('command', { command: 0x18, sub: 0x01, data: new Uint8Array(0) });
    const { frames, noise } = decodeAll('answer', [command]);
    expect(frames).toEqual([]);
    expect(noise.badCrcs).toBe(1);
  });

  const frame = fc.record({
    command: fc.integer({ min: 0, max: 255 }),
    sub: fc.integer({ min: 0, max: 255 }),
    data: fc.uint8Array({ maxLength: 60 }),
  });

  it('finds every frame between any junk, in any chunks', () => {
    const junk = fc.uint8Array({ maxLength: 30 }).map((bytes) => bytes.filter((byte) => byte !== 0x56));
    fc.assert(
      fc.property(fc.array(fc.tuple(junk, frame), { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (parts, size) => {
        const bytes = join(...parts.flatMap(([noise, each]) => [noise, encodeVivotech2('answer', each)]));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(decodeAll('answer', chunks).frames).toEqual(parts.map(([, each]) => each));
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('never throws and never keeps more than one frame, whatever comes', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constant(fromHex(HEADER)),
      frame.map((each) => encodeVivotech2('answer', each)),
      fc.constant(fromHex(`${HEADER}020005DC`)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { decoder, noise, frames } = decodeAll('answer', pieces);
        const total = pieces.reduce((sum, bytes) => sum + bytes.length, 0);
        const taken = frames.reduce((sum, { data }) => sum + data.length + 16, 0);
        const kept = total - noise.junkBytes - taken;
        expect(kept).toBeGreaterThanOrEqual(0);
        expect(kept).toBeLessThan(MAX_DATA_LENGTH + 16);
        decoder.dropPartial();
        expect(noise.junkBytes + taken).toBe(total);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
