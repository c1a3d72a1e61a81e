import type { Witness } from './audit.ts';

/** The slips of transactions among the papers that came out of a printer: merchant copies, originals only. */
export const readSlips = (papers: readonly (readonly string[])[]): Witness['slips'] =>
  papers
    .map((lines) => lines.join('\n'))
    .filter((text) => text.includes('商户存根 MERCHANT COPY') && !text.includes('重打印'))
    .map(readSlip);

function readSlip(text: string): Witness['slips'][number] {
  const field = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';
  return {
    batch: field(/BATCH NO\)\s+(\d{6})/),
    stan: field(/VOUCHER NO\)\s+(\d{6})/),
    amount: field(/RMB (-?[\d,.]+)/),
  };
}
