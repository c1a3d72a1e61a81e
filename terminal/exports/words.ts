import type { Words } from './sheet.ts';

/** Words of every file. Those of the columns stand with their sheet (flows/export-rows.ts). */
export const fileWords = {
  total: { zh: '合计', en: 'Total' },
  rows: { zh: '行数', en: 'Rows' },
  sha256: { zh: '以上内容的SHA-256', en: 'SHA-256 of everything above' },
  sheetSha256: { zh: '明细工作表(sheet1.xml)的SHA-256', en: 'SHA-256 of the sheet of rows (sheet1.xml)' },
  about: { zh: '说明', en: 'About' },
} as const satisfies Record<string, Words>;
