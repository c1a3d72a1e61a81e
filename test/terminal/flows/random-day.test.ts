import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { prune } from '../../../sync/host/prune.ts';
import { openHostStore } from '../../../sync/host/store.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { fen } from '../../../terminal/base/money.ts';
import { proveBackup } from '../../../terminal/flows/backup-book.ts';
import { restoreHome } from '../../../terminal/flows/restore-home.ts';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { completion, preauth, takeBack } from '../../scenarios/transactions.ts';
import { startTestSystem, type TestSystem, visaCard } from '../../support/terminal.ts';

/**
 * Random days of every transaction, from seeds: whatever is pruned at whatever moment, and whichever copy of the day is put back, the books say the same
 * afterwards.
 */

let system: TestSystem;
afterEach(() => system.stop());

/** A number below `n`; the same for a seed. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const rows = (sql: string) => system.db.prepare(sql).all();

const undone = "state = 'REVERSED'";

/** Everything that the book answers, but for what is known not to come back. */
const answers = () => ({
  // Of what came to nothing the host heard only that.
  payments:
    rows(`SELECT no, state, batch, business_date, stan, iif(${undone}, '', txn), iif(${undone}, '', original), amount_fen, discount_fen,
    fee_fen, rate_id, iif(${undone}, '', card_group), iif(${undone}, '', entry), iif(${undone}, '', card), code, rrn, auth_code, cleared,
    refunded_fen, refunded_fee_fen, ended_at FROM payment WHERE state <> 'FAILED' OR code IS NOT NULL ORDER BY no`),
  refunds: rows(
    'SELECT no, state, payment, batch, stan, amount_fen, fee_fen, source, counted, reason, rrn FROM refund ORDER BY no',
  ),
  freezes: rows('SELECT no, payment, state, amount_fen FROM freeze ORDER BY no'),
  rests: rows('SELECT freeze, rest_fen, parts FROM freeze_rest ORDER BY id'),
  batches:
    rows(`SELECT no, state, business_date, records, domestic_debit_count, domestic_debit_fen, domestic_credit_count, domestic_credit_fen,
    foreign_debit_fen, foreign_credit_fen, codes_debit_fen, codes_credit_fen, verdict, differing, next_batch, uploaded, cleared_at IS NULL
    FROM batch ORDER BY id`),
  settlements: rows(
    'SELECT no, state, amount_fen, service_fee_fen, reason, host_ref, transfer_ref, checked_by FROM settlement ORDER BY no',
  ),
  journals: rows('SELECT key, event, no, at, by FROM journal ORDER BY key'),
  balances: rows('SELECT account, balance_fen FROM balance WHERE balance_fen <> 0 ORDER BY account'),
});

const newest = (condition: string): string =>
  String(
    system.db.prepare(`SELECT stan FROM payment WHERE ${condition} ORDER BY id DESC LIMIT 1`).pluck().get() ?? '000000',
  );

async function refund(amountFen: number): Promise<void> {
  const counter = await system.supervisor();
  const stan = newest("txn = 'sale' AND state IN ('PAID', 'CLEARED', 'PARTLY_REFUNDED')");
  const { signal } = new AbortController();
  const { payment } = await counter.refunds.find({ by: 'voucher', stan }, signal);
  await counter.refunds.refund({ payment, amount: fen(amountFen) }, signal, () => {});
}

async function atHost(command: string, fields: object = {}): Promise<void> {
  const payment = system.db
    .prepare("SELECT no FROM payment WHERE state IN ('PAID', 'CLEARED') ORDER BY id DESC LIMIT 1")
    .pluck()
    .get();
  if (payment !== undefined) await system.host.command({ command, payment, amountFen: 700, ...fields });
}

const deeds: Readonly<Record<string, (amountFen: number) => Promise<unknown>>> = {
  sell: (amountFen) => system.sell(amountFen),
  'sell to a foreign card': (amountFen) => system.sell(amountFen, { card: visaCard }),
  'be declined': (amountFen) => system.sell(Math.floor(amountFen / 100) * 100 + 51),
  'lose an answer': async () => {
    await system.host.fault({ kind: 'drop-answer', of: 'sale' });
    await system.sell(3_000);
  },
  void: () => takeBack(system, 'void', newest("txn = 'sale' AND state = 'PAID'")),
  hold: (amountFen) => preauth(system, amountFen),
  complete: (amountFen) => completion(system, newest("txn = 'preauth' AND state = 'HELD'"), Math.min(amountFen, 1_000)),
  'void a hold': () => takeBack(system, 'preauthVoid', newest("txn = 'preauth' AND state = 'HELD'")),
  'void a completion': () => takeBack(system, 'completionVoid', newest("txn = 'completion' AND state = 'PAID'")),
  'refund in part': (amountFen) => refund(Math.min(amountFen, 500)),
  settle: async () => {
    const counter = await system.supervisor();
    if (counter.settlementOffer().availableFen > 100) await system.settle(100);
  },
  freeze: () => atHost('freeze'),
  'charge back': () => atHost('charge-back', { amountFen: 300 }),
  close: async () => {
    await system.closeBatch();
    await system.atRest();
    await system.ready();
  },
};
const names = Object.keys(deeds);

async function pruneBoth(): Promise<void> {
  const { world } = system.terminal;
  const future = world.clock.now() + 1;
  while (inTransaction(world.db, () => world.outbox.prune(future)) > 0);
  const store = await openHostStore(system.host.file);
  await store.transaction().execute((trx) => prune(trx, future));
  await store.destroy();
}

async function play(seed: number, pruned: boolean): Promise<readonly string[]> {
  const roll = dice(seed);
  const copies: string[] = [];
  const did: string[] = [];
  for (let step = 0; step < 22; step++) {
    const name = names[roll(names.length)] ?? '';
    const amountFen = 100 * (1 + roll(200));
    const copies2 = roll(5) === 0;
    did.push(name);
    await deeds[name]?.(amountFen).catch((error: unknown) => {
      if (!(error instanceof TerminalError) && !String(error).includes('POST /command'))
        throw new Error(`seed ${seed}: ${did.join(', ')}`, { cause: error });
    });
    if (pruned && roll(3) === 0) await pruneBoth();
    if (!copies2) continue;
    const file = join(system.home, `copy-${step}.db`);
    await system.terminal.backUp(file, () => {});
    proveBackup(file);
    copies.push(file);
  }
  await system.atRest();
  await system.eventually('no reversal is due', () => system.cashier.status().reversalsDue === 0);
  return copies;
}

it.each([11, 22, 33])(
  'a random day, pruned at random, put back from every copy of it (seed %i)',
  async (seed) => {
    system = await startTestSystem({ limits: { hostWaitMs: 600, maxRecords: 100 } });
    const copies = await play(seed, true);
    expect(await system.problems()).toEqual([]);
    const before = answers();
    for (const file of copies) {
      await system.stopTerminal();
      restoreHome(system.home, file, system.config, Date.now());
      await system.startTerminal();
      await system.ready();
      expect({ file, ...restoreReport(system.db) }).toMatchObject({ state: 'restored', problems: 0 });
      expect(await system.problems()).toEqual([]);
      expect(answers()).toEqual(before);
    }
    await system.sell(1_000);
    expect(await system.problems()).toEqual([]);
  },
  60_000,
);
