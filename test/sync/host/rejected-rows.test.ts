import { beforeEach, describe, expect, test } from 'vitest';
import { rejectedRows } from '../../../sync/host/rejected-rows.ts';
import { markDown, streamOf } from '../../../sync/host/stream-store.ts';
import { takeRows } from '../../../sync/host/take-rows.ts';
import type { RowOnWire } from '../../../sync/protocol/parse-row.ts';
import { order } from './bill-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import { journal } from './journals.ts';
import { merchant, type TestHost } from './start-host.ts';
import type { Till } from './till.ts';

/** What one end could not take of the other: shown to people, who say what becomes of it. */

let host: TestHost;
let till: Till;
hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { isSignedIn: false },
);

const listed = () => host.host.store.transaction().execute((trx) => rejectedRows(trx, { merchant }, 9));
const bare = async () => (await listed()).map(({ terminal: _, at: __, ...row }) => row);

describe('a row of the host that the terminal rejects', () => {
  beforeEach(async () => {
    const available = await till.earn(10_000);
    await till.settle('S1', available);
    await host.clock.advance(0);
  });
  const rejectLast = () =>
    host.host.store.transaction().execute(async (trx) => {
      const stream = await streamOf(trx, till.ref);
      const said = { upTo: stream.down_highest, rejected: [{ seq: stream.down_highest, code: 'NOT_FOUND' }] };
      return markDown(trx, { ...stream, down_base: 0 }, said, host.clock.now());
    });
  const last = async () => (await till.newsAfter(0)).at(-1);

  test('is listed, told once, seen by a person, and sent again behind all others under its id', async () => {
    const sent = await last();
    expect(await rejectLast()).toMatchObject([{ kind: sent?.kind, id: sent?.id, code: 'NOT_FOUND' }]);
    expect(await rejectLast()).toEqual([]);
    const row = `down::${sent?.seq}`;
    const shown = { direction: 'down', row, kind: sent?.kind, id: sent?.id, code: 'NOT_FOUND' };
    expect(await bare()).toEqual([{ ...shown, seenBy: null }]);
    expect(await order(host, till, { command: 'row-seen', row, by: 'li' })).toBe('done');
    expect(await bare()).toEqual([{ ...shown, seenBy: 'li' }]);
    expect(await order(host, till, { command: 'row-again', row, by: 'li' })).toBe('done');
    expect(await bare()).toEqual([]);
    expect(await last()).toEqual({ ...sent, seq: (sent?.seq ?? 0) + 1 });
    expect(await order(host, till, { command: 'row-again', row, by: 'li' })).toBe('NOT_FOUND');
  });
});

describe('a row of the terminal that the host did not take', () => {
  const facts = { difference: 'D1', finding: 'investigating', text: '' } as const;
  const examined = { no: 'D1:x', at: 1, by: '00', facts, journals: [] };

  async function came(...rows: RowOnWire[]): Promise<void> {
    await host.host.store.transaction().execute(async (trx) => {
      const stream = await streamOf(trx, till.ref);
      const taking = { trx, from: till.ref, stream, epoch: 'e1', business: host.upstream, at: 1, log: host.host.log };
      await takeRows({ ...taking, rejected: [] }, { upTo: 0, ranges: [] }, rows);
    });
  }

  test('P-26: is taken again when what it lacked is there, not before, and never twice', async () => {
    await came([1, 'difference-examined', 'D1:x', examined], [2, 'coffee', 'c', {}]);
    const refused = { direction: 'up', row: 'up:e1:1', kind: 'difference-examined', id: 'D1:x', seenBy: null };
    const poison = { direction: 'up', row: 'up:e1:2', kind: 'coffee', id: 'c', seenBy: null };
    expect(await bare()).toEqual([
      { ...poison, code: 'UNKNOWN_KIND' },
      { ...refused, code: 'DIFFERENCE_UNKNOWN' },
    ]);
    const again = (row: string) => order(host, till, { command: 'row-again', row });
    expect([await again('up:e1:1'), await again('up:e1:2'), await again('up:e9:1')]).toEqual([
      'ILLEGAL_STATE',
      'ILLEGAL_STATE',
      'NOT_FOUND',
    ]);
    expect(await order(host, till, { command: 'row-seen', row: 'up:e1:2' })).toBe('done');
    const found = { batch: null, what: 'gross', hereFen: 1, thereFen: 2, bill: null };
    const difference = { no: 'D1', at: 1, by: 'SYS', facts: found, journals: [] };
    await till.up({ kind: 'difference-found', id: 'D1', body: difference });
    expect(await again('up:e1:1')).toBe('done');
    expect(await bare()).toEqual([{ ...poison, code: 'UNKNOWN_KIND', seenBy: 'U' }]);
    expect(await again('up:e1:1')).toBe('NOT_FOUND');
  });

  test('P-05: another body under an id that was applied is never taken', async () => {
    const lines = [
      ['1001', 'D', 5],
      ['4001', 'C', 5],
    ] as const;
    const row = (no: string): unknown => ({
      ...examined,
      no,
      facts: { causeSeq: 1, causeKind: 'x', batch: null },
      journals: [journal('J-99', 'x', 'x', [...lines.map(([...line]) => line)])],
    });
    await came([1, 'posted', 'p', row('a')], [2, 'posted', 'p', row('b')]);
    expect(await order(host, till, { command: 'row-again', row: 'up:e1:2' })).toBe('ILLEGAL_STATE');
    expect(await bare()).toMatchObject([{ row: 'up:e1:2', code: 'IDEMPOTENCY_CONFLICT' }]);
  });
});
