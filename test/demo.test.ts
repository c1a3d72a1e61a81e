import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { missing } from '../scripts/demo/books.ts';

/** `npm run demo -- --json` as whoever watches it from outside sees it: its lines, its last line, its exit status. */
const demo = join(import.meta.dirname, '../dist/demo.js');
const mostSeconds = 60;

const line = v.looseObject({ kind: v.string() });
const result = v.looseObject({
  kind: v.literal('result'),
  ok: v.boolean(),
  sales: v.object({ approved: v.number(), declined: v.number(), reversed: v.number(), undecided: v.number() }),
  entries: v.record(v.string(), v.number()),
  kinds: v.record(v.string(), v.number()),
  sums: v.object({
    salesFen: v.number(),
    chargedFen: v.number(),
    givenBackFen: v.number(),
    feesFen: v.number(),
    settledFen: v.number(),
  }),
  batches: v.array(
    v.looseObject({ batch: v.string(), verdict: v.string(), resolved: v.boolean(), sumFen: v.number() }),
  ),
  settlements: v.array(
    v.looseObject({ no: v.string(), state: v.string(), amountFen: v.number(), accountVersion: v.number() }),
  ),
  ledgerSumFen: v.number(),
  lost: v.number(),
  doubled: v.number(),
  problems: v.array(v.string()),
  seconds: v.number(),
});
const sale = v.looseObject({
  kind: v.literal('sale'),
  amountFen: v.number(),
  feeFen: v.number(),
  entry: v.string(),
  end: v.string(),
  state: v.string(),
});
const transaction = v.looseObject({
  kind: v.literal('transaction'),
  type: v.string(),
  amountFen: v.number(),
  end: v.string(),
  state: v.string(),
});
const fen = v.number();
const statement = v.looseObject({ openingFen: fen, inFen: fen, outFen: fen, closingFen: fen });
const done = v.looseObject({ kind: v.literal('done'), what: v.string(), ok: v.boolean() });

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });

describe('a business day with --json', () => {
  let ended: Ended;
  let lines: readonly v.InferOutput<typeof line>[];
  let last: v.InferOutput<typeof result>;

  beforeAll(async () => {
    ended = await run('--json');
    lines = ended.stdout
      .trimEnd()
      .split('\n')
      .map((text) => v.parse(line, JSON.parse(text)));
    last = v.parse(result, lines.at(-1));
  }, 120_000);

  const sales = () => lines.flatMap((one) => (one.kind === 'sale' ? [v.parse(sale, one)] : []));
  const others = () => lines.flatMap((one) => (one.kind === 'transaction' ? [v.parse(transaction, one)] : []));
  const papers = () =>
    lines.filter(({ kind }) => kind === 'slips').flatMap((one) => v.parse(v.array(v.array(v.string())), one['slips']));

  it('ends with status 0 and says nothing but JSON', () => {
    expect(ended.stderr).toBe('');
    expect(last.problems).toEqual([]);
    expect(ended.status).toBe(0);
    expect(last.ok).toBe(true);
    expect(lines.filter(({ kind }) => kind === 'result')).toHaveLength(1);
  });

  it('takes less than a minute', () => {
    expect(last.seconds).toBeGreaterThan(0);
    expect(last.seconds).toBeLessThan(mostSeconds);
  });

  it('leaves a book that balances, with nothing lost, doubled or undecided', () => {
    expect(last).toMatchObject({ ledgerSumFen: 0, lost: 0, doubled: 0, sales: { undecided: 0 } });
  });

  it('has twelve sales, of every way to read a card', () => {
    const approved = sales().filter(({ end }) => end === 'approved');
    expect(approved.length).toBeGreaterThanOrEqual(12);
    expect(last.sales.approved).toBe(approved.length);
    expect(last.entries['MAG']).toBeGreaterThan(0);
    expect(last.entries['CONTACTLESS']).toBeGreaterThan(0);
    expect(approved.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(last.sums.salesFen);
  });

  it('charges the discount fee for small contactless sales only', () => {
    const at = (wanted: (one: v.InferOutput<typeof sale>) => boolean) =>
      sales()
        .filter((one) => one.end === 'approved' && wanted(one))
        .map(({ amountFen, feeFen }) => Math.round((feeFen / amountFen) * 10_000));
    const small = at(({ entry, amountFen }) => entry === 'CONTACTLESS' && amountFen === 100_000);
    const large = at(({ entry, amountFen }) => entry === 'CONTACTLESS' && amountFen > 100_000);
    const swiped = at(({ entry, amountFen }) => entry === 'MAG' && amountFen >= 100_000);
    expect(new Set(small)).toEqual(new Set([38]));
    expect(new Set([...large, ...swiped])).toEqual(new Set([60]));
  });

  it('reads cards by stripe with a PIN, by chip and held to the reader', () => {
    expect(Object.keys(last.entries).sort()).toEqual(['CHIP', 'CONTACTLESS', 'MAG']);
  });

  it.each([
    ['void', 'approved', ['DONE']],
    ['refund', 'approved', ['SUCCESS', 'SUCCESS']],
    ['preauth', 'approved', ['HELD', 'HELD']],
    ['preauth-void', 'approved', ['DONE']],
    ['completion', 'approved', ['PAID']],
    ['completion-void', 'approved', ['DONE']],
    ['code-sale', 'approved', ['CLEARED', 'CLEARED', 'CLEARED']],
    ['code-sale', 'closed', ['FAILED']],
    ['stored-sale', 'stored', ['STORED', 'STORED']],
  ])('has every kind of transaction, with the end that was planned: %s %s', (type, end, states) => {
    const found = others().filter((one) => one.type === type && one.end === end);
    expect(found.map(({ state }) => state)).toEqual(states);
  });

  it('completes as advice, which is kept at once and accepted later', () => {
    expect(others().filter(({ type }) => type === 'completion-advice')).toMatchObject([{ end: 'stored' }]);
    expect(last.kinds).toMatchObject({ 'completion-advice': 1 });
  });

  it('counts what stands in the end, of every kind', () => {
    expect(last.kinds).toEqual({
      sale: last.sales.approved,
      void: 1,
      preauth: 2,
      'preauth-void': 1,
      completion: 1,
      'completion-advice': 1,
      'completion-void': 1,
      'code-sale': 3,
      'stored-sale': 1, // the other was refused when it was told
      refund: 2,
      invoice: 1,
      'red-invoice': 1,
    });
    const back = others().filter(({ type }) => ['void', 'completion-void', 'refund'].includes(type));
    expect(last.sums.givenBackFen).toBe(back.reduce((sum, { amountFen }) => sum + amountFen, 0));
    expect(last.sums.chargedFen).toBeGreaterThan(last.sums.salesFen);
  });

  it('does the rest of the counter: balance, lists, shift, freeze, invoices, line, backup, sign-off', () => {
    const all = lines.flatMap((one) => (one.kind === 'done' ? [v.parse(done, one)] : []));
    expect(all.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(all.map(({ what }) => what))).toEqual(
      new Set([
        ...['add-operator', 'self-check', 'balance', 'report', 'unfreeze', 'invoice', 'red-invoice', 'line', 'print'],
        ...['hand-over', 'backup', 'sign-off', 'sign-in'],
      ]),
    );
  });

  it('takes half of an amount, gives a discount, and asks for a code', () => {
    const amounts = sales()
      .filter(({ end }) => end === 'approved')
      .map(({ amountFen }) => amountFen);
    expect(amounts).toEqual(expect.arrayContaining([15_005, 40_510, 52_008]));
  });

  it.each([
    ['签购单', 'every transaction'],
    ['退货', 'a refund'],
    ['预授权', 'a hold'],
    ['故障单', 'what upstream refused later'],
    ['交易明细', 'the list of the batch'],
    ['交易汇总', 'its sums'],
    ['操作员汇总', 'the shift'],
    ['红字', 'a red invoice'],
  ])('prints %s: %s', (words) => {
    expect(papers().filter((slip) => slip.join('\n').includes(words)).length).toBeGreaterThan(0);
  });

  it('has a decline, and lost answers that end reversed', () => {
    expect(sales().filter(({ end }) => end === 'declined')).toMatchObject([{ state: 'FAILED' }]);
    const unknown = sales().filter(({ end }) => end === 'unknown');
    expect(unknown.map(({ amountFen }) => amountFen % 100).sort()).toEqual([98, 99]);
    expect(unknown.every(({ state }) => state === 'REVERSED')).toBe(true);
    expect(last.sales).toMatchObject({ declined: 1, reversed: 2 });
  });

  it('closes a batch that does not balance and is resolved, and one that balances', () => {
    const [, , , ...empty] = last.batches; // of later days, when the cut is behind a holiday
    expect(empty.filter(({ resolved, sumFen }) => !resolved || sumFen !== 0)).toEqual([]);
    expect(last.batches.slice(0, 3)).toMatchObject([
      { verdict: 'not-balanced', resolved: true },
      { verdict: 'balanced', resolved: true },
      { verdict: 'balanced', resolved: true },
    ]);
    const slips = lines.filter(({ kind }) => kind === 'slips').map((one) => JSON.stringify(one));
    expect(slips.filter((text) => text.includes('批结算单') && text.includes('对账不平'))).toHaveLength(1);
    expect(slips.join()).toContain('****重打印/DUPLICATED****');
  });

  it('settles, fails, repairs the account, and settles the same money under a new number', () => {
    const [first, failed, again, atCut] = last.settlements;
    expect(last.settlements.map(({ state }) => state)).toEqual(['SUCCESS', 'FAILED', 'SUCCESS', 'SUCCESS']);
    expect(failed).toMatchObject({ accountVersion: first?.accountVersion, reason: 'ACCOUNT_CLOSED' });
    expect(again?.accountVersion).toBeGreaterThan(failed?.accountVersion ?? 0);
    expect(again?.amountFen).toBe(failed?.amountFen);
    expect(new Set(last.settlements.map(({ no }) => no)).size).toBe(4);
    const settled = [first, again, atCut].map((one) => one?.amountFen ?? 0);
    expect(last.sums.settledFen).toBe(settled.reduce((sum, fen) => sum + fen, 0));
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'settle', reason: 'SETTLE_ACCOUNT_ERRORED' }));
  });

  it('settles at the cut by itself, and has a statement and a bill of the day on the next morning', () => {
    const of = (kind: string) => lines.filter((one) => one.kind === kind);
    const [, , , , atCut] = of('settle');
    expect(atCut).toMatchObject({ state: 'SUCCESS', no: last.settlements.at(-1)?.no });
    const statements = of('statement').map((one) => v.parse(statement, one));
    const sumOf = (what: 'inFen' | 'outFen') => statements.reduce((sum, one) => sum + one[what], 0);
    for (const [i, one] of statements.entries()) {
      expect(one.closingFen).toBe(one.openingFen + one.inFen - one.outFen);
      expect(one.openingFen).toBe(i === 0 ? 0 : statements[i - 1]?.closingFen);
    }
    expect(statements.at(-1)?.closingFen).toBe(0); // all of it was settled
    expect(sumOf('inFen')).toBe(sumOf('outFen'));
    const [bill] = of('bill');
    expect(bill).toMatchObject({ state: 'BALANCED', differences: 0, matched: bill?.['rows'] });
  });
});

describe('a charge that is in one list and not in the other', () => {
  it.each([
    ['the same charges', [100, 200], [200, 100], 0],
    ['one is not there', [100, 200], [100], 1],
    ['one amount twice, found once', [100, 100], [100], 1],
    ['one too many there', [100], [100, 100], 0],
    ['nothing wanted', [], [100], 0],
  ])('%s', (_, wanted, found, count) => {
    expect(missing(wanted, found)).toBe(count);
  });
});
