import { expect, test } from 'vitest';
import { addressOf } from '../../../../terminal/console/web/addresses.ts';
import { refusalOf } from '../../../../terminal/console/web/console-error.ts';
import { linkTo, placeOf } from '../../../../terminal/console/web/router.ts';

test('an address has its parts filled in, and only what is asked for', () => {
  expect(addressOf('/settlements/:no/payments', { no: 'S/1 2' }, { limit: 100, after: undefined, type: '' })).toBe(
    '/api/settlements/S%2F1%202/payments?limit=100',
  );
  expect(addressOf('/overview')).toBe('/api/overview');
});

test('a link leads to the place that it was made from', () => {
  const link = linkTo(['transactions', '01/卡'], { from: '2026-11-01', to: undefined });
  expect(placeOf(link)).toEqual({ path: ['transactions', '01/卡'], query: { from: '2026-11-01' } });
  expect(placeOf('')).toEqual({ path: [], query: {} });
  expect(placeOf('#/%E0%A4%A')).toEqual({ path: ['%E0%A4%A'], query: {} });
});

test('a refusal keeps its code, words and details', () => {
  const details = { left: 2 };
  const refusal = refusalOf(401, { error: { code: 'SECRET_WRONG', zh: '密码错误', en: 'Wrong secret', details } });
  expect(refusal).toMatchObject({ code: 'SECRET_WRONG', zh: '密码错误', en: 'Wrong secret', details });
});

test.each([undefined, 'text', { error: 'text' }, []])(
  'an answer that is no refusal is told by its status: %o',
  (body) => {
    expect(refusalOf(502, body)).toMatchObject({ code: 'HTTP_502', details: {} });
  },
);
