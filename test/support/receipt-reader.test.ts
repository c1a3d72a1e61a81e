import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bitmap, Slip, SlipLine } from '../../drivers/devices.ts';
import { encodeSections, encodeSlip } from '../../drivers/printer/encode-slip.ts';
import { layOut } from '../../drivers/printer/layout.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { testSlip } from '../../terminal/flows/test-slip.ts';
import { codeSlip } from '../../terminal/payments/code-slip.ts';
import { faultOf, faultSlip } from '../../terminal/payments/fault-slip.ts';
import { saleSlip } from '../../terminal/payments/receipt.ts';
import { refundSlip } from '../../terminal/payments/refund-slip.ts';
import { framed, type SlipHead } from '../../terminal/payments/slip-parts.ts';
import type { Batch } from '../../terminal/settlement/batch.ts';
import { batchLines } from '../../terminal/settlement/batch-slip.ts';
import { anOriginal, aPayment, aRefund, head as usualHead } from '../terminal/payments/slip-samples.ts';
import { type ReceiptMark, readReceipt } from './receipt-reader.ts';
import { settle, testClock } from './test-clock.ts';

/** What the driver prints, read by a decoder that shares nothing with it, beside what a screen and the simulated printer show. */

const head: SlipHead = {
  ...usualHead,
  merchantName: '账平演示商户（北京市朝阳区朝阳门内大街沙县小吃分店有限责任公司）',
};
const payment = aPayment('sale', { issuer: '内蒙古自治区农村信用社联合社', acquirer: 'Ünïon ¥ 😀 𠮷' });
const group = (debitCount: number, debitFen: number, creditCount = 0, creditFen = 0) => ({
  debitCount,
  debitFen,
  creditCount,
  creditFen,
});
const batch: Batch = {
  id: 7,
  no: '000007',
  state: 'CLEAR_DUE',
  businessDate: '2026-11-20',
  openedAt: Date.UTC(2026, 10, 20, 1),
  closedAt: Date.UTC(2026, 10, 20, 14, 30, 5),
  closedBy: '01',
  records: 6,
  totals: { domestic: group(3, 123_456_789, 1, 5_000), foreign: group(2, 60_000), codes: group(1, 1) },
  verdict: { domestic: 2, foreign: 1, codes: 1 },
  decided: null,
  differing: [
    { payment: 'A', stan: '000011', kind: 'missing-there', hereFen: 10_000, thereFen: null, decision: 'booked' },
    { payment: 'B', stan: null, kind: 'missing-here', hereFen: null, thereFen: 20_000, decision: 'rejected' },
  ],
  nextBatch: '000008',
  uploaded: 0,
  clearedAt: null,
  prints: 0,
};

const picture = (widthDots: number, heightDots: number): Bitmap => ({
  widthDots,
  heightDots,
  // 10 04 01 and 10 14 stand in it, which a printer would take for commands.
  rows: Uint8Array.from(
    { length: Math.ceil(widthDots / 8) * heightDots },
    (_, i) => [0x10, 0x04, 0x01, 0x10, 0x14][i % 5] ?? 0,
  ),
});

const settlement = (duplicate: boolean, simulated: boolean, change: Partial<Batch> = {}): Slip =>
  framed(
    { ...head, simulated },
    { title: '批结算单', under: 'BATCH SETTLEMENT', duplicate },
    batchLines({ ...batch, ...change }, { failed: [], leftOut: 0 }),
  );
const stuck = faultOf({ ...payment, state: 'NEEDS_HUMAN', why: 'no-answer' });
const url = 'https://qr.95516.com/00010000/01M80JT5413NYD1AZNZRDKVR78';

const slips: readonly [what: string, slip: (columns: number) => Slip][] = [
  ['签购单', () => saleSlip(head, payment, false)],
  ['签购单重打', () => saleSlip({ ...head, simulated: false }, { ...payment, chip: null, entry: null }, true)],
  ['退货签购单', () => refundSlip(head, aRefund(), true, anOriginal)],
  ['收款码', () => codeSlip(head, aPayment('code-sale'), url, payment.createdAt)],
  ['故障单', () => (stuck ? faultSlip(head, stuck) : [])],
  ['批结算单对账平', () => settlement(false, true, { verdict: { domestic: 1, foreign: 1, codes: 1 } })],
  ['批结算单对账不平', () => settlement(true, false)],
  ['打印测试', (columns) => testSlip({ columns, logo: picture(8 * columns, 100), atMs: payment.createdAt })],
];

/** What a person should find on paper. Every line of text comes from `slipText`, the rest stands in the slip. */
const expected = (slip: Slip, columns: number): ReceiptMark[] =>
  slip.flatMap((line): ReceiptMark[] => {
    if (line.kind === 'qr') return [{ qr: line.data }];
    if (line.kind === 'cut') return [{ cut: true }];
    if (line.kind === 'image') return [{ image: [8 * Math.ceil(line.image.widthDots / 8), line.image.heightDots] }];
    return slipText([line], columns).map((text) => ({ line: text }));
  });

/** What the simulated printer shows of the same bytes. */
async function simulated(
  bytes: Uint8Array,
  columns: number,
): Promise<{ lines: string[]; violations: readonly string[] }> {
  const printer = simulatedPrinter({ clock: testClock(), columns });
  const { near, far } = transportPair();
  printer.attach(far);
  await near.write(bytes);
  await settle(1);
  return {
    lines: [...printer.slips, printer.hanging()].flatMap(({ lines }) => lines),
    violations: printer.violations,
  };
}

describe.each(Object.entries(printerProfiles))('receipts on %s', (_name, profile) => {
  const { columns } = profile;
  it.each(slips)('%s is read back as it was written', async (_what, make) => {
    const slip = make(columns);
    const bytes = encodeSlip(slip, profile);
    expect(readReceipt(bytes, columns)).toEqual(expected(slip, columns));
    expect(await simulated(bytes, columns)).toEqual({ lines: slipText(slip, columns), violations: [] });
  });

  it.each(slips)('%s is the same in sections, each of whole lines', (_what, make) => {
    const slip = make(columns);
    const chineseOn = [0x1c, 0x26];
    const sections = encodeSections(layOut(slip, columns), profile).map(({ bytes }) =>
      readReceipt(Uint8Array.from([...chineseOn, ...bytes]), columns),
    );
    expect(sections.length).toBeGreaterThan(1);
    const lineCount = (marks: readonly ReceiptMark[]): number => marks.filter((mark) => 'line' in mark).length;
    for (const section of sections) expect(lineCount(section)).toBeLessThanOrEqual(13);
    expect(sections.flat().filter((mark) => !('image' in mark))).toEqual(
      expected(slip, columns).filter((mark) => !('image' in mark)),
    );
  });
});

describe('any slip', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('账平科技（北京）有限公司朝阳门内大街分店', '¥12.50', 'リンゴ', '😀'),
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
      cells: fc.array(fc.record({ text, width: fc.constantFrom(8, -8, 5) }), { minLength: 1, maxLength: 4 }),
    }),
    fc.constant<SlipLine>({ kind: 'rule' }),
    fc.record({ kind: fc.constant('feed' as const), lines: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('qr' as const), data: fc.stringMatching(/^[ -~账平]{1,80}$/) }),
    fc.constant<SlipLine>({ kind: 'cut' }),
  );
  const image = fc
    .tuple(fc.integer({ min: 1, max: 384 }), fc.integer({ min: 1, max: 60 }))
    .map(([width, height]): SlipLine => ({ kind: 'image', image: picture(width, height) }));
  /** A rule keeps two pictures apart. */
  const slip = fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: line.map((one) => [one]) },
        image.map((one) => [one, { kind: 'rule' } as const]),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((lines): Slip => lines.flat());

  it('reads back as it was written', async () => {
    const profiles = fc.constantFrom(...Object.values(printerProfiles));
    await fc.assert(
      fc.asyncProperty(slip, profiles, async (lines, profile) => {
        const bytes = encodeSlip(lines, profile);
        expect(readReceipt(bytes, profile.columns)).toEqual(expected(lines, profile.columns));
        expect(await simulated(bytes, profile.columns)).toEqual({
          lines: slipText(lines, profile.columns),
          violations: [],
        });
      }),
      { seed: 20, numRuns: 300 },
    );
  });
});

describe('the reader', () => {
  const bad: readonly [what: string, hex: string, error: RegExp][] = [
    ['an unknown command', '1b7f', /unknown command ESC/],
    ['four bytes for a character', '1b401c2681308436', /no character/],
    ['Chinese outside of Chinese mode', '1b40d6d00a', /no character/],
    ['a control byte', '0941', /no character/],
    ['a line wider than the paper', `${'41'.repeat(33)}0a`, /33 cells/],
    ['a cut inside a line', '411d564200', /in a line/],
    ['a command that breaks off', '1d7630000200', /breaks off/],
    ['a line without its end', '4142', /without its end/],
  ];
  it.each(bad)('refuses %s', (_what, hex, error) =>
    expect(() => readReceipt(Buffer.from(hex, 'hex'), 32)).toThrow(error),
  );
});
