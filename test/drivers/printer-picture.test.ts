import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bitmap, Slip } from '../../drivers/devices.ts';
import { bitmapFromPbm } from '../../drivers/printer/bitmap.ts';
import { encodeSlip } from '../../drivers/printer/encode-slip.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, printerRig, watch } from './rig.ts';

/** Logos: from the file to the dots on paper. */

const file = (head: string, ...rows: readonly number[]): Uint8Array =>
  Uint8Array.from([...Buffer.from(head, 'latin1'), ...rows]);

describe('a PBM file', () => {
  const cross: Bitmap = { widthDots: 10, heightDots: 2, rows: Uint8Array.of(0x80, 0x40, 0x01, 0x00) };
  const good: readonly [what: string, bytes: Uint8Array][] = [
    ['binary', file('P4\n10 2\n', 0x80, 0x40, 0x01, 0x00)],
    ['binary, with a comment', file('P4\n# made by hand\n10 # wide\n2\n', 0x80, 0x40, 0x01, 0x00)],
    ['binary, with dots beyond its width', file('P4 10 2\n', 0x80, 0x7f, 0x01, 0x3f)],
    ['binary, with something behind it', file('P4 10 2\n', 0x80, 0x40, 0x01, 0x00, 0xff)],
    ['plain', file('P1\n10 2\n1000000001\n0000000100\n')],
    ['plain, with spaces and a comment', file('P1 10 2 1 0 0 0 0 0 0 0 0 1 # row\n 00000 001 00')],
  ];
  it.each(good)('is read: %s', (_what, bytes) => expect(bitmapFromPbm(bytes, 384)).toEqual(cross));

  const bad: readonly [what: string, bytes: Uint8Array, error: RegExp][] = [
    ['nothing', new Uint8Array(0), /must begin with P1 or P4/],
    ['a PNG', file('\x89PNG\r\n'), /must begin with P1 or P4/],
    ['no width', file('P4\n'), /no width/],
    ['no height', file('P4\n10\n'), /no height/],
    ['a negative width', file('P4 -1 2\n'), /no width/],
    ['an endless number', file('P4 999999 1\n'), /no width/],
    ['no dots', file('P4 0 5\n'), /0x5 dots: empty/],
    ['too wide for the paper', file('P4 385 1\n'), /385 dots wide, the paper only 384/],
    ['too high', file('P4 8 1001\n'), /1001 dots high, more than 1000/],
    ['cut short, binary', file('P4 10 2\n', 0x80, 0x40, 0x01), /cut short: 3 of 4 bytes/],
    ['without the space before the dots', file('P4 10 2'), /cut short/],
    ['cut short, plain', file('P1 10 2\n1010'), /cut short: 4 of 20 dots/],
    ['another digit', file('P1 2 1\n12'), /dot 2 .* neither 0 nor 1/],
  ];
  it.each(bad)('is refused: %s', (_what, bytes, error) => {
    expect(() => bitmapFromPbm(bytes, 384)).toThrow(RangeError);
    expect(() => bitmapFromPbm(bytes, 384)).toThrow(error);
  });

  it('gives a picture that fits, or a RangeError, whatever is in it', () => {
    const anything = fc.tuple(
      fc.constantFrom('P1', 'P4', 'P1 9 3 ', 'P4 9 3 ', 'P4 '),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(anything, ([head, rest]) => {
        try {
          const { widthDots, heightDots, rows } = bitmapFromPbm(file(head, ...rest), 384);
          expect(widthDots).toBeLessThanOrEqual(384);
          expect(rows.length).toBe(Math.ceil(widthDots / 8) * heightDots);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { seed: 4, numRuns: 2_000 },
    );
  });
});

/** Every row is another one, and no two bytes of it look like a command. */
const picture = (widthDots: number, heightDots: number): Bitmap => ({
  widthDots,
  heightDots,
  rows: Uint8Array.from({ length: Math.ceil(widthDots / 8) * heightDots }, (_, i) => 0x20 + ((i * 7) % 200)),
});
const withLogo = (image: Bitmap): Slip => [
  { kind: 'image', image },
  { kind: 'text', text: '签购单', align: 'center', size: 'double', bold: true },
  { kind: 'text', text: 'plain' },
  { kind: 'qr', data: 'https://example.invalid/r/1' },
  { kind: 'cut' },
];

describe('a picture on a slip', () => {
  it('is a frame in its place on the screen', () => {
    expect(slipText([{ kind: 'image', image: picture(200, 96) }], 32)).toEqual([
      '        +--------------+',
      '        | 图片 200x96  |',
      '        +--------------+',
    ]);
  });

  const wrong: readonly [what: string, image: Bitmap][] = [
    ['wider than the paper', picture(385, 8)],
    ['without dots', { widthDots: 0, heightDots: 8, rows: new Uint8Array(0) }],
    ['with too few bytes', { widthDots: 16, heightDots: 2, rows: new Uint8Array(3) }],
  ];
  it.each(wrong)('is refused: %s', (_what, image) =>
    expect(() => encodeSlip([{ kind: 'image', image }], printerProfiles['escpos-58'])).toThrow(RangeError),
  );

  it('comes out dot for dot, with the text around it, as rows that can be drawn', async () => {
    const { clock, simulator, printer } = await printerRig();
    const image = picture(384, 100);
    watch(printer.print(withLogo(image)));
    await clock.advance(1_000);
    expect(simulator.violations).toEqual([]);
    expect(simulator.slips).toHaveLength(1);
    expect(simulator.slips[0]?.rows).toEqual([
      { kind: 'image', align: 'center', image },
      { kind: 'text', align: 'left', spans: [{ text: `${' '.repeat(5)}签购单`, wide: true, tall: true, bold: true }] },
      { kind: 'text', align: 'left', spans: [{ text: 'plain', wide: false, tall: false, bold: false }] },
      { kind: 'qr', align: 'center', data: 'https://example.invalid/r/1' },
      { kind: 'cut' },
    ]);
  });

  const commands = [
    [0x10, 0x04, 0x01],
    [0x10, 0x05, 0x02],
    [0x10, 0x14, 0x01, 0x00, 0x05],
  ] as const;
  it.each(commands)('with the bytes %d %d in it is not taken for a command: one dot more', async (...bytes) => {
    const { clock, simulator, printer } = await printerRig();
    const heard: string[] = [];
    const image: Bitmap = {
      widthDots: 64,
      heightDots: 9,
      rows: Uint8Array.from({ length: 72 }, (_, i) => bytes[i % bytes.length] ?? 0),
    };
    simulator.use({
      onCommand({ name }) {
        if (name.startsWith('DLE')) heard.push(name);
        return false;
      },
    });
    watch(printer.print([{ kind: 'image', image }, { kind: 'cut' }]));
    await clock.advance(400);
    // The four questions before the slip.
    expect(heard).toEqual(['DLE EOT', 'DLE EOT', 'DLE EOT', 'DLE EOT']);
    const row = simulator.slips[0]?.rows[0];
    if (row?.kind !== 'image') throw new Error('no picture came out');
    const changed = [...row.image.rows].flatMap((byte, i) =>
      byte === image.rows[i] ? [] : [byte ^ (image.rows[i] ?? 0)],
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(new Set(changed)).toEqual(new Set([0x08]));
  });

  it('as long as a picture may be goes through 4 kB, over a slow line, and no poll stands inside it', async () => {
    const { clock, simulator, port, printer } = await printerRig({
      profile: printerProfiles['escpos-80'],
      lineTimeMs: 60,
    });
    arm(printerFaults, 'small-buffer', simulator);
    arm(wireFaults, 'random-chunks', port, { value: 60 });
    let polls = 0;
    simulator.use({
      onCommand({ name }) {
        if (name === 'DLE EOT') polls += 1;
        return false;
      },
    });
    const image = picture(576, 1_000);
    const print = watch(printer.print(withLogo(image)));
    await clock.advance(20_000);
    expect(print.done && !print.error).toBe(true);
    expect(simulator.violations).toEqual([]);
    expect(simulator.slips[0]?.rows[0]).toEqual({ kind: 'image', align: 'center', image });
    expect(polls).toBeGreaterThan(6);
  });

  it('cut off in the middle leaves no printer that takes everything for dots', async () => {
    const { clock, simulator, port, printer } = await printerRig({
      profile: printerProfiles['escpos-80'],
      lineTimeMs: 60,
    });
    const image = picture(576, 200);
    arm(wireFaults, 'unplug-while-writing', port, { value: 5_000, times: 1 });
    const print = watch(printer.print(withLogo(image)));
    await clock.advance(2_000);
    expect(print.error?.code).toBe('DEVICE_ABSENT');
    port.plugIn();
    await clock.advance(5_000);
    expect(printer.status()).toEqual({ state: 'ready' });
    const resumed = watch(printer.resume([]));
    await clock.advance(5_000);
    expect(resumed).toMatchObject({ value: true });
    expect(simulator.slips.at(-1)).toMatchObject({ cut: true, qr: ['https://example.invalid/r/1'] });
    expect(simulator.violations).toEqual([]);
  });
});

describe('the simulated printer is strict about pictures', () => {
  it('notes a poll inside one', async () => {
    const { clock, simulator, port } = await printerRig();
    const transport = await port.connect();
    await transport.write(Uint8Array.of(0x1d, 0x76, 0x30, 0, 2, 0, 4, 0, 0xff, 0x10, 0x04, 0x01));
    await clock.advance(0);
    expect(simulator.violations).toEqual(['DLE EOT 1 inside a picture']);
  });

  it('notes one that is wider than the paper, and more than the buffer holds', async () => {
    const { clock, simulator, port } = await printerRig();
    const transport = await port.connect();
    await transport.write(Uint8Array.of(0x1b, 0x40, 0x1d, 0x76, 0x30, 0, 49, 0, 1, 0, ...new Uint8Array(49)));
    arm(printerFaults, 'small-buffer', simulator, { value: 100 });
    simulator.set({ paper: 'out' });
    await transport.write(new Uint8Array(101).fill(0x41));
    await clock.advance(0);
    expect(simulator.violations).toEqual(['picture of 392 dots on paper of 384', 'buffer overflow']);
  });
});
