import { create } from 'qrcode';
import { describe, expect, test } from 'vitest';
import { qrLines } from '../../../terminal/faces/qr.ts';
import { drawPicture } from '../../../terminal/faces/tty-frame.ts';
import { compose } from '../../../terminal/screens/screen.ts';

const texts = ['weixin://wxpay/bizpayurl?pr=01JD0000000000000000000000', 'https://qr.alipay.com/1', 'x'.repeat(200)];

/** Module by module out of the half blocks, as a camera would. */
const seen = (lines: readonly string[]): boolean[][] =>
  lines.flatMap((line) => [
    [...line].map((cell) => cell === '▀' || cell === '█'),
    [...line].map((cell) => cell === '▄' || cell === '█'),
  ]);

describe('a QR code on a text terminal', () => {
  test.each(texts)('%s: every module stands where the package has it, with a light border', (text) => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const dots = seen(qrLines(text));
    const border = 2;
    expect(dots[0]).toHaveLength(modules.size + 2 * border);
    for (const [y, row] of dots.entries())
      for (const [x, isDark] of row.entries()) {
        const [my, mx] = [y - border, x - border];
        const inside = my >= 0 && mx >= 0 && my < modules.size && mx < modules.size;
        expect(isDark, `${x},${y}`).toBe(inside && modules.get(my, mx) === 1);
      }
    expect(dots.length).toBeGreaterThanOrEqual(modules.size + 2 * border);
  });

  const screen = compose({ title: '收款码', mark: '', body: ['请客户扫码'], amount: '88.00', keys: '取消' });
  const qr = qrLines(texts[0] ?? '');
  const draw = (columns: number, rows: number): string =>
    drawPicture({ screen, slip: ['a slip'], qr, language: 'zh', columns, rows }).join('\n');

  test.each([
    ['beside the frame, in the place of the slip', 80, 24],
    ['below it where the window is narrow', 44, 40],
  ])('it is drawn whole %s', (_, columns, rows) => {
    const drawn = draw(columns, rows);
    for (const line of qr) expect(drawn).toContain(line);
    expect(drawn).toContain('88.00');
    expect(drawn).not.toContain('a slip');
    expect(drawn.split('\n').length).toBeLessThanOrEqual(rows);
  });

  test('a window without room for it is told its size, and the rest stands', () => {
    const drawn = draw(40, 14);
    expect(drawn).toContain('88.00');
    expect(drawn).toMatch(/二维码需要窗口 \d+x\d+/);
    expect(drawn.split('\n').length).toBeLessThanOrEqual(14);
  });
});
