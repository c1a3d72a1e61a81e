import { describe, expect } from 'vitest';
import { powerCutWhen } from '../support/power-cut.ts';
import type { TestSystem } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';

/** The close resumes where it was (payments.md, Batch close 5 and 6): nothing is compared, ended or cleared twice. */

const closed = async (system: TestSystem, balanced: boolean): Promise<void> => {
  await system.eventually(
    'batch 000001 is closed',
    () => system.count("SELECT count(*) FROM batch WHERE no = '000001' AND state = 'CLOSED'") === 1,
  );
  await system.atRest();
  const sent = (kind: string) => system.host.count('SELECT count(*) FROM outbox WHERE kind = ?', kind);
  expect(['batch-verdict', 'batch-closed', 'batch-cleared', 'funds-received'].map(sent)).toEqual([1, 1, 1, 1]);
  expect(system.count("SELECT count(*) FROM outbox WHERE kind IN ('batch-totals', 'batch-end')")).toBe(2);
  expect(system.count("SELECT count(*) FROM payment WHERE state = 'CLEARED'")).toBe(3);
  const slips = system
    .slips()
    .map((slip) => slip.join('\n'))
    .filter((slip) => slip.includes('批结算单'));
  expect(slips.length).toBeGreaterThanOrEqual(1);
  for (const slip of slips) expect(slip).toMatch(balanced ? /对账平/ : /对账不平[\s\S]*主机缺/);
  await system.ready();
  expect(system.cashier.status().batch).toMatchObject({ no: '000002', state: 'OPEN' });
};

const threeSales = async (system: TestSystem, balanced: boolean): Promise<void> => {
  if (!balanced) await system.host.fault({ kind: 'forget-approval' });
  for (const amountFen of [10_000, 20_000, 30_000]) await system.sell(amountFen);
  await system.eventually('every record is up', () => system.cashier.status().waitingRows === 0);
};

describe('批结算 and the host', () => {
  scenarios(
    {
      given: 'the host is stopped when the batch is frozen, and started later',
      expect: 'the screen may be left; the close goes on by itself when the host is back',
      async play(system) {
        await threeSales(system, true);
        await system.host.stop();
        const abort = new AbortController();
        const left = system.closeBatch(() => abort.abort(), abort.signal);
        expect(await left).toEqual({ kind: 'continues', batch: '000001', state: 'FROZEN' });
        await system.host.start();
        await closed(system, true);
      },
    },
    {
      given: 'the verdict is lost again and again, and the link is cut',
      expect: 'the batch stays COMPARING, the stream resends, nothing is compared twice',
      async play(system) {
        await threeSales(system, true);
        await system.host.fault({ kind: 'drop-rows', times: 3 });
        const closing = system.closeBatch();
        await system.eventually('it compares', () => system.cashier.status().batch?.state === 'COMPARING');
        system.wire.cut();
        expect(await closing).toMatchObject({ kind: 'closed', balanced: true });
        await closed(system, true);
      },
    },
    {
      given: 'every message of the close comes twice, and acknowledgements are lost',
      expect: 'closed once',
      async play(system) {
        await threeSales(system, false);
        await system.host.fault({ kind: 'duplicate-rows', times: 20 });
        await system.host.fault({ kind: 'drop-ack', times: 2 });
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: false });
        await closed(system, false);
      },
    },
  );
});

/** Each state of a close. `lose`: rows that no longer arrive at this end, so that the batch rests in that state until the power goes. */
const moments: readonly { readonly state: string; readonly balanced: boolean; readonly lose?: 'broker' | 'client' }[] =
  [
    { state: 'FROZEN', balanced: true, lose: 'broker' },
    { state: 'COMPARING', balanced: true, lose: 'client' },
    { state: 'UPLOADING', balanced: false },
    { state: 'ENDING', balanced: true },
    { state: 'ENDING', balanced: false },
    { state: 'CLEAR_DUE', balanced: true },
    { state: 'CLEAR_DUE', balanced: false },
    { state: 'CLOSED', balanced: true },
  ];

describe('批结算 and a power cut', () => {
  scenarios(
    ...moments.map(({ state, balanced, lose }) => ({
      given: `the power goes when the batch is ${state}, lists ${balanced ? 'equal' : 'not equal'}, and comes back`,
      expect: 'the close goes on there and ends once',
      async play(system: TestSystem) {
        await threeSales(system, balanced);
        const find = system.wire.rule(({ towards, topic }) =>
          towards === lose && topic.endsWith('/rows') ? 'drop' : undefined,
        );
        const face = new AbortController();
        const left = system.closeBatch(() => {}, face.signal);
        const now = () => system.count("SELECT count(*) FROM batch WHERE no = '000001' AND state = ?", state) === 1;
        await powerCutWhen(system, `the batch is ${state}`, now, face);
        await left;
        find();
        await system.startTerminal();
        await closed(system, balanced);
      },
    })),
  );
});
