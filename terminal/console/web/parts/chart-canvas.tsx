import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { fontFamily } from '../theme.ts';
import type { ChartOption } from './chart-table.ts';

// Canvas, and tooltips drawn in it: what echarts writes as HTML has style attributes, which the CSP refuses.
use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** echarts, loaded only where a chart is. */
export default function ChartCanvas({ option, height }: { option: ChartOption; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.setOption({
      animation: !still,
      textStyle: { fontFamily },
      ...option,
      tooltip: { ...option.tooltip, renderMode: 'richText' },
    });
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [option]);
  return <div ref={place} style={{ height }} />;
}
