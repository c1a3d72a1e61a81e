import { useMemo } from 'react';
import type { Overview } from '../../contract.ts';
import { Chart } from '../parts/chart.tsx';
import { barColour, inYuan, lineColour } from '../parts/chart-looks.ts';
import type { ChartOption } from '../parts/chart-table.ts';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';

const heightPx = 260;

function NoTurnover() {
  const words = useWords();
  return <NothingYet what={words('overview.noTurnover')} how={words('overview.noTurnover.how')} />;
}

export function TurnoverByDay({ days }: { days: Overview['turnover']['byDay'] }) {
  const words = useWords();
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
      tooltip: { trigger: 'axis' },
      legend: { top: 0 },
      xAxis: { type: 'category', data: days.map(({ day }) => day.slice(5)) },
      yAxis: [
        { type: 'value', name: '' },
        { type: 'value', name: '', minInterval: 1, splitLine: { show: false } },
      ],
      series: [
        {
          type: 'bar',
          name: words('overview.amountYuan'),
          itemStyle: { color: barColour },
          data: days.map(({ grossFen }) => inYuan(grossFen)),
        },
        {
          type: 'line',
          name: words('overview.count'),
          yAxisIndex: 1,
          itemStyle: { color: lineColour },
          data: days.map(({ count }) => count),
        },
      ],
    }),
    [days, words],
  );
  if (days.every(({ count }) => count === 0)) return <NoTurnover />;
  return <Chart option={option} height={heightPx} label={words('overview.byDay')} />;
}

export function TurnoverByInstrument({ instruments }: { instruments: Overview['turnover']['byInstrument'] }) {
  const words = useWords();
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 8, right: 90, top: 8, bottom: 4, containLabel: true },
      tooltip: { trigger: 'item' },
      // Each bar has its amount written beside it.
      xAxis: { type: 'value', axisLabel: { show: false }, splitLine: { show: false } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: instruments.map(({ instrument }) => wordOr(words, 'entry', instrument)),
      },
      series: [
        {
          type: 'bar',
          name: words('overview.amountYuan'),
          barMaxWidth: 28,
          itemStyle: { color: barColour },
          label: {
            show: true,
            position: 'right',
            formatter: ({ value }) => Number(value).toLocaleString('en-US', { minimumFractionDigits: 2 }),
          },
          data: instruments.map(({ grossFen }) => inYuan(grossFen)),
        },
      ],
    }),
    [instruments, words],
  );
  if (instruments.every(({ count }) => count === 0)) return <NoTurnover />;
  return <Chart option={option} height={heightPx} label={words('overview.byInstrument')} />;
}
