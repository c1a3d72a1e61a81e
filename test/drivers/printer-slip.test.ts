import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { encodeSections, encodeSlip } from '../../drivers/printer/encode-slip.ts';
import { layOut } from '../../drivers/printer/layout.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { cellsOf } from '../../drivers/printer/text.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { settle, testClock } from '../support/test-clock.ts';
import { shortSlip } from './rig.ts';

/** What a printer makes of the bytes. */
async function printed(bytes: Uint8Array, columns: number) {
  const printer = simulatedPrinter({ clock: testClock(), columns });
  const { near, far } = transportPair();
  printer.attach(far);
  await near.write(bytes);
  await settle(1);
  return {
    slips: [...printer.slips, printer.hanging()].filter(({ lines }) => lines.length > 0),
    violations: printer.violations,
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const clone58 = printerProfiles['escpos-58'];

describe('a slip in bytes', () => {
  it('is what a printer expects, from initialisation to cut', () => {
    const slip: Slip = [
      { kind: 'text', text: '中文ABC¥12.50' },
      { kind: 'text', text: '大', size: 'double', align: 'center' },
      { kind: 'text', text: 'b', bold: true },
      { kind: 'feed', lines: 3 },
      { kind: 'cut' },
    ];
    expect(hex(encodeSlip(slip, clone58))).toBe(
      [
        '1b40',
        '1c26',
        'd6d0cec4414243a3a431322e35300a',
        '1d21111c210c1c5701',
        '20202020202020b4f30a',
        '1d21001c21001c5700',
        '1b4501620a1b4500',
        '1b6403',
        '1d564200',
      ].join(''),
    );
  });

  it('turns automatic status on again, because initialising has turned it off', () => {
    expect(hex(encodeSlip([], printerProfiles['epson-80']))).toBe('1b401c261d610e');
  });

  it('prints what the screen shows, on both papers', async () => {
    for (const profile of Object.values(printerProfiles)) {
      const { slips, violations } = await printed(encodeSlip(shortSlip, profile), profile.columns);
      expect(violations).toEqual([]);
      expect(slips).toMatchObject([
        { lines: slipText(shortSlip, profile.columns), qr: ['https://example.invalid/r/000123'], cut: true },
      ]);
    }
  });

  it('looks like this', () => {
    expect(slipText(shortSlip, 32)).toEqual([
      '          账平测试商户',
      '--------------------------------',
      '金额                    ￥123.45',
      '消费 SALE       12      1,234.56',
      '[QR]',
      'https://example.invalid/r/000123',
      '',
      '',
    ]);
  });

  const layouts: readonly [what: string, line: SlipLine, lines: string[]][] = [
    [
      'a pair that fits exactly',
      { kind: 'pair', left: '交易金额', right: 'RMB 1,234,567,890.12' },
      ['交易金额    RMB 1,234,567,890.12'],
    ],
    [
      'a pair that does not',
      { kind: 'pair', left: '商户名称', right: '账平科技（北京）有限公司西单店' },
      ['商户名称', '  账平科技（北京）有限公司西单店'],
    ],
    ['text to the right', { kind: 'text', text: '第一联', align: 'right' }, [`${' '.repeat(26)}第一联`]],
    ['text in lines', { kind: 'text', text: '一\n二\r\n三' }, ['一', '二', '三']],
    [
      'a cell that is too long',
      {
        kind: 'columns',
        cells: [
          { text: '香辣牛肉面大碗', width: 10 },
          { text: '2', width: -4 },
        ],
      },
      ['香辣牛肉面   2', '大碗'],
    ],
  ];
  it.each(layouts)('lays out %s', (_what, line, lines) => expect(slipText([line], 32)).toEqual(lines));

  it('refuses columns that are wider than the paper', () => {
    const cells = [
      { text: 'a', width: 20 },
      { text: 'b', width: 20 },
    ];
    expect(() => encodeSlip([{ kind: 'columns', cells }], clone58)).toThrow(RangeError);
    expect(() => encodeSlip([{ kind: 'columns', cells }], printerProfiles['escpos-80'])).not.toThrow();
  });

  it.each([14, 60, 300, 666])('fits a QR code of %d bytes on the paper', (length) => {
    const bytes = encodeSlip([{ kind: 'qr', data: 'x'.repeat(length) }], clone58);
    const at = hex(bytes).indexOf('1d286b03003143');
    const dotsPerModule = bytes[at / 2 + 7] ?? 0;
    const version =
      [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666].findIndex(
        (c) => length <= c,
      ) + 1;
    expect(dotsPerModule).toBeGreaterThanOrEqual(3);
    expect(dotsPerModule * (17 + 4 * version)).toBeLessThanOrEqual(384);
  });

  it('refuses a QR code that nobody could read', () => {
    expect(() => encodeSlip([{ kind: 'qr', data: 'x'.repeat(667) }], clone58)).toThrow(RangeError);
    expect(() => encodeSlip([{ kind: 'qr', data: '' }], clone58)).toThrow(RangeError);
  });

  it('divides the bytes between lines, at each cut and after ten lines, and loses none', () => {
    const lines = layOut([...shortSlip, ...Array.from({ length: 25 }, () => shortSlip[1] ?? []).flat()], 32);
    const sections = encodeSections(lines, clone58);
    expect(hex(Uint8Array.from(sections.flatMap(({ bytes }) => [...bytes])))).toBe(
      hex(encodeSlip([...shortSlip, ...Array.from({ length: 25 }, () => ({ kind: 'rule' as const }))], clone58)),
    );
    expect(sections.map((section) => section.lines)).toEqual([7, 17, 27, 32]);
    for (const { bytes } of sections) expect(hex(bytes)).toMatch(/(0a|1d564200)$/);
  });

  it('never prints a line that is too wide, nor a byte that a cheap printer does not know, whatever the text', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('中文商户名称很长', '¥', '😀'),
    );
    const line: fc.Arbitrary<SlipLine> = fc.oneof(
      fc.record({
        kind: fc.constant('text' as const),
        text,
        align: fc.constantFrom('left' as const, 'center' as const, 'right' as const),
        size: fc.constantFrom('normal' as const, 'double' as const),
        bold: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('pair' as const), left: text, right: text }),
      fc.record({
        kind: fc.constant('columns' as const),
        cells: fc.array(fc.record({ text, width: fc.constantFrom(8, -8, 5) }), { maxLength: 4 }),
      }),
      fc.constant<SlipLine>({ kind: 'rule' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (slip) => {
        const { slips, violations } = await printed(encodeSlip([...slip, { kind: 'cut' }], clone58), 32);
        expect(violations).toEqual([]);
        expect(slips.flatMap(({ lines }) => lines)).toEqual(slipText(slip, 32));
        for (const shown of slipText(slip, 32)) expect(cellsOf(shown)).toBeLessThanOrEqual(32);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('the simulated printer is strict', () => {
  const bad: readonly [what: string, bytes: string, violation: RegExp][] = [
    ['an unknown command', '1b40 1b7f 410a', /unknown command/],
    ['a control byte', '1b40 09 0a', /unknown command byte 09/],
    ['a four-byte character', '1b40 1c26 81308436 0a', /four-byte character 81308436/],
    ['Chinese outside of Chinese mode', '1b40 d6d0 0a', /outside of Chinese mode/],
    ['a line that is too wide', `1b40 ${'41'.repeat(33)} 0a`, /line of 33 cells on paper of 32/],
    ['a double line that is too wide', `1b40 1d2111 1c210c ${'41'.repeat(17)} 0a`, /line of 34 cells/],
    ['a size for ASCII only', '1b40 1c26 1d2111 d6d0 0a', /different size/],
    ['text without an end', '1b40 4142 1b40', /without a line feed/],
    ['half a character', '1b40 1c26 d6 1b4500 0a', /half a character/],
  ];
  it.each(bad)('notes %s', async (_what, bytes, violation) => {
    const { violations } = await printed(Buffer.from(bytes.replaceAll(' ', ''), 'hex'), 32);
    expect(violations.join('\n')).toMatch(violation);
  });

  it('never throws on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await expect(printed(bytes, 32)).resolves.toBeDefined();
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
