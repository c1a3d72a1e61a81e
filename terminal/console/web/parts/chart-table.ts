import type { BarSeriesOption, LineSeriesOption, PieSeriesOption } from 'echarts/charts';
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | PieSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
>;

export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly [string, ...string[]])[];
}

const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** A datum as written: a number, or `{name, value}`. */
function cellOf(datum: unknown): string {
  const value = typeof datum === 'object' && datum !== null && 'value' in datum ? datum.value : datum;
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : String(value ?? '');
}

const nameOf = (datum: unknown, i: number): string =>
  typeof datum === 'object' && datum !== null && 'name' in datum ? String(datum.name) : String(i + 1);

/** The categories of either axis. */
function categoriesOf(option: ChartOption): readonly string[] | undefined {
  for (const axis of [...listOf(option.xAxis), ...listOf(option.yAxis)])
    if (axis.type === 'category' && 'data' in axis) return listOf(axis.data).map(String);
  return undefined;
}

/** The numbers of a chart: a row for each category (or slice), a column for each series. */
export function chartTable(option: ChartOption): ChartTable {
  const series = listOf(option.series);
  const first = listOf<unknown>(series[0]?.data as readonly unknown[] | undefined);
  const names = categoriesOf(option) ?? first.map(nameOf);
  return {
    head: ['', ...series.map((one) => String(one.name ?? ''))],
    rows: names.map((name, i) => [
      name,
      ...series.map((one) => cellOf(listOf<unknown>(one.data as readonly unknown[])[i])),
    ]),
  };
}
