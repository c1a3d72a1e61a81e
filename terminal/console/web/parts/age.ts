import { age } from '../formats.ts';
import type { Words } from '../words.ts';

/** `2天3小时`, `3小时20分`, `20分钟`, `8秒`: the two units that matter. */
export function ageWords(words: Words, ms: number): string {
  const { days, hours, minutes, seconds } = age(ms);
  if (days > 0) return words('age.days', { days, hours });
  if (hours > 0) return words('age.hours', { hours, minutes });
  return minutes > 0 ? words('age.minutes', { minutes }) : words('age.seconds', { seconds });
}
