import { Card } from 'antd';
import type { Report } from '../../../flows/statement-desk.ts';
import { Chart } from '../parts/chart.tsx';
import type { ChartOption } from '../parts/chart-table.ts';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';

const chartHeight = 240;

/** Yuan for the axes of a chart only: what is added up is fen. */
const yuanOnAxis = (fen: number): number => fen / 100;

const grid = { left: 8, right: 16, top: 16, bottom: 8, containLabel: true };
const blue = '#1554b8';

/** What was earned day by day, and with what the customers paid. */
export function ReportCharts({ report: { byDay, byInstrument } }: { report: Report }) {
  const words = useWords();
  const days: ChartOption = {
    grid,
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: byDay.map(({ name }) => name.slice(5)) },
    yAxis: { type: 'value' },
    series: [
      {
        type: 'bar',
        name: words('report.net'),
        data: byDay.map(({ netFen }) => yuanOnAxis(netFen)),
        itemStyle: { color: blue },
        barMaxWidth: 40,
      },
    ],
  };
  const instruments: ChartOption = {
    grid,
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'value' },
    yAxis: {
      type: 'category',
      inverse: true,
      data: byInstrument.map(({ name }) => wordOr(words, 'entry', name)),
    },
    series: [
      {
        type: 'bar',
        name: words('report.net'),
        data: byInstrument.map(({ netFen }) => yuanOnAxis(netFen)),
        itemStyle: { color: blue },
        barMaxWidth: 28,
      },
    ],
  };
  return (
    <div className="grid-2">
      <Card size="small" title={words('report.chartDay')}>
        <Chart option={days} height={chartHeight} label={words('report.chartDay')} />
      </Card>
      <Card size="small" title={words('report.chartInstrument')}>
        <Chart option={instruments} height={chartHeight} label={words('report.chartInstrument')} />
      </Card>
    </div>
  );
}
