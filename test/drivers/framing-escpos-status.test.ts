import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PrinterFrame, printerStatusDecoder } from '../../drivers/framing/escpos-status.ts';
import { fromHex } from '../../drivers/framing/tlv.ts';

function decode(...chunks: readonly Uint8Array[]) {
  const frames: PrinterFrame[] = [];
  const decoder = printerStatusDecoder((frame) => frames.push(frame));
  for (const chunk of chunks) decoder.push(chunk);
  return { frames, junkBytes: decoder.noise.junkBytes };
}

const realtime = (status: number): PrinterFrame => ({ kind: 'realtime', status });
const automatic = (...status: [number, number, number, number]): PrinterFrame => ({ kind: 'automatic', status });

describe('what a printer sends back', () => {
  const cases: readonly [what: string, hex: string, frames: PrinterFrame[], junk: number][] = [
    ['answers to DLE EOT', '12 1A 16 32 7E', [0x12, 0x1a, 0x16, 0x32, 0x7e].map(realtime), 0],
    ['automatic status', '10000000', [automatic(0x10, 0, 0, 0)], 0],
    ['automatic status of a clone', '1000000F', [automatic(0x10, 0, 0, 0x0f)], 0],
    ['automatic status with XOFF and XON inside', '18 13 00 11 0F 00', [automatic(0x18, 0, 0x0f, 0)], 0],
    ['the answer to GS r', '00 03 0C', [0, 3, 12].map((status) => ({ kind: 'buffered', status })), 0],
    ['the end of printing', '37 22 30303132 00', [{ kind: 'printed', id: '0012' }], 0],
    [
      'all of them in a row',
      '12 10000000 37223030303100 00',
      [realtime(0x12), automatic(0x10, 0, 0, 0), { kind: 'printed', id: '0001' }, { kind: 'buffered', status: 0 }],
      0,
    ],
    ['a block of another kind', '37 20 41 00 12', [realtime(0x12)], 3],
    ['automatic status that breaks off', '10 00 12', [realtime(0x12)], 2],
    ['a block that breaks off', '37 22 30 12', [realtime(0x12)], 3],
    ['bytes that no printer sends', '80 FF 91', [], 3],
  ];

  it.each(cases)('tells apart %s', (_what, hex, frames, junkBytes) => {
    const bytes = fromHex(hex);
    expect(decode(bytes)).toEqual({ frames, junkBytes });
    expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual({ frames, junkBytes });
  });

  it('never throws, and takes a good answer again after any noise and a pause', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const frames: PrinterFrame[] = [];
        const decoder = printerStatusDecoder((frame) => frames.push(frame));
        decoder.push(noise);
        decoder.dropPartial();
        decoder.push(fromHex('37 22 39393939 00'));
        expect(frames.at(-1)).toEqual({ kind: 'printed', id: '9999' });
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});
