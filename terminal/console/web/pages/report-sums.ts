import type { Report, ReportLine } from '../../../flows/statement-desk.ts';

type Sums = Omit<ReportLine, 'name'>;

const none: Sums = { count: 0, grossFen: 0, refundCount: 0, refundFen: 0, feeFen: 0, netFen: 0 };
const names = ['count', 'grossFen', 'refundCount', 'refundFen', 'feeFen', 'netFen'] as const;

/** The lines of one table added up. */
export const sumOf = (lines: readonly ReportLine[]): Sums =>
  lines.reduce<Sums>(
    (sum, line) => ({
      count: sum.count + line.count,
      grossFen: sum.grossFen + line.grossFen,
      refundCount: sum.refundCount + line.refundCount,
      refundFen: sum.refundFen + line.refundFen,
      feeFen: sum.feeFen + line.feeFen,
      netFen: sum.netFen + line.netFen,
    }),
    none,
  );

/** Whether the same payments, added up by day, by instrument and by operator, come to the same. */
export const isConsistent = ({ byDay, byInstrument, byOperator, total }: Report): boolean =>
  [byDay, byInstrument, byOperator].every((lines) => {
    const sum = sumOf(lines);
    return names.every((name) => sum[name] === total[name]);
  });
