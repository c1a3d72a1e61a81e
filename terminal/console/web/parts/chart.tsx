import { lazy, Suspense } from 'react';
import { useWords } from '../words.ts';
import { type ChartOption, chartTable } from './chart-table.ts';
import { Waiting } from './waiting.tsx';

const Canvas = lazy(() => import('./chart-canvas.tsx'));

/** A chart with a name, and the same numbers as a table for who cannot see it. */
export function Chart({ option, height, label }: { option: ChartOption; height: number; label: string }) {
  const words = useWords();
  const table = chartTable(option);
  return (
    <figure className="chart" aria-label={label}>
      <div style={{ height }} aria-hidden="true">
        <Suspense fallback={<Waiting what={words('wait.chart')} />}>
          <Canvas option={option} height={height} />
        </Suspense>
      </div>
      <details>
        <summary>{words('chart.table')}</summary>
        <table className="plain">
          <caption>{label}</caption>
          <thead>
            <tr>
              {table.head.map((cell) => (
                <th key={cell} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, i) => (
                  <td key={table.head[i + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
