import type { Report, ReportLine } from '../../../flows/statement-desk.ts';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';

/** One way to add the payments up, with the total of all under it. `family`: words for the names. */
export function ReportTable({
  lines,
  total,
  label,
  family,
}: {
  lines: readonly ReportLine[];
  total: ReportLine;
  label: string;
  family: string | undefined;
}) {
  const words = useWords();
  const columns: readonly Column<ReportLine>[] = [
    { title: words('report.name'), cell: ({ name }) => (family === undefined ? name : wordOr(words, family, name)) },
    { title: words('report.count'), cell: ({ count }) => count, isNumber: true },
    { title: words('report.gross'), cell: ({ grossFen }) => <Yuan fen={grossFen} />, isNumber: true },
    { title: words('report.refundCount'), cell: ({ refundCount }) => refundCount, isNumber: true },
    { title: words('report.refunds'), cell: ({ refundFen }) => <Yuan fen={refundFen} />, isNumber: true },
    { title: words('report.fee'), cell: ({ feeFen }) => <Yuan fen={feeFen} />, isNumber: true },
    { title: words('report.net'), cell: ({ netFen }) => <Yuan fen={netFen} />, isNumber: true },
  ];
  return (
    <Rows
      label={label}
      columns={columns}
      rows={lines}
      idOf={({ name }) => name}
      empty={{ what: words('report.empty'), how: words('report.emptyHow') }}
      sums={[[words('list.total'), ...columns.slice(1).map(({ cell }) => cell(total))]]}
    />
  );
}

/** The newest ones, and the total of all. */
export function SettlementTable({ settlements, bySettlement }: Pick<Report, 'settlements' | 'bySettlement'>) {
  const words = useWords();
  const columns: readonly Column<Report['settlements'][number]>[] = [
    { title: words('report.settlement'), cell: ({ no }) => <a href={linkTo(['settlements', no])}>{no}</a> },
    { title: words('report.day'), cell: ({ day }) => <span className="digits">{day}</span> },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
    { title: words('list.amount'), cell: ({ amountFen }) => <Yuan fen={amountFen} />, isNumber: true },
  ];
  const count = bySettlement.reduce((sum, line) => sum + line.count, 0);
  const amountFen = bySettlement.reduce((sum, line) => sum + line.amountFen, 0);
  return (
    <>
      {count > settlements.length && (
        <p className="quiet">{words('report.newest', { n: settlements.length, count })}</p>
      )}
      <Rows
        label={words('report.settlements')}
        columns={columns}
        rows={settlements}
        idOf={({ no }) => no}
        empty={{ what: words('report.settlementsEmpty'), how: words('report.settlementsEmptyHow') }}
        sums={[[words('details.sum', { count }), '', '', <Yuan key="sum" fen={amountFen} />]]}
      />
    </>
  );
}
