import { create } from 'qrcode';

/** Light modules around the code, without which no telephone finds it. */
const margin = 2;
const halves = [' ', '▄', '▀', '█'] as const;

/** A QR code as lines of half blocks, dark on light: two modules under each other in every cell. */
export function qrLines(text: string): readonly string[] {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const size = modules.size + 2 * margin;
  const isDark = (row: number, column: number): boolean => {
    const [y, x] = [row - margin, column - margin];
    return y >= 0 && x >= 0 && y < modules.size && x < modules.size && modules.get(y, x) === 1;
  };
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_, column) => {
      const upper = isDark(2 * line, column) ? 2 : 0;
      const lower = isDark(2 * line + 1, column) ? 1 : 0;
      return halves[upper + lower];
    }).join(''),
  );
}
