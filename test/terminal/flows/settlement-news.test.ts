import { beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { keepMerchantRecord } from '../../../terminal/base/merchant-record.ts';
import { fen } from '../../../terminal/base/money.ts';
import { settleByItself } from '../../../terminal/flows/settle-at-once.ts';
import { applyNews } from '../../../terminal/flows/upstream-news.ts';
import { post } from '../../../terminal/ledger/post.ts';
import { newSettlement, type Settlement } from '../../../terminal/settlement/settlement.ts';
import { insertSettlement, saveAccount, updateSettlement } from '../../../terminal/settlement/store.ts';
import { clear, sale, settle } from '../ledger/book.ts';
import { newTill, type Till } from '../till.ts';
import { worldOf } from './bill-rig.ts';

/** Who is told of what became of a settlement (N-07, B-048). */

let till: Till;
beforeEach(() => {
  till = newTill();
  const account = {
    version: 1,
    state: 'ACTIVE',
    name: '账平',
    maskedNumber: '*1',
    bank: '工行',
    destination: 'bank',
  } as const;
  inTransaction(till.db, (tx) => saveAccount(tx, { ...account, reason: null }, 1));
});

function asked(mode: Settlement['mode']): Settlement {
  const made = newSettlement({
    no: 'S1',
    mode,
    amountFen: fen(100),
    accountVersion: 1,
    requestedBy: 'SYS',
    requestedAt: 1,
  });
  inTransaction(till.db, (tx) => {
    post(tx, sale('A', 101));
    post(tx, clear('A', 101, 1));
    insertSettlement(tx, made);
    post(tx, settle('S1', 100));
  });
  return made;
}

let seq = 0;
function hear(outcome: 'refused' | 'failed', reason: string): void {
  seq += 1;
  const nothing = { limit: null, hostRef: null, transferRef: null, valueDate: null, serviceFeeFen: 0 };
  const body = { ...nothing, no: 'S1', at: 1, outcome, reason, rev: 5 };
  inTransaction(till.db, (tx) => applyNews(tx, till.clock, { kind: 'settle-result', seq, id: `r${seq}`, body }));
}

const told = () => till.db.prepare("SELECT count(*) FROM notice WHERE text = 'N-07'").pluck().get();

describe('N-07: a settlement that failed is told once', () => {
  test.each([
    ['AUTO', 'failed', 'ACCOUNT_CLOSED', 1],
    ['AUTO', 'failed', 'NAME_MISMATCH', 1],
    ['AUTO', 'failed', 'BANK_REFUSED', 1],
    ['REALTIME', 'failed', 'ACCOUNT_CLOSED', 1],
    ['MANUAL', 'refused', 'FEE_EXCEEDS_AMOUNT', 1],
    ['AUTO', 'refused', 'NO_SETTLE_ACCOUNT', 0],
  ] as const)('%s %s (%s): %i at once', (mode, outcome, reason, times) => {
    asked(mode);
    hear(outcome, reason);
    expect(told()).toBe(times);
  });

  test('what was refused and is not built anew because the mode is over is told then', async () => {
    asked('AUTO');
    hear('refused', 'MIRROR_DIFFERS');
    const cycle = { every: 'DAILY' } as const;
    inTransaction(till.db, (tx) => keepMerchantRecord(tx, 'mode', 2, { mode: 'MANUAL', cycle }));
    const world = worldOf(till.db, till.clock);
    await settleByItself(world);
    expect(told()).toBe(0); // rev 5 is not here
    inTransaction(till.db, (tx) =>
      tx.db.exec("INSERT INTO setting VALUES ('rev', '5') ON CONFLICT DO UPDATE SET value = '5'"),
    );
    await settleByItself(world);
    await settleByItself(world);
    expect(told()).toBe(1);
  });

  test('and where nothing is left to build it anew of', async () => {
    const made = asked('REALTIME');
    const mode = { mode: 'REALTIME', cycle: { every: 'DAILY' } } as const;
    inTransaction(till.db, (tx) => keepMerchantRecord(tx, 'mode', 2, mode));
    const refused = { ...made, state: 'FAILED', againFromRev: 0, endedAt: 1, reason: 'INSUFFICIENT_BALANCE' } as const;
    inTransaction(till.db, (tx) => updateSettlement(tx, refused));
    // Its money is still held here: 2002 has nothing.
    await settleByItself(worldOf(till.db, till.clock));
    expect(told()).toBe(1);
    expect(till.db.prepare('SELECT count(*) FROM settlement').pluck().get()).toBe(1);
  });
});
