import { useState } from 'react';
import { useWords } from '../words.ts';
import type { DayRange as Days } from './day-presets.ts';
import { DayRange } from './day-range.tsx';
import { ExportButton } from './export-button.tsx';

/** A file is of days where the list is not: they are chosen here. */
export function ExportOfDays({ kind, label }: { kind: 'audit' | 'settlements' | 'differences'; label: string }) {
  const words = useWords();
  const [range, setRange] = useState<Partial<Days>>({});
  const { from, to } = range;
  return (
    <div className="filter">
      <DayRange value={range} onChange={setRange} />
      <ExportButton
        ask={{ kind, from, to }}
        label={label}
        missing={from === undefined || to === undefined ? words('txn.exportNeedsDays') : undefined}
      />
    </div>
  );
}
