import { Alert, Flex } from 'antd';
import type { Report } from '../../../flows/statement-desk.ts';
import { useAnswer } from '../api.ts';
import { nowMs } from '../browser.ts';
import { shanghaiDay, yuan } from '../formats.ts';
import { Answered } from '../parts/answered.tsx';
import { daysOf, presetRange } from '../parts/day-presets.ts';
import { DayRange } from '../parts/day-range.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Page } from '../parts/page.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { goTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { ReportCharts } from './report-charts.tsx';
import { isConsistent } from './report-sums.ts';
import { ReportTable, SettlementTable } from './report-table.tsx';

/** 报表 of the days in the address, the last seven otherwise: one set of payments, added up four ways. */
export function ReportPage() {
  const words = useWords();
  const { query } = usePlace();
  const range = { ...presetRange('week', shanghaiDay(nowMs())), ...daysOf(query) };
  const isBackwards = range.from > range.to;
  const answer = useAnswer(isBackwards ? undefined : '/report', {}, { ...range });
  return (
    <Page
      title={words('page.report')}
      extra={
        <ExportButton
          ask={{ kind: 'report', ...range }}
          label={words('report.export')}
          formats={['csv', 'xlsx', 'html']}
        />
      }
    >
      <div className="filter">
        <DayRange value={range} onChange={(days) => goTo(['report'], { ...days })} />
      </div>
      {isBackwards && <Alert type="warning" showIcon title={words('txn.badRange')} />}
      <Answered answer={answer} what={words('report.waiting')}>
        {(report) => <Reported report={report} />}
      </Answered>
    </Page>
  );
}

function Reported({ report }: { report: Report }) {
  const words = useWords();
  const { byDay, byInstrument, byOperator, settlements, bySettlement, total } = report;
  const isEmpty = total.count === 0 && total.refundCount === 0;
  const table = (lines: Report['byDay'], label: string, family?: string) => (
    <ReportTable lines={lines} label={label} total={total} family={family} />
  );
  return (
    <Flex vertical gap="middle">
      {!isEmpty && <Equal report={report} />}
      {!isEmpty && <ReportCharts report={report} />}
      <PageTabs
        items={[
          { key: 'day', label: words('report.byDay'), children: table(byDay, words('report.byDay')) },
          {
            key: 'instrument',
            label: words('report.byInstrument'),
            children: table(byInstrument, words('report.byInstrument'), 'entry'),
          },
          {
            key: 'operator',
            label: words('report.byOperator'),
            children: table(byOperator, words('report.byOperator')),
          },
          {
            key: 'settlement',
            label: words('report.settlements'),
            children: <SettlementTable settlements={settlements} bySettlement={bySettlement} />,
          },
        ].map((tab) => (isEmpty && tab.key !== 'settlement' ? { ...tab, children: <NoPayments /> } : tab))}
      />
    </Flex>
  );
}

function NoPayments() {
  const words = useWords();
  return <NothingYet what={words('report.empty')} how={words('report.emptyHow')} />;
}

/** That the sums are equal is checked here once more, on what is shown. */
function Equal({ report }: { report: Report }) {
  const words = useWords();
  const { count, netFen } = report.total;
  return isConsistent(report) ? (
    <Alert type="success" showIcon title={words('report.equal', { count, net: yuan(netFen) })} />
  ) : (
    <Alert type="error" showIcon role="alert" title={words('report.notEqual')} />
  );
}
