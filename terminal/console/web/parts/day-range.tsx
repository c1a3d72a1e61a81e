import { DatePicker, Segmented } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { nowMs } from '../browser.ts';
import { shanghaiDay } from '../formats.ts';
import { useWords } from '../words.ts';
import { type DayRange as Days, type PresetName, presetNames, presetOf, presetRange } from './day-presets.ts';

const pickedDay = (day: Dayjs | null): string | undefined => day?.format('YYYY-MM-DD');
const shownDay = (day: string | undefined): Dayjs | null => (day === undefined ? null : dayjs(day));

/** Two days, both included, and the ranges that are asked for most. */
export function DayRange({ value, onChange }: { value: Partial<Days>; onChange: (range: Partial<Days>) => void }) {
  const words = useWords();
  const today = shanghaiDay(nowMs());
  const isLater = (day: Dayjs): boolean => day.format('YYYY-MM-DD') > today;
  const choose = (change: Partial<Days>) => onChange({ ...value, ...change });
  return (
    <div className="day-range">
      <DatePicker
        aria-label={words('list.from')}
        placeholder={words('list.from')}
        value={shownDay(value.from)}
        disabledDate={isLater}
        onChange={(day) => choose({ from: pickedDay(day) })}
      />
      <span aria-hidden="true">–</span>
      <DatePicker
        aria-label={words('list.to')}
        placeholder={words('list.to')}
        value={shownDay(value.to)}
        disabledDate={isLater}
        onChange={(day) => choose({ to: pickedDay(day) })}
      />
      <Segmented<PresetName | ''>
        aria-label={words('list.preset')}
        value={presetOf(value, today) ?? ''}
        options={presetNames.map((name) => ({ value: name, label: words(`list.${name}`) }))}
        onChange={(name) => name !== '' && onChange(presetRange(name, today))}
      />
    </div>
  );
}
