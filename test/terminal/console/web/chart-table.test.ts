import { expect, test } from 'vitest';
import { chartTable } from '../../../../terminal/console/web/parts/chart-table.ts';

test('a chart with categories is a row for each, a column for each series', () => {
  expect(
    chartTable({
      xAxis: { type: 'category', data: ['11-21', '11-22'] },
      yAxis: [{ type: 'value' }, { type: 'value' }],
      series: [
        { type: 'bar', name: '金额', data: [1234.5, 0] },
        { type: 'line', name: '笔数', data: [12, 0] },
      ],
    }),
  ).toEqual({
    head: ['', '金额', '笔数'],
    rows: [
      ['11-21', '1,234.5', '12'],
      ['11-22', '0', '0'],
    ],
  });
});

test('bars that lie have their categories on the other axis', () => {
  const table = chartTable({
    xAxis: { type: 'value' },
    yAxis: { type: 'category', data: ['挥卡'] },
    series: { type: 'bar', name: '金额', data: [5] },
  });
  expect(table.rows).toEqual([['挥卡', '5']]);
});

test('a pie is a row for each slice', () => {
  const table = chartTable({ series: [{ type: 'pie', name: '笔数', data: [{ name: '微信', value: 7 }] }] });
  expect(table).toEqual({ head: ['', '笔数'], rows: [['微信', '7']] });
});
