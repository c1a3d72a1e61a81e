/** Days are calendar days in Shanghai, both ends of a range included. */

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export const presetNames = ['today', 'yesterday', 'week', 'thisMonth', 'lastMonth'] as const;
export type PresetName = (typeof presetNames)[number];

/** `days` later, or earlier below zero. */
export function shiftDay(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** `week`: today and the six days before. */
export function presetRange(name: PresetName, today: string): DayRange {
  const month = (day: string): string => day.slice(0, 7);
  const lastMonth = shiftDay(`${month(today)}-01`, -1);
  switch (name) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: shiftDay(today, -1), to: shiftDay(today, -1) };
    case 'week':
      return { from: shiftDay(today, -6), to: today };
    case 'thisMonth':
      return { from: `${month(today)}-01`, to: today };
    case 'lastMonth':
      return { from: `${month(lastMonth)}-01`, to: lastMonth };
  }
}

/** Which preset a range is, if it is one. */
export const presetOf = (range: Partial<DayRange>, today: string): PresetName | undefined =>
  presetNames.find((name) => {
    const { from, to } = presetRange(name, today);
    return from === range.from && to === range.to;
  });

/** What of an address is a day. */
export const daysOf = (query: Readonly<Record<string, string>>): Partial<DayRange> =>
  Object.fromEntries(
    (['from', 'to'] as const).flatMap((name) => {
      const value = query[name];
      return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) ? [[name, value]] : [];
    }),
  );
