import type { Page } from './page.ts';

/** What the books say of one amount when everything is mended. */
export interface Books {
  /** How often it was charged: approved, and neither declined nor reversed. */
  readonly host: number;
  readonly terminal: number;
  /** Payments that ended without a charge. */
  readonly failed: number;
  /** States of payments that are neither. */
  readonly undecided: readonly string[];
}

const saleSteps: ReadonlySet<Page['is']> = new Set(['start', 'card', 'fallback', 'confirm', 'pin', 'host', 'chip']);

/** Charged once or not at all, by both books, and the screen has said which; otherwise what is wrong. */
export function verdict({ host, terminal, undecided }: Books, pages: readonly Page[]): readonly string[] {
  const said = pages.flatMap((page) => page.said ?? []);
  const last = said.at(-1);
  const lastStep = pages.findLastIndex(({ is }) => saleSteps.has(is));
  const isSaid = pages.slice(lastStep + 1).some((page) => page.said !== undefined);
  return [
    ...(host > 1 ? [`charged ${host} times`] : []),
    ...(terminal === host ? [] : [`charged ${host} times at the host, ${terminal} times at the terminal`]),
    ...undecided.map((state) => `a payment is left ${state}`),
    ...(lastStep >= 0 && !isSaid ? ['the screen never said what became of it'] : []),
    ...(last !== undefined && (last === 'charged') !== host > 0
      ? [`charged ${host} times, the screen said ${last}`]
      : []),
    ...(said.includes('charged') && host === 0 ? ['never charged, the screen said charged'] : []),
    ...pages.filter(({ text }) => text.includes('系统错误')).map(({ text }) => `a system error: ${text}`),
  ];
}
