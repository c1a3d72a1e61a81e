import { Card } from 'antd';
import { useMemo } from 'react';
import type { Report } from '../../../flows/statement-desk.ts';
import { Chart } from '../parts/chart.tsx';
import { barColour, inYuan } from '../parts/chart-looks.ts';
import type { ChartOption } from '../parts/chart-table.ts';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';

const chartHeight = 240;

const grid = { left: 8, right: 16, top: 16, bottom: 8, containLabel: true };

const bars = (lines: Report['byDay']) => ({
  type: 'bar' as const,
  itemStyle: { color: barColour },
  data: lines.map(({ netFen }) => inYuan(netFen)),
});

/** What was earned day by day, and with what the customers paid. */
export function ReportCharts({ report: { byDay, byInstrument } }: { report: Report }) {
  const words = useWords();
  const days = useMemo<ChartOption>(
    () => ({
      grid,
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: byDay.map(({ name }) => name.slice(5)) },
      yAxis: { type: 'value' },
      series: [{ ...bars(byDay), name: words('report.net'), barMaxWidth: 40 }],
    }),
    [byDay, words],
  );
  const instruments = useMemo<ChartOption>(
    () => ({
      grid,
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'value', axisLabel: { hideOverlap: true } },
      yAxis: { type: 'category', inverse: true, data: byInstrument.map(({ name }) => wordOr(words, 'entry', name)) },
      series: [{ ...bars(byInstrument), name: words('report.net'), barMaxWidth: 28 }],
    }),
    [byInstrument, words],
  );
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
