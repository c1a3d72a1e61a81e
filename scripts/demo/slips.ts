import { cellsOf } from '../../drivers/printer/text.ts';

const gap = '  ';

/** Slips as pieces of paper side by side, as many in a row as `columns` half-width cells take. */
export function slipsText(slips: readonly (readonly string[])[], columns: number): string {
  const papers = slips.map(paper);
  const widest = Math.max(0, ...papers.map(([edge = '']) => edge.length));
  const inRow = Math.max(1, Math.floor((columns + gap.length) / (widest + gap.length)));
  const rows: string[] = [];
  for (let first = 0; first < papers.length; first += inRow) rows.push(sideBySide(papers.slice(first, first + inRow)));
  return rows.join('\n');
}

/** One slip in a frame, without the blank lines that only bring the paper to the knife. */
function paper(slip: readonly string[]): readonly string[] {
  const lines = slip.slice(0, slip.findLastIndex((line) => line.trim() !== '') + 1);
  const width = Math.max(...lines.map(cellsOf), 0);
  return [
    `+${'-'.repeat(width + 2)}+`,
    ...lines.map((line) => `| ${padded(line, width)} |`),
    `+${'-'.repeat(width + 2)}+`,
  ];
}

function sideBySide(papers: readonly (readonly string[])[]): string {
  const height = Math.max(...papers.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_, row) =>
    papers
      .map((lines) => lines[row] ?? ' '.repeat(lines[0]?.length ?? 0))
      .join(gap)
      .trimEnd(),
  );
  return rows.join('\n');
}

/** Filled with spaces to so many half-width cells. */
export const padded = (text: string, cells: number): string => text + ' '.repeat(Math.max(0, cells - cellsOf(text)));
export const rightAligned = (text: string, cells: number): string =>
  ' '.repeat(Math.max(0, cells - cellsOf(text))) + text;
