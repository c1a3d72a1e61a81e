import { afterEach, describe, expect, test } from 'vitest';
import { shanghai } from '../../../terminal/base/clock.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { consoleDesks } from '../../../terminal/flows/console-desks.ts';
import { applyNews } from '../../../terminal/flows/upstream-news.ts';
import { newDifference } from '../../../terminal/settlement/difference.ts';
import { insertDifference } from '../../../terminal/settlement/reconcile-store.ts';
import type { User } from '../../../terminal/users/user.ts';
import { both, hourMs, newSettler, type Settler, settleAll, settled, takeCode } from './settler.ts';

/** What the overview warns of, and what stands among the things to do. 100.00 by code bring 99.62. */

const main: User = { no: 'boss', role: 'M' };

let at: Settler | undefined;
const begin = async (time: string, mode: string, options = {}): Promise<Settler> => {
  at = await newSettler(time, mode, options);
  return at;
};
afterEach(async () => {
  await at?.system.stop();
  at = undefined;
});

const desks = ({ system }: Settler) => consoleDesks(system.terminal.world);
const alertsOf = async (it: Settler, by: User = both) => (await desks(it).look.overview(by)).alerts;
const codes = async (it: Settler, by: User = both) => (await alertsOf(it, by)).map(({ code }) => code);
const todo = (it: Settler, by: User = both) => desks(it).look.todo(by);
const kinds = (it: Settler, by: User = both) => todo(it, by).map(({ kind }) => kind);

describe('B-004: what is due and can not be settled is an alert', () => {
  test('without an account: from the cut on, until it is settled by hand', async () => {
    const it = await begin('2026-11-16T22:50', 'AUTO', { hostMerchant: { account: null } });
    await takeCode(it.system, 10_000);
    expect(await codes(it)).toEqual([]);
    await it.clock.advance(hourMs / 2);
    const blocked = "SELECT count(*) FROM audit WHERE action = 'settle' AND outcome = 'refused'";
    await it.system.eventually('blocked', () => it.system.count(blocked) === 1);
    expect(await alertsOf(it, main)).toMatchObject([
      { level: 'error', code: 'NO_SETTLE_ACCOUNT', page: 'settlement', zh: expect.stringContaining('未能自动进行') },
    ]);
    await it.system.host.command({ command: 'set-mode', mode: 'MANUAL' });
    await it.system.eventually('by hand', () => it.desk().home(both).mode.mode === 'MANUAL');
    expect(await codes(it)).toEqual([]);
  });

  test.each([
    ['AGREEMENT_REQUIRED', { agreementInForce: '2027-01' }],
    ['PROFILE_INCOMPLETE', { contact: null }],
    ['ID_EXPIRED', { idValidUntil: '2026-11-15' }],
  ])('in real time: %s, until it is mended; then it is settled', async (code, change) => {
    const it = await begin('2026-11-16T10:00', 'REALTIME');
    await it.system.host.command({ command: 'set-profile', ...change });
    await it.system.eventually('told', () => it.desk().home(both).obstacles[0] === code);
    expect(await codes(it)).toEqual([]);
    await takeCode(it.system, 10_000);
    await it.system.atRest();
    expect(await codes(it)).toEqual([code]);
    const mended = { agreementInForce: '2026-01', contact: '王', idValidUntil: null };
    await it.system.host.command({ command: 'set-profile', ...mended });
    await settled(it.system, 'REALTIME 9962 SUCCESS');
    expect(await codes(it)).toEqual([]);
  });
});

describe('reconciliation', () => {
  const day = '2026-11-15';
  function plant({ system }: Settler, count: number): void {
    const nothing = { batch: null, entry: null, stan: null, txn: null, channel: null } as const;
    const sides = { here: 'PAID', there: 'VOIDED', hereFen: 1, thereFen: 1, deltaFen: 0 };
    inTransaction(system.db, (tx) => {
      for (let n = 0; n < count; n++)
        insertDifference(
          tx,
          newDifference({ ...nothing, ...sides, no: `D${n}`, date: day, kind: 'state', payment: `P${n}` }, n),
        );
    });
  }

  test('a main account sees a blocked bill and the differences too, however many, and who examines them', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    plant(it, 201);
    it.system.db.exec(`INSERT INTO bill_run (date, version, state, sha256, bytes, rows, gross_fen, fee_fen, made_at, heard_at, problem)
      VALUES ('${day}', 1, 'BLOCKED', 'x', 1, 1, 1, 1, 1, 1, 'BAD_SUM')`);
    expect(await codes(it, main)).toEqual(['BILL_BLOCKED', 'DIFFERENCES']);
    expect((await alertsOf(it, main))[1]?.zh).toContain('201');
    expect(todo(it, main)[0]).toMatchObject({ kind: 'difference', nextZh: '请结算操作员核查' });
    expect(todo(it)[0]).toMatchObject({ kind: 'difference', nextZh: '请核查并说明' });
  });

  test('a decided difference that waits for money says so, and for how much', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    plant(it, 1);
    const body = { decision: 'missing-refund', record: { amountFen: 1_000, feeFen: 6 } };
    it.system.db.prepare("UPDATE difference SET state = 'INVESTIGATING', waits = ?").run(JSON.stringify({ body }));
    expect(desks(it).reconciliation.differences(both, true, 1)[0]).toMatchObject({ waits: { needsFen: 994 } });
    expect(todo(it)[0]?.nextZh).toContain('余额足够后');
  });

  test('the mirror: until the host accepts an instruction again', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    await takeCode(it.system, 10_000);
    await it.system.atRest();
    const body = { no: 'differs:1', at: 1, seq: 1, account: '2002', bookFen: 1, mirrorFen: 2 };
    const { clock } = it.system.terminal.world;
    inTransaction(it.system.db, (tx) =>
      applyNews(tx, clock, { kind: 'mirror-differs', seq: 900, id: 'differs:1', body }),
    );
    expect(await codes(it)).toEqual(['MIRROR_DIFFERS']);
    settleAll(it, 'x');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
    expect(await codes(it)).toEqual([]);
  });
});

describe('things to do', () => {
  test('a settlement that failed, until a later one took all of its money', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    await takeCode(it.system, 10_000);
    await it.system.host.fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
    settleAll(it, 'a');
    await settled(it.system, 'MANUAL 9962 FAILED');
    expect(todo(it)).toMatchObject([{ kind: 'settlement', zh: '结算失败: 银行拒绝' }]);
    settleAll(it, 'b', 4_000);
    await settled(it.system, 'MANUAL 9962 FAILED', 'MANUAL 4000 SUCCESS');
    expect(kinds(it)).toEqual(['settlement']);
    settleAll(it, 'c');
    await settled(it.system, 'MANUAL 9962 FAILED', 'MANUAL 4000 SUCCESS', 'MANUAL 5962 SUCCESS');
    expect(kinds(it)).toEqual([]);
  });

  test('a batch in error is no overdue clearing', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    it.system.db.exec(`UPDATE batch SET state = 'NEEDS_HUMAN'`);
    expect(kinds(it)).toEqual(['batch']);
    it.system.db.exec(`UPDATE batch SET state = 'OPEN'`);
  });

  test('a file that could not be made, until the same is asked for again', async () => {
    const it = await begin('2026-11-16T10:00', 'MANUAL');
    const { day } = shanghai(it.clock.now());
    const ask = { kind: 'transactions', format: 'csv', from: day, to: day, language: 'zh' } as const;
    const { id } = desks(it).exports.begin(both, ask);
    it.system.db.prepare("UPDATE export SET state = 'FAILED', problem = 'DISK_FULL' WHERE id = ?").run(id);
    expect(kinds(it)).toEqual(['export']);
    desks(it).exports.begin(both, { ...ask, format: 'xlsx' });
    expect(kinds(it)).toEqual(['export']);
    await it.clock.advance(1_000);
    desks(it).exports.begin(both, ask);
    expect(kinds(it)).toEqual([]);
  });
});
