import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions, unionPayCard } from '../../support/terminal.ts';

/** The book is lost while something of each kind is not at its end: it comes back, goes on, and both books agree (P-26). */

interface Case {
  readonly when: string;
  readonly system?: TestSystemOptions;
  /** Brings it there; returns how to end it. */
  readonly begin: (system: TestSystem) => Promise<(system: TestSystem) => Promise<void>>;
  /** How it stands when it is back, before it ends. */
  readonly back?: readonly [sql: string, count: number];
  /** How it ended. */
  readonly ended: readonly [sql: string, count: number];
}

const dialogOf = (system: TestSystem) => ({
  signal: new AbortController().signal,
  progress: (step: { readonly at: string }) => {
    if (step.at === 'card') system.devices.reader.present(unionPayCard);
  },
  confirm: async () => true,
});
const { signal } = new AbortController();
const nothing = async (): Promise<void> => {};
const payments = (where: string): string => `SELECT count(*) FROM payment WHERE ${where}`;
const lastPayment = (system: TestSystem): string => system.cashier.lastTransaction()?.payment ?? '';
const upIs = (system: TestSystem, kind: string) =>
  system.eventually(
    `${kind} is up`,
    () => system.host.count("SELECT count(*) FROM inbox WHERE kind = ? AND state = 'applied'", kind) > 0,
  );

/** What comes from above is lost on the way from now on, until the terminal is stopped. */
function deafen(system: TestSystem): () => void {
  return system.wire.rule(({ towards, topic }) =>
    towards === 'client' && topic.endsWith('/down/rows') ? 'drop' : undefined,
  );
}

async function whileDeaf(system: TestSystem, kind: string, work: () => Promise<unknown>): Promise<void> {
  const hear = deafen(system);
  await work();
  await upIs(system, kind);
  await system.stopTerminal();
  hear();
}

const cases: readonly Case[] = [
  {
    when: 'an offline sale waits for its result',
    system: { hostParameters: { 'offline.enabled': true } },
    begin: async (system) => {
      await whileDeaf(system, 'store-sale', () => system.cashier.stored.sale(fen(700), dialogOf(system)));
      return nothing;
    },
    ended: [payments("txn = 'stored-sale' AND state = 'PAID'"), 1],
  },
  {
    when: 'a completion by advice waits for its result',
    begin: async (system) => {
      await system.cashier.preauth(fen(6_000), dialogOf(system));
      const { stan = '' } = system.cashier.lastTransaction() ?? {};
      await system.atRest();
      await whileDeaf(system, 'complete-by-advice', () => system.cashier.stored.advise(stan, fen(6_000)));
      return nothing;
    },
    ended: [payments("(txn = 'completion-advice' AND state = 'PAID') OR (txn = 'preauth' AND state = 'COMPLETED')"), 2],
  },
  {
    when: 'a refund is being decided',
    system: { hostParameters: { 'host.refundDecision': 'manual' } },
    begin: async (system) => {
      await system.earn(10_000);
      const payment = lastPayment(system);
      const gone = new AbortController();
      const order = { payment, amount: fen(4_000), secret: '123456' };
      await system.cashier.refunds.refund(order, gone.signal, ({ at }) => at === 'processing' && gone.abort());
      const { no = '' } = system.cashier.refunds.list(1)[0] ?? {};
      return async (after) => {
        await after.host.command({ command: 'refund-decide', no, outcome: 'succeeded' });
        await after.eventually('it succeeded', () => after.cashier.refunds.list(1)[0]?.state === 'SUCCESS');
      };
    },
    back: ["SELECT count(*) FROM refund WHERE state = 'PROCESSING'", 1],
    ended: [payments("state = 'PARTLY_REFUNDED'"), 1],
  },
  {
    when: 'a settlement is being decided',
    system: { hostParameters: { 'host.settleDecision': 'manual' } },
    begin: async (system) => {
      await system.earn(10_000);
      const gone = new AbortController();
      const counter = await system.supervisor();
      await counter.settle(
        fen(5_000),
        counter.settlementOffer(),
        gone.signal,
        ({ at }) => at === 'processing' && gone.abort(),
      );
      const { no = '' } = counter.settlements()[0] ?? {};
      return async (after) => {
        await after.host.command({ command: 'settle-decide', no, outcome: 'succeeded' });
        await after.eventually('it succeeded', () => after.cashier.settlements()[0]?.state === 'SUCCESS');
      };
    },
    back: ["SELECT count(*) FROM settlement WHERE state = 'PROCESSING'", 1],
    ended: ["SELECT count(*) FROM settlement WHERE state = 'SUCCESS'", 1],
  },
  {
    when: 'a void of what had cleared at once has no answer',
    system: { hostParameters: { 'settle.cardCycle': 'real-time' }, limits: { hostWaitMs: 400 } },
    begin: async (system) => {
      await system.sell(10_000);
      await system.sell(10_000);
      const { stan = '' } = system.cashier.lastTransaction() ?? {};
      await system.host.fault({ kind: 'drop-answer', of: 'void', times: 1 });
      const off = system.wire.rule(({ payload }) => (payload.includes('"kind":"reverse"') ? 'drop' : undefined));
      expect(await system.cashier.void(stan, '123456', dialogOf(system))).toMatchObject({ kind: 'unknown' });
      await upIs(system, 'payment-recorded');
      await system.stopTerminal();
      off();
      return (after) =>
        after.eventually('it is reversed', () => after.count(payments("txn = 'void' AND state = 'REVERSED'")) === 1);
    },
    ended: [payments("txn = 'sale' AND state = 'CLEARED'"), 2],
  },
  {
    when: 'a customer has paid by code, and the answer is lost',
    begin: async (system) => {
      const off = system.wire.rule(({ towards, topic }) =>
        towards === 'client' && topic.endsWith('/down/auth') ? 'drop' : undefined,
      );
      const gone = new AbortController();
      const sale = system.cashier.codes.sale(
        fen(3_000),
        { by: 'customer-shows', typed: '130000000000000018' },
        gone.signal,
        () => {},
      );
      await system.eventually(
        'the host has it',
        () => system.host.count("SELECT count(*) FROM approvals WHERE txn = 'code-sale'") === 1,
      );
      // Nor does it close the order on its way out.
      system.wire.block();
      gone.abort();
      await system.stopTerminal();
      await sale.catch(() => {});
      system.wire.unblock();
      off();
      return nothing;
    },
    ended: [payments("txn = 'code-sale' AND state = 'CLEARED'"), 1],
  },
  {
    when: 'a pre-authorisation is held',
    begin: async (system) => {
      await system.cashier.preauth(fen(6_000), dialogOf(system));
      const { stan = '' } = system.cashier.lastTransaction() ?? {};
      await system.atRest();
      return async (after) => {
        expect(after.count("SELECT count(*) FROM due_work WHERE kind = 'preauth-expiry'")).toBe(1);
        await after.ready();
        await after.cashier.completion({ by: 'voucher', stan }, fen(6_000), dialogOf(after));
      };
    },
    back: [payments("state = 'HELD' AND valid_until IS NOT NULL"), 1],
    ended: [payments("state = 'COMPLETED'"), 1],
  },
  {
    when: 'a payment that has not cleared is frozen',
    system: { hostParameters: { clearing: 'manual' } },
    begin: async (system) => {
      await system.sell(10_000);
      await system.atRest();
      await system.host.command({ command: 'freeze', payment: lastPayment(system), amountFen: 4_000 });
      await system.atRest();
      return async (after) => {
        await after.closeBatch();
        await after.atRest();
        await after.host.command({ command: 'clear-batch', batch: '000001' });
        await after.atRest();
      };
    },
    back: ["SELECT count(*) FROM freeze WHERE state = 'FLAGGED'", 1],
    ended: ["SELECT count(*) FROM freeze WHERE state = 'FROZEN'", 1],
  },
  {
    when: 'a card that clears at once was frozen before its answer came, and another one gave money',
    system: { hostParameters: { 'settle.cardCycle': 'real-time' } },
    begin: async (system) => {
      await system.sell(20_000);
      await system.atRest();
      await system.host.fault({ kind: 'delay-answer', of: 'sale', ms: 600 });
      const sold = system.sell(10_000);
      await system.eventually('approved there', () => system.host.count('SELECT count(*) FROM approvals') === 2);
      await system.host.command({ command: 'freeze', payment: lastPayment(system), amountFen: 4_000 });
      await sold;
      await system.atRest();
      return async (after) => {
        const [row] = after.host.rows('SELECT no FROM freezes');
        await after.host.command({ command: 'unfreeze', no: row?.['no'] });
      };
    },
    back: ["SELECT sum(balance_fen) FROM balance WHERE account LIKE '2004:%'", 4_000],
    ended: ["SELECT count(*) FROM freeze WHERE state = 'RELEASED'", 1],
  },
  {
    when: 'a freeze waits for money that comes later',
    begin: async (system) => {
      await system.earn(10_000);
      const payment = lastPayment(system);
      await system.settle();
      await system.host.command({ command: 'freeze', payment, amountFen: 8_000 });
      await system.atRest();
      return async (after) => {
        await after.ready();
        await after.sell(20_000);
        await after.closeBatch();
        await after.atRest();
      };
    },
    back: ['SELECT count(*) FROM freeze_rest WHERE rest_fen = 8000', 1],
    ended: [
      "SELECT (SELECT count(*) FROM freeze_rest) * 10 + (SELECT balance_fen = 8000 FROM balance WHERE account LIKE '2004:%')",
      1,
    ],
  },
  {
    when: 'a reversal needs a person',
    system: { limits: { hostWaitMs: 400, maxReversalRefusals: 1 } },
    begin: async (system) => {
      await system.host.fault({ kind: 'decline', of: 'reverse', code: '96', times: 1 });
      await system.sell(10_098);
      const { stan = '' } = system.cashier.lastTransaction() ?? {};
      await upIs(system, 'reversal-ended');
      await system.atRest();
      return async (after) => {
        expect(await after.cashier.batches.resumeReversal(stan, signal, '123456')).toBe('ended');
      };
    },
    back: [payments("state = 'NEEDS_HUMAN'"), 1],
    ended: [payments("state = 'REVERSED'"), 1],
  },
];

async function lose(system: TestSystem): Promise<void> {
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  await system.eventually('the book is back', () => restoreReport(system.db)?.state === 'restored');
  expect(restoreReport(system.db)).toMatchObject({ problems: 0, problem: null });
}

/** Closes what is open: the lists agree. */
async function closes(system: TestSystem): Promise<void> {
  await system.ready();
  expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
  expect(await system.problems()).toEqual([]);
}

describe('a book that is lost', () => {
  it.each(cases)('when $when', async ({ system: options, begin, back, ended }) => {
    const system = await startTestSystem(options);
    try {
      const end = await begin(system);
      await lose(system);
      if (back) expect(system.count(back[0])).toBe(back[1]);
      await system.eventually('online', () => system.cashier.status().link === 'online');
      await end(system);
      await system.eventually('it ended', () => system.count(ended[0]) === ended[1]);
      await closes(system);
    } finally {
      await system.stop();
    }
  });
});

/** Each state of a close; what is lost on the way keeps it there. */
const moments = [
  { state: 'COMPARING', balanced: true, lose: 'client', kind: 'batch-verdict' },
  { state: 'UPLOADING', balanced: false, lose: 'broker', kind: 'batch-record' },
  { state: 'ENDING', balanced: true, lose: 'broker', kind: 'batch-end' },
  { state: 'ENDING', balanced: true, lose: 'client', kind: 'batch-closed' },
  { state: 'ENDING', balanced: false, lose: 'broker', kind: 'batch-end' },
  { state: 'CLEAR_DUE', balanced: true, lose: undefined, kind: '' },
  { state: 'NEEDS_HUMAN', balanced: true, lose: undefined, kind: '' },
] as const;

describe('a book that is lost in a close', () => {
  it.each(moments)(
    'that is $state, balanced: $balanced, without $kind',
    async ({ state, balanced, lose: towards, kind }) => {
      const system = await startTestSystem();
      try {
        if (!balanced) await system.host.fault({ kind: 'forget-approval' });
        if (state === 'NEEDS_HUMAN') await system.host.fault({ kind: 'verdict-error' });
        for (const amountFen of [10_000, 20_000, 30_000]) await system.sell(amountFen);
        await system.eventually('every record is up', () => system.cashier.status().waitingRows === 0);
        const off = system.wire.rule((message) =>
          message.towards === towards && message.topic.endsWith('/rows') && message.payload.includes(kind)
            ? 'drop'
            : undefined,
        );
        const face = new AbortController();
        const left = system.closeBatch(() => {}, face.signal);
        await system.eventually(`it is ${state}`, () => system.cashier.status().batch?.state === state);
        face.abort();
        await left;
        await system.stopTerminal();
        off();
        await lose(system);
        if (state === 'NEEDS_HUMAN') {
          await system.host.command({ command: 'decide-batch', batch: '000001' });
          await system.eventually('it is decided', () => system.cashier.batches.byNo('000001')?.isDecided === true);
          await lose(system);
          await system.eventually('it is decided', () => system.cashier.batches.byNo('000001')?.isDecided === true);
          await system.cashier.batches.resume('123456');
        }
        await system.eventually('it is closed', () => system.cashier.batches.byNo('000001')?.state === 'CLOSED');
        await system.ready();
        expect(await system.problems()).toEqual([]);
        expect(system.host.count("SELECT count(*) FROM inbox WHERE state = 'quarantined'")).toBe(0);
        expect(system.cashier.status().batch).toMatchObject({ no: '000002', state: 'OPEN' });
      } finally {
        await system.stop();
      }
    },
  );
});
