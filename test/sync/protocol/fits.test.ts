import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { fitsOf } from '../../../sync/protocol/fits.ts';
import { upRows } from '../../../sync/protocol/rows.ts';

/** What is sent without being parsed must be what parsing would have made of it, to the byte. */

const no = '01JD5Q3M7Z8X9Y0W1V2T3S4R5P';
const frame = { no, at: 1_790_000_000_000, by: '01' };
const journal = {
  key: `sale:${no}`,
  event: 'J-01',
  no,
  at: 1_790_000_000_000,
  by: '01',
  lines: [
    ['1101:2026-11-20', 'D', 10_000],
    [`2001:${no}`, 'C', 10_000],
  ],
};
const payment = {
  txn: 'sale',
  state: 'PAID',
  batch: '000001',
  stan: '000002',
  amountFen: 10_000,
  discountFen: 0,
  feeFen: 60,
  rate: { id: 'card-6000', ppm: 6_000, capFen: null },
  entry: 'CHIP',
  group: 'domestic',
  card: '622202*********0128',
  rrn: '112000000001',
  authCode: '711683',
  code: '00',
  cleared: true,
  original: null,
};
const failed = { ...payment, state: 'FAILED', feeFen: 0, rate: null, code: null, rrn: null, cleared: false };

const sealed = { key: 'k', ephemeral: 'e', iv: 'i', data: 'd', tag: 't' };
const counted = { batch: '000001', stan: '000002', amountFen: 10_000 };
const card = '622202*********0128';
const stored = { ...counted, entry: 'CHIP', card, sealed, mcc: '5411' };
const advice = { ...counted, entry: 'MAG', card: null, original: no, authCode: null, mcc: null };
const refund = {
  batch: '000001',
  businessDate: '2026-11-20',
  stan: '000002',
  origin: { payment: no, terminal: '00000001', batch: '000001', stan: '000001', rrn: null },
  amountFen: 100,
  feeFen: 1,
  cumBefore: 0,
  source: '2001',
  entry: 'CHIP',
  group: 'domestic',
  card,
  rev: 1,
};
const record = {
  batch: '000001',
  payment: no,
  stan: '000002',
  txn: 'refund',
  side: 'credit',
  group: 'codes',
  amountFen: 100,
  feeFen: 0,
  rateId: null,
  entry: 'QR_WECHAT',
  rrn: null,
};
const invoice = {
  payment: no,
  amountFen: 100,
  titleKind: 'personal',
  title: '张三',
  taxNo: null,
  address: null,
  phone: '13800000000',
  email: null,
};

const rows: readonly (readonly [keyof typeof upRows, unknown])[] = [
  ['payment-recorded', { ...frame, facts: payment, journals: [journal] }],
  ['payment-recorded', { ...frame, facts: failed, journals: [] }],
  [
    'payment-recorded',
    { ...frame, facts: { ...payment, txn: 'void', state: 'DONE', original: no }, journals: [journal] },
  ],
  ['store-sale', { ...frame, facts: stored, journals: [] }],
  ['complete-by-advice', { ...frame, facts: advice, journals: [] }],
  ['refund', { ...frame, facts: refund, journals: [journal] }],
  ['stop-reported', { ...frame, facts: { payment: null, batch: null, reason: '', where: '' }, journals: [] }],
  ['batch-record', { ...frame, facts: record, journals: [] }],
  ['issue-invoice', { ...frame, facts: invoice, journals: [] }],
  ['red-invoice', { ...frame, facts: { payment: no, invoice: no, amountFen: 1, reason: '' }, journals: [] }],
  ['telemetry', { ...frame, facts: { items: [{ name: 'clock', state: 'ok', detail: '' }] }, journals: [] }],
  [
    'settle',
    { ...frame, facts: { amountFen: 1, mode: 'MANUAL', accountVersion: 1, rev: 0, cut: null }, journals: [journal] },
  ],
  ['settlement-checked', { ...frame, facts: { settlement: 'S1' }, journals: [] }],
];

describe('a row that fits', () => {
  it.each(rows)('%s, as the terminal sends it', (kind, body) => {
    expect(fitsOf(upRows[kind])(body)).toBe(true);
  });

  it.each(rows)('%s with one field changed is taken only for what parsing makes of it', (kind, body) => {
    const row = changedBy(kind);
    const fitting = Array.from({ length: count(body) }, (_, at) =>
      changes.filter((how) => row(changed(body, at, how))),
    ).flat();
    expect(fitting.length).toBeGreaterThan(20);
  });

  it('the same with several changes', () => {
    const some = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...changes), anything)), { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...rows), some, ([kind, body], all) => {
        changedBy(kind)(all.reduce((row, [at, how]) => changed(row, at, how), body));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never an object that says itself how it is written', () => {
    const [kind, body] = rows[0] ?? [];
    const odd = Object.assign(Object.create({ toJSON: () => ({}) }), body);
    expect(kind && fitsOf(upRows[kind])(odd)).toBe(false);
  });
});

/** Whether a row of this kind fits; if it does, that parsing leaves it as it is. */
const changedBy = (kind: keyof typeof upRows) => {
  const fits = fitsOf(upRows[kind]);
  return (body: unknown): boolean => {
    if (!fits(body)) return false;
    const parsed = v.safeParse(upRows[kind], body);
    expect(parsed.success).toBe(true);
    expect(JSON.stringify(parsed.output)).toBe(JSON.stringify(body));
    return true;
  };
};

type Change = { readonly put: unknown } | 'remove' | 'add' | 'swap';

/** Values near what a field may hold, and far from it. */
const changes: readonly Change[] = [
  'remove',
  'add',
  'swap',
  ...[0, -1, 1, 0.5, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1_000_000, 1_000_001].map((put) => ({ put })),
  ...['', '00', '0a', '01', 'SYS', '000001', '000001\n', 'J-01', 'J-01b', 'D', 'PAID'].map((put) => ({ put })),
  ...[80, 81, 120, 121, 200, 201].map((length) => ({ put: 'a'.repeat(length) })),
  ...[null, undefined, true, {}, { a: 1 }, 1n, new Date(0)].map((put) => ({ put })),
  ...[0, 1, 2, 64, 65].map((length) => ({ put: Array(length) })),
  ...[1, 2, 64, 65].map((length) => ({ put: Array(length).fill(journal.lines[0]) })),
];
const anything: fc.Arbitrary<Change> = fc.oneof(fc.string(), fc.integer()).map((put) => ({ put }));

/** The same with one change at the n-th of its places, counted through all that it holds. */
function changed(value: unknown, n: number, how: Change): unknown {
  const places = count(value);
  let left = n % places;
  const walk = (part: unknown): unknown => {
    if (left-- === 0) return apply(part, how);
    if (Array.isArray(part)) return part.map(walk);
    if (!isPlain(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, walk(field)]));
  };
  return walk(value);
}

function apply(part: unknown, how: Change): unknown {
  if (typeof how === 'object') return how.put;
  const list = Array.isArray(part);
  if (!list && !isPlain(part)) return part;
  const entries = Object.entries(part);
  if (how === 'remove') entries.pop();
  if (how === 'add') entries.push(['more', list ? entries[0]?.[1] : 1]);
  if (how === 'swap') entries.reverse();
  return list ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const count = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, part) => sum + count(part), 1)
    : 1;
