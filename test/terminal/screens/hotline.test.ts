import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorTable } from '../../../terminal/base/error-table.ts';
import type { Place } from '../../../terminal/screens/state.ts';
import { Desk, paying, saleOf } from './desk.ts';
import { places } from './every-place.ts';

/** B-042: whom to call stands on every page that says that something went wrong, and on no other. */

const call = { zh: '热线 95516', en: 'Hotline 95516' } as const;
const languages = ['zh', 'en'] as const;
const codes = Object.keys(errorTable).filter((code): code is ErrorCode => code in errorTable);

/** What stands in the braces. */
const details = Object.fromEntries(
  codes.flatMap((code) =>
    [...errorTable[code].zh.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, '1,234.56'] as const),
  ),
);

describe('B-042: the screen', () => {
  test.each(codes)('refused with %s', (code) => {
    const desk = new Desk(paying(undefined, saleOf(1)));
    desk.on({ is: 'failed', id: 1, refusal: { code, details } });
    for (const language of languages) expect(desk.screen(language).rows.join('\n')).toContain(call[language]);
  });

  test('something that nobody foresaw', () => {
    const desk = new Desk(paying(undefined, saleOf(1)));
    desk.on({ is: 'failed', id: 1, refusal: { code: undefined, details: {} } });
    expect(desk.text()).toContain(call.zh);
  });

  test.each<[string, readonly Place[]]>([
    ['declined', places.declined],
    ['unknown, and it needs a person', places.unknown.filter(({ txn }) => txn?.state === 'NEEDS_HUMAN')],
    ['not printed', places['print-problem']],
  ])('%s', (_, all) => {
    expect(all.length).toBeGreaterThan(0);
    const without = all.flatMap((at) =>
      languages
        .map((language) => new Desk(at).screen(language).rows.join('\n'))
        .filter((text) => !text.includes(call.zh) && !text.includes(call.en)),
    );
    expect(without).toEqual([]);
  });

  test.each(['idle', 'menu', 'approved', 'balance', 'settlements'] as const)('%s is no error', (is) => {
    const all: readonly Place[] = places[is];
    for (const at of all) expect(new Desk(at).text()).not.toContain(call.zh);
  });
});
