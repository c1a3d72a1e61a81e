import { describe, expect } from 'vitest';
import { powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';

/** What needs a human in a close has a way out with two persons, and is written down; differences are kept line by line, however many. */

const inError = async (system: TestSystem): Promise<void> => {
  await system.host.fault({ kind: 'verdict-error' });
  expect(await system.closeBatch()).toEqual({ kind: 'needs-human', batch: '000001' });
};
const desk = (system: TestSystem) => system.cashier.batches;
const closed = (system: TestSystem) =>
  system.eventually('it is closed', () => desk(system).byNo('000001')?.state === 'CLOSED');
const decide = async (system: TestSystem): Promise<void> => {
  await system.host.command({ command: 'decide-batch', batch: '000001' });
  await system.eventually('it is decided', () => desk(system).byNo('000001')?.isDecided === true);
};
const resumed = (system: TestSystem): unknown =>
  system.db.prepare("SELECT by, outcome, details FROM audit WHERE action = 'batch-resume' ORDER BY seq").raw().all();

describe('对账出错 (3)', () => {
  scenarios(
    {
      given: 'a person at the host decides, and 00 here says yes',
      expect: 'the close goes on where it was; before both have spoken it does not',
      async play(system) {
        await system.sell(10_000);
        await inError(system);
        expect(system.cashier.status().batchAlert).toEqual({ is: 'needs-human', isDecided: false });
        expect(await refusal(() => desk(system).resume('123456'))).toBe('NEEDS_HUMAN');
        await decide(system);
        expect(system.cashier.status().batchAlert).toEqual({ is: 'needs-human', isDecided: true });
        await system.atRest();
        expect(desk(system).byNo('000001')?.state).toBe('NEEDS_HUMAN');
        expect(await refusal(() => desk(system).resume())).toBe('FORBIDDEN');
        expect(await refusal(() => desk(system).resume('000000'))).toBe('SECRET_WRONG');
        await desk(system).resume('123456');
        await closed(system);
        expect(desk(system).byNo('000001')).toMatchObject({ verdict: { domestic: 1, foreign: 1, codes: 1 } });
        expect(resumed(system)).toContainEqual(['01', 'ok', expect.stringContaining('"supervisor":"00"')]);
        await system.ready();
        expect(await refusal(() => desk(system).resume('123456'))).toBe('ILLEGAL_STATE');
      },
    },
    {
      given: 'the host finds a difference when it compares at last',
      expect: 'the records go up, and the close ends 对账不平 with the difference',
      async play(system) {
        await system.host.fault({ kind: 'forget-approval' });
        await system.sell(10_000);
        await system.sell(20_000);
        await inError(system);
        await decide(system);
        await desk(system).resume('123456');
        await closed(system);
        expect(desk(system).byNo('000001')).toMatchObject({
          uploaded: 2,
          differences: [{ kind: 'missing-there', hereFen: 10_000, thereFen: null, decision: 'booked' }],
        });
      },
    },
    {
      given: 'the power goes between the decision and the yes, and again behind it',
      expect: 'nothing of it is forgotten',
      async play(system) {
        await system.sell(10_000);
        await inError(system);
        await decide(system);
        await powerCutWhen(system, 'it is decided', () => true);
        await system.startTerminal();
        const find = system.wire.rule(({ towards, topic }) =>
          towards === 'broker' && topic.endsWith('/rows') ? 'drop' : undefined,
        );
        await (await system.supervisor()).batches.resume();
        await powerCutWhen(system, 'it ends', () => desk(system).byNo('000001')?.state === 'ENDING');
        find();
        await system.startTerminal();
        await closed(system);
        expect(resumed(system)).toHaveLength(1);
      },
    },
    {
      given: 'the host does not know the batch at all, and takes it',
      expect: 'every record is booked by the upload',
      async play(system) {
        await system.sell(10_000);
        await system.eventually('the record is up', () => system.cashier.status().waitingRows === 0);
        system.host.tamper("UPDATE batches SET batch = '000009', state = 'CLEARED'");
        system.host.tamper('DELETE FROM approvals WHERE amount_fen = 10000');
        expect(await system.closeBatch()).toMatchObject({ kind: 'needs-human' });
        await decide(system);
        await desk(system).resume('123456');
        await closed(system);
        expect(desk(system).byNo('000001')).toMatchObject({
          differences: [{ kind: 'missing-there', decision: 'booked' }],
        });
      },
    },
  );
});

describe('批上送', () => {
  scenarios({
    given: 'a sale that the host forgot, a completion, an advice, a refund and an offline sale',
    expect: 'they go up as advices, offline, online, refunds, completions',
    system: { hostParameters: { 'offline.enabled': true }, limits: { maxRecords: 1_000 } },
    async play(system) {
      await system.host.fault({ kind: 'forget-approval', times: 1 });
      const signal = new AbortController().signal;
      const dialog = {
        signal,
        progress: (step: { readonly at: string }) => {
          if (step.at === 'card') system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' });
        },
        confirm: async () => true,
      };
      const { cashier } = system;
      const { fen } = await import('../../terminal/base/money.ts');
      await system.sell(10_000);
      const sold = await system.sell(20_000);
      const held = await cashier.preauth(fen(5_000), dialog);
      const heldToo = await cashier.preauth(fen(6_000), dialog);
      if (!('txn' in held) || !('txn' in heldToo) || !('txn' in sold)) throw new Error('not approved');
      await cashier.completion({ by: 'voucher', stan: held.txn.stan }, fen(5_000), dialog);
      await cashier.stored.advise(heldToo.txn.stan, fen(6_000));
      await system.eventually('the advice has its result', () => cashier.stored.waiting().length === 0);
      await cashier.stored.sale(fen(700), dialog);
      await system.eventually('the offline sale has its result', () => cashier.stored.waiting().length === 0);
      const order = { payment: sold.txn.payment, amount: fen(300), secret: '123456' };
      expect(await cashier.refunds.refund(order, signal, () => {})).toMatchObject({ kind: 'succeeded' });
      expect(await system.closeBatch()).toMatchObject({ balanced: false });
      const sent = system.db
        .prepare<[], string>(
          "SELECT json_extract(body, '$.facts.txn') FROM outbox WHERE kind = 'batch-record' ORDER BY seq",
        )
        .pluck()
        .all();
      expect(sent).toEqual(['completion-advice', 'stored-sale', 'sale', 'sale', 'refund', 'completion']);
    },
  });
});

describe('净额 (net profile)', () => {
  scenarios({
    given: 'a sale and a sale that is voided, upstream wants net totals',
    expect: 'the voided one and its void are left out on both sides: 对账平',
    system: { hostParameters: { profile: 'net' } },
    async play(system) {
      await system.sell(10_000);
      await system.sell(20_000);
      const { stan } = system.cashier.lastTransaction() ?? { stan: '' };
      const dialog = { signal: new AbortController().signal, progress: () => {}, confirm: async () => true };
      expect(await system.cashier.void(stan, '123456', dialog)).toMatchObject({ kind: 'approved' });
      expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
      expect(desk(system).byNo('000001')).toMatchObject({
        records: 1,
        totals: { domestic: { debitCount: 1, debitFen: 10_000, creditCount: 0, creditFen: 0 } },
      });
    },
  });
});

describe('批次已满', () => {
  scenarios({
    given: 'upstream allows five records in a batch',
    expect: 'a warning from the fourth, a demand with the fifth, and the sixth sale is refused; a close ends it',
    system: { hostParameters: { 'batch.maxRecords': 5 } },
    async play(system) {
      const alert = () => system.cashier.status().batchAlert;
      for (let n = 0; n < 3; n++) await system.sell(10_000);
      expect(alert()).toBeUndefined();
      await system.sell(10_000);
      expect(alert()).toEqual({ is: 'nearly-full', count: 4, limit: 5 });
      await system.sell(10_000);
      expect(alert()).toEqual({ is: 'full', count: 5, limit: 5 });
      expect(await refusal(() => system.sell(10_000))).toBe('BATCH_FULL');
      await system.closeBatch();
      await system.ready();
      expect(alert()).toBeUndefined();
      expect(await system.sell(10_000)).toMatchObject({ kind: 'approved' });
    },
  });
  scenarios({
    given: 'sums of a batch that have no room for the largest sale',
    expect: 'a demand, and the next sale is refused',
    async play(system) {
      await system.sell(10_000);
      system.db.exec("UPDATE batch SET domestic_debit_fen = 999000000001 WHERE no = '000001'");
      expect(system.cashier.status().batchAlert).toEqual({ is: 'too-large' });
      expect(await refusal(() => system.sell(10_000))).toBe('BATCH_FULL');
      system.db.exec("UPDATE batch SET domestic_debit_fen = 10000 WHERE no = '000001'");
    },
  });
});
