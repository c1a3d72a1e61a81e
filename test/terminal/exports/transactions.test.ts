import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseYuan } from '../../../terminal/base/money.ts';
import { trialBalance } from '../../../terminal/ledger/queries.ts';
import { sell } from '../till.ts';
import { day, newLibrary, parseCsv, settler, sha256, type TestLibrary } from './library.ts';

let library: TestLibrary;
beforeEach(() => {
  library = newLibrary();
});
afterEach(() => library.close());

const fenOf = (yuan: string | undefined): number => {
  const text = yuan ?? '';
  return text.startsWith('-') ? -fenOf(text.slice(1)) : Number(parseYuan(text));
};
const heads = [
  '时间',
  '交易号',
  '流水号',
  '批次号',
  '类型',
  '支付方式',
  '卡号',
  '操作员',
  '状态',
  '应答码/原因',
  '参考号',
  '交易金额(元)',
  '入账金额(元)',
  '手续费(元)',
  '净额(元)',
];

describe('X-06: a list of transactions', () => {
  test('is UTF-8 with a BOM, its head names the unit, its lines end as RFC 4180 says', async () => {
    const { no } = sell(library, 10_001);
    const text = await library.text({});
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(text.endsWith('\r\n')).toBe(true);
    const [head, row] = parseCsv(text);
    expect(head).toEqual(heads);
    expect(row).toEqual([
      '2026-11-20 10:00:00',
      no,
      "'000001",
      "'000001",
      '消费',
      '挥卡',
      '622202*********0128',
      "'01",
      '已支付',
      "'00",
      "'112000000001",
      '100.01',
      '100.01',
      '0.60',
      '99.41',
    ]);
  });

  test('is in English when that was asked for', async () => {
    sell(library, 10_000);
    const [head, row] = parseCsv(await library.text({ language: 'en' }));
    expect(head?.slice(11)).toEqual(['Amount (yuan)', 'Booked (yuan)', 'Fee (yuan)', 'Net (yuan)']);
    expect(row?.slice(4, 6)).toEqual(['Sale', 'Tapped']);
  });

  test('P-29: its lines come to its totals, and these to the movement of the ledger', async () => {
    for (const amount of [1, 131, 10_000, 99_999, 123_456]) sell(library, amount);
    sell(library, 5_000, { code: '51', rate: null });
    sell(library, 2_000, { code: '00', cleared: true });
    const rows = parseCsv(await library.text({}));
    const total = rows.findIndex(([first]) => first === '合计');
    const lines = rows.slice(1, total);
    const sum = (column: number): number => lines.reduce((all, line) => all + fenOf(line[column]), 0);
    for (const column of [12, 13, 14]) expect(sum(column)).toBe(fenOf(rows[total]?.[column]));
    const ledger = trialBalance(library.db).rows;
    const moved = (code: string): number => ledger.find(({ account }) => account.code === code)?.balanceFen ?? 0;
    expect(fenOf(rows[total]?.[12])).toBe(moved('1101'));
    expect(fenOf(rows[total]?.[14])).toBe(235_587 - fenOf(rows[total]?.[13]));
    expect(sum(12)).toBe(235_587);
  });

  test('tells how many rows it has and the SHA-256 of what stands above, and the job that of the whole', async () => {
    for (let n = 0; n < 3; n++) sell(library, 100 + n);
    const made = await library.make({});
    const text = readFileSync(library.desk.open(settler, made.id).file, 'utf8');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toContain('行数,3');
    const last = lines.at(-1) ?? '';
    expect(last).toBe(`以上内容的SHA-256,${sha256(text.slice(0, text.indexOf(last)))}`);
    expect(made).toMatchObject({ state: 'READY', rows: 3, bytes: Buffer.byteLength(text), sha256: sha256(text) });
  });

  test('has what was there when it was asked for, and nothing of another day', async () => {
    sell(library, 100);
    await library.clock.advance(1_000);
    library.desk.begin(settler, { kind: 'transactions', format: 'csv', language: 'zh', from: day, to: day });
    await library.clock.advance(1_000);
    sell(library, 200);
    await library.make({ from: '2026-11-19', to: '2026-11-19' });
    const made = library.desk.list(settler, 10);
    expect(made.map(({ rows }) => rows)).toEqual([0, 1]);
  });

  test('goes through thousands of rows in their order', async () => {
    library.db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2299)
      INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, fee_fen, entry, created_at, ended_at)
      SELECT (SELECT substr(no, 1, 10) FROM payment UNION SELECT '${idOf(library)}' LIMIT 1) || printf('%016d', i), 'sale', 'PAID', '000001', '${day}',
        printf('%06d', i + 1), '01', 100 + i, 1, 'CHIP', ${library.clock.now()}, ${library.clock.now()} FROM n`);
    const rows = parseCsv(await library.text({}));
    const stans = rows.slice(1, 2_301).map(([, , stan]) => Number(stan?.slice(1)));
    expect(stans).toEqual(Array.from({ length: 2_300 }, (_, i) => i + 1));
    expect(rows[2_301]?.[12]).toBe(((2_300 * 100 + (2_300 * 2_299) / 2) / 100).toFixed(2));
  });
});

/** The time of a number that is made now. */
function idOf({ desk, world }: TestLibrary): string {
  const { id } = desk.begin(settler, { kind: 'audit', format: 'csv', language: 'zh', from: day, to: day });
  world.db.exec('DELETE FROM export');
  return id.slice(0, 10);
}

describe('B-037: a list that was narrowed', () => {
  const filters = [
    ['by amount', { minFen: 1_500, maxFen: 2_500 }, ['20.00']],
    ['by state', { state: 'FAILED' }, ['30.00']],
    ['by operator', { operator: '02' }, []],
    ['by type', { type: 'sale' }, ['10.00', '20.00', '30.00']],
    ['by another type', { type: 'refund' }, []],
    ['by trace number', { stan: '000001' }, ['10.00']],
    ['by nothing', {}, ['10.00', '20.00', '30.00']],
  ] as const;
  test.each(filters)('%s has the same rows as a file', async (_, filter, amounts) => {
    for (const amountFen of [1_000, 2_000, 3_000]) {
      sell(library, amountFen, { code: amountFen === 3_000 ? '51' : '00' });
      await library.clock.advance(1);
    }
    const made = await library.make({ filter });
    const rows = parseCsv(readFileSync(library.desk.open(settler, made.id).file, 'utf8'));
    expect(rows.slice(1).flatMap((row) => (/^2026/.test(row[0] ?? '') ? [row[11]] : []))).toEqual(amounts);
    expect(made).toMatchObject({ rows: amounts.length, name: '交易明细 2026-11-20.csv' });
    expect(made.filter ?? {}).toEqual(filter);
    expect(made.about).toBeUndefined();
  });
});
