import type { Cycle, ModeRecord } from '../../../../sync/protocol/merchant-data.ts';
import type { Words } from '../words.ts';

/** `每周三` */
export function cycleWords(words: Words, cycle: Cycle): string {
  switch (cycle.every) {
    case 'DAILY':
      return words('cycle.DAILY');
    case 'WEEKLY':
      return words('cycle.weekly.on', { day: words(`weekday.${cycle.weekday}`) });
    case 'MONTHLY':
      return words('cycle.monthly.on', { day: cycle.monthDay });
  }
}

/** The mode; of AUTO with its cycle. */
export const modeWords = (words: Words, { mode, cycle }: ModeRecord): string =>
  mode === 'AUTO' ? `${words('mode.AUTO')} · ${cycleWords(words, cycle)}` : words(`mode.${mode}`);
