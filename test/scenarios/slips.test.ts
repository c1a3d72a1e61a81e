import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { refund } from './books.ts';
import { type Scenario, scenarios } from './scenario.ts';
import { approvedTxn, completion, dialogOf, preauth, sale, slipTypes, takeBack } from './transactions.ts';

/** Every slip of payments.md as it comes out of the printer, again by its voucher, and what prints by itself because somebody must act. */

const { signal } = new AbortController();
const reprint = (system: TestSystem, stan: string) => system.cashier.reprint({ kind: 'stan', stan }, signal);

/** What came out since `before` slips were there. */
const since = (system: TestSystem, before: number): readonly string[] =>
  system
    .slips()
    .slice(before)
    .map((slip) => slip.join('\n'));

const sellByCode = (system: TestSystem, face = new AbortController().signal) =>
  system.cashier.codes.sale(fen(5_000), { by: 'customer-shows', typed: '134567890123456789' }, face, () => undefined);

const storeSale = (system: TestSystem, amountFen: number) =>
  system.cashier.stored.sale(fen(amountFen), {
    ...dialogOf(system),
    progress: (step) => step.at === 'card' && system.devices.reader.present(unionPayCard),
  });

const newest = (system: TestSystem, table: 'payment' | 'refund'): string =>
  system.db.prepare<[], string>(`SELECT stan FROM ${table} ORDER BY no DESC LIMIT 1`).pluck().get() ?? '';

/** The stan of one of each kind. */
async function oneOfEach(system: TestSystem): Promise<readonly (readonly [stan: string, type: string])[]> {
  const sold = await sale(system, 10_000);
  await refund(system, 4_000);
  const refunded = newest(system, 'refund');
  const voided = approvedTxn(await takeBack(system, 'void', (await sale(system, 20_000)).stan));
  const held = approvedTxn(await preauth(system, 30_000));
  const completed = approvedTxn(await completion(system, held.stan, 30_000));
  const undone = approvedTxn(await takeBack(system, 'completionVoid', completed.stan));
  const released = approvedTxn(await takeBack(system, 'preauthVoid', held.stan));
  await sellByCode(system);
  const byCode = newest(system, 'payment');
  return [
    [sold.stan, '消费 SALE'],
    [refunded, '退货 REFUND'],
    [voided.stan, '撤销 VOID'],
    [held.stan, '预授权 AUTH'],
    [completed.stan, '授权完成 COMP'],
    [undone.stan, '完成撤销 VOID'],
    [released.stan, '授权撤销 VOID'],
    [byCode, '扫码 QR SALE'],
  ];
}

const again: Scenario = {
  given: 'one of each kind, and each is printed again by its voucher',
  expect: 'its own slip, both copies marked as duplicates, and counted',
  async play(system) {
    for (const [stan, type] of await oneOfEach(system)) {
      const before = system.slips().length;
      await reprint(system, stan);
      expect(slipTypes(system).slice(-2)).toEqual([type, type]);
      for (const copy of since(system, before)) {
        expect(copy).toContain('****重打印/DUPLICATED****');
        expect(copy).toMatch(new RegExp(`凭证号\\(VOUCHER NO\\) +${stan}`));
      }
      expect(system.cashier.transaction(stan)).toMatchObject({ prints: 2 });
    }
    await system.cashier.reprint({ kind: 'last' }, signal);
    expect(slipTypes(system).at(-1)).toBe('扫码 QR SALE');
    expect(await refusal(() => reprint(system, '999999'))).toBe('NOT_FOUND');
    const wallet = since(system, 0).at(-1);
    expect(wallet).toMatch(/付款凭证号\(PAYMENT NO\)\n +4200\d{24}/);
    expect(wallet).toMatch(/发卡行\(ISSUER\) +微信支付\n收单行\(ACQUIRER\) +账平参考主机/);
  },
};

describe('重打任意一笔', () => scenarios(again));

const allowed = { hostParameters: { 'offline.enabled': true } };

describe('离线', () => {
  scenarios(
    {
      given: 'an offline sale, printed before and after its result',
      expect: 'first that it is sent later, then its authorisation',
      system: allowed,
      async play(system) {
        await storeSale(system, 8_800);
        expect(since(system, 0).join('\n')).toMatch(/离线交易 OFFLINE TRANSACTION\n稍后上送[\s\S]*免密免签/);
        await system.atRest();
        const before = system.slips().length;
        await reprint(system, newest(system, 'payment'));
        const [copy = ''] = since(system, before);
        expect(copy).toMatch(/授权码\(AUTH NO\) +\d{6}/);
        expect(copy).not.toContain('稍后上送');
      },
    },
    {
      given: 'an offline sale that the host refuses',
      expect: 'its voucher prints a fault slip, and the slip of the batch has it among what failed',
      system: allowed,
      async play(system) {
        await system.host.fault({ kind: 'forward-refuse', code: '51' });
        await storeSale(system, 8_800);
        await system.atRest();
        await reprint(system, newest(system, 'payment'));
        expect(since(system, 0).at(-1)).toMatch(/故障单[\s\S]*88\.00[\s\S]*CODE[_ ]51[\s\S]*未入账/);
        await system.closeBatch();
        expect(since(system, 0).at(-1)).toMatch(/失败明细[^\n]*\n\d{6} 离线被拒 REFUSED\n +应答码 CODE 51 +88\.00/);
      },
    },
  );
});

describe('故障单 by itself', () => {
  const faults = (system: TestSystem): readonly string[] => since(system, 0).filter((slip) => slip.includes('故障单'));
  scenarios(
    {
      given: 'a refund that was accepted fails when nobody stands there any more',
      expect: 'one fault slip; by its voucher another; the batch has it among what failed',
      system: { hostParameters: { 'host.refundDecision': 'manual' } },
      async play(system) {
        await system.sell(10_000);
        const face = new AbortController();
        void refund(system, 4_000, { signal: face.signal }).catch(() => undefined);
        await system.eventually(
          'accepted',
          () => system.count("SELECT count(*) FROM refund WHERE state = 'PROCESSING'") === 1,
        );
        face.abort();
        const no = system.db.prepare<[], string>('SELECT max(no) FROM refund').pluck().get();
        await system.host.command({ command: 'refund-decide', no, outcome: 'failed' });
        await system.eventually('the fault slip', () => faults(system).length === 1);
        expect(faults(system)[0]).toMatch(/40\.00[\s\S]*退货失败,款未退给顾客/);
        await reprint(system, newest(system, 'refund'));
        expect(faults(system)).toHaveLength(2);
        await system.closeBatch();
        expect(since(system, 0).at(-1)).toMatch(/\d{6} 退货未付 NOT PAID OUT\n[^\n]*40\.00/);
      },
    },
    {
      given: 'nobody knows for two minutes what became of a code sale, and there is no paper',
      expect: 'a fault slip as soon as there is; later the sale has its end and no fault',
      system: { limits: { orderQueryMs: 20, hostWaitMs: 250, reversalWaitMs: 250 } },
      async play(system) {
        const face = new AbortController();
        const sold = system.cashier.codes.sale(
          fen(5_000),
          { by: 'customer-shows', typed: '134567890123456789' },
          face.signal,
          (step) => {
            if (step.at === 'host') system.wire.block();
            if (step.at === 'unknown') face.abort();
          },
        );
        expect(await sold).toMatchObject({ kind: 'unknown' });
        expect(faults(system)).toEqual([]);
        system.devices.printer.set({ paper: 'out' });
        const dueAt = system.db.prepare("UPDATE due_work SET due_at = 0 WHERE kind = 'fault-slip'");
        expect(dueAt.run().changes).toBe(1);
        await system.eventually(
          'tried in vain',
          () => system.count("SELECT attempts FROM due_work WHERE kind = 'fault-slip'") > 0,
        );
        expect(faults(system)).toEqual([]);
        system.devices.printer.set({ paper: 'ok' });
        await system.eventually('the fault slip', () => faults(system).length === 1);
        expect(faults(system)[0]).toMatch(/50\.00[\s\S]*扫码结果未知/);
        system.wire.unblock();
        await system.eventually(
          'ended',
          () => system.count("SELECT count(*) FROM payment WHERE state = 'UNKNOWN'") === 0,
        );
        expect(await refusal(() => reprint(system, newest(system, 'payment')))).toBe('ILLEGAL_STATE');
        await system.ready();
        expect(faults(system)).toHaveLength(1);
      },
    },
  );
});

describe('净额 profile', () => {
  scenarios({
    given: 'a sale that was voided, and one that stands',
    expect: 'the slip of the batch counts one, and says what it leaves out',
    system: { hostParameters: { profile: 'net' } },
    async play(system) {
      await takeBack(system, 'void', (await sale(system, 10_000)).stan);
      await sale(system, 5_000);
      await system.closeBatch();
      const slip = since(system, 0).at(-1);
      expect(slip).toMatch(
        /合计 TOTAL\n借记 DEBIT +1 +50\.00\n贷记 CREDIT +0 +0\.00\n净额 NET +50\.00\n撤销1笔及其原交易不计/,
      );
    },
  });
});

describe('交易明细 and 交易汇总', () => {
  scenarios({
    given: 'one of each kind',
    expect: 'what counts, a record a voucher; the types with their sums, what is left, and the fees',
    async play(system) {
      await oneOfEach(system);
      await system.cashier.reprint({ kind: 'details' }, signal);
      const details = since(system, 0).at(-1) ?? '';
      const records = details.split('\n').flatMap((line) => /^\d{6} (\S+) /.exec(line)?.[1] ?? []);
      expect(records).toEqual(['消费', '退货', '消费', '撤销', '完成', '完撤', '扫码']);
      expect(details).toMatch(/^\d{6} 消费 622202\*{9}0128\n\d{6} +100\.00$/m);
      expect(details).toMatch(/^\d{6} 退货 622202\*{9}0128\n- +-40\.00$/m);
      expect(details).toMatch(/^\d{6} 扫码 微信\n- +50\.00$/m);
      expect(details).toMatch(/合计 TOTAL\n借记 DEBIT +4 +650\.00\n贷记 CREDIT +3 +540\.00\n净额 NET +110\.00/);
      await system.cashier.reprint({ kind: 'summary' }, signal);
      const summary = since(system, 0).at(-1) ?? '';
      expect(summary).toMatch(/消费 SALE\n 挥卡 TAP +2 +300\.00/);
      expect(summary).toMatch(/退货 REFUND\n 挥卡 TAP +1 +40\.00/);
      expect(summary).toMatch(/扫码 CODE SALE\n 微信 WECHAT +1 +50\.00/);
      // 38 of the sale less 15 of its refund, 19 of the code.
      expect(summary).toMatch(/净额 NET +110\.00\n手续费 FEES +0\.42\n扣费后 AFTER FEES +109\.58/);
      for (const slip of [details, summary]) expect(slip).not.toContain('DUPLICATED');
    },
  });
});
