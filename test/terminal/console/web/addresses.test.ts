import { expect, test } from 'vitest';
import { addressOf } from '../../../../terminal/console/web/addresses.ts';
import { answerOf } from '../../../../terminal/console/web/console-error.ts';
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

test('a refusal keeps its code, words and details', async () => {
  const details = { left: 2 };
  const error = { code: 'SECRET_WRONG', zh: '密码错误', en: 'Wrong secret', details };
  await expect(answerOf(Response.json({ error }, { status: 401 }))).rejects.toMatchObject(error);
});

test.each(['', '<html>', '"text"', '{"error": "text"}', '[]'])(
  'an answer that is no refusal is told by its status: %o',
  async (body) => {
    await expect(answerOf(new Response(body, { status: 502 }))).rejects.toMatchObject({
      code: 'HTTP_502',
      details: {},
    });
  },
);

const cut = new ReadableStream({ start: (body) => body.error(new Error('the connection ended')) });

test.each([
  ['cut', '{"no": "S-1'],
  ['empty', ''],
  ['ended midway', cut],
])('an answer that is %s is none: it may have been done, and nothing is made of what is missing', async (_, body) => {
  await expect(answerOf(new Response(body))).rejects.toMatchObject({ code: 'NO_ANSWER' });
});
