import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { SaleOutcome } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { refund, stateOf } from './books.ts';
import { scenarios, textOf } from './scenario.ts';
import { approvedTxn, dialogOf, preauth, sale, secretOf00, states } from './transactions.ts';

/** What upstream decided for a merchant, as the counter keeps it: category, instruments, risk rules, who needs 主管密码. */

const { signal } = new AbortController();
const byCode = (system: TestSystem, way: Parameters<typeof system.cashier.codes.sale>[1]) =>
  system.cashier.codes.sale(fen(10_000), way, signal, () => undefined);
const store = (system: TestSystem) => system.cashier.stored.sale(fen(1_000), dialogOf(system));
const payments = (system: TestSystem): number => system.count('SELECT count(*) FROM payment');

/** The details of a refusal. */
const details = (attempt: () => Promise<unknown>): Promise<unknown> =>
  attempt().then(
    () => 'not refused',
    (error: { readonly code?: string; readonly details?: object }) => ({ code: error.code, ...error.details }),
  );

describe('E-073 MCC', () => {
  scenarios(
    {
      given: 'a terminal that knows the registered category of its merchant',
      expect: 'every request that takes money carries it',
      system: { hostParameters: { 'merchant.mcc': '5812', 'offline.enabled': true } },
      async play(system) {
        const sent: string[] = [];
        system.wire.rule(({ topic, payload }) => {
          const text = textOf(payload);
          const kind = /"kind":"(sale|preauth|completion|code-open)"/.exec(text)?.[1];
          if (topic.endsWith('/up/auth') && kind) sent.push(`${kind} ${/"mcc":"(\d+)"/.exec(text)?.[1]}`);
          return undefined;
        });
        await sale(system, 10_000);
        const held = approvedTxn(await preauth(system, 10_000));
        await system.cashier.completion({ by: 'voucher', stan: held.stan }, fen(10_000), dialogOf(system));
        await byCode(system, { by: 'customer-shows', typed: '134567890123456789' });
        await store(system);
        expect(sent).toEqual(['sale 5812', 'preauth 5812', 'completion 5812', 'code-open 5812']);
        const body = system.db.prepare("SELECT body FROM outbox WHERE kind = 'store-sale'").pluck().get();
        expect(JSON.parse(String(body))).toMatchObject({ facts: { mcc: '5812' } });
      },
    },
    {
      given: 'a terminal that was set up with the category of another merchant (跳优惠类)',
      expect: 'MCC_MISMATCH, and nothing is begun',
      system: { config: { mcc: '5811' }, hostParameters: { 'offline.enabled': true } },
      async play(system) {
        expect(await details(() => system.sell(10_000))).toMatchObject({
          code: 'MCC_MISMATCH',
          value: '5811',
          limit: '5411',
        });
        const tries = [
          () => preauth(system, 10_000),
          () => byCode(system, { by: 'merchant-shows', instrument: 'QR_ALIPAY' }),
          () => store(system),
        ];
        for (const attempt of tries) expect(await refusal(attempt)).toBe('MCC_MISMATCH');
        expect(payments(system)).toBe(0);
      },
    },
  );
});

describe('B-018 instruments', () => {
  scenarios({
    given: 'a merchant that takes no stripe and no WeChat',
    expect: 'INSTRUMENT_NOT_SUPPORTED before anything is sent; the others are taken',
    system: { hostParameters: { 'instrument.MAG': false, 'instrument.QR_WECHAT': false } },
    async play(system) {
      expect(await details(() => system.sell(10_000, { how: 'swipe' }))).toMatchObject({
        code: 'INSTRUMENT_NOT_SUPPORTED',
        what: 'MAG',
      });
      expect(stateOf(system)).toBe('FAILED');
      const weChat = () => byCode(system, { by: 'customer-shows', typed: '134567890123456789' });
      expect(await refusal(weChat)).toBe('INSTRUMENT_NOT_SUPPORTED');
      const shown = () => byCode(system, { by: 'merchant-shows', instrument: 'QR_WECHAT' });
      expect(await refusal(shown)).toBe('INSTRUMENT_NOT_SUPPORTED');
      expect(payments(system)).toBe(1);
      await sale(system, 10_000);
      expect(await byCode(system, { by: 'customer-shows', typed: '281234567890123456' })).toMatchObject({
        kind: 'approved',
      });
    },
  });
});

describe('B-047 local rules', () => {
  const outcomeOf = async (work: Promise<SaleOutcome>) => (await work).kind;
  scenarios(
    {
      given: 'one sale may be 200.00, for cards, codes and offline',
      expect: 'RISK_BLOCKED with the rule, its value and its limit, before a card is asked for',
      system: { hostParameters: { 'risk.maxFenPerSale': 20_000, 'offline.enabled': true, 'offline.maxFen': 50_000 } },
      async play(system) {
        expect(await details(() => system.sell(20_001))).toEqual({
          code: 'RISK_BLOCKED',
          no: '',
          rule: 'sale',
          value: '200.01',
          limit: '200.00',
        });
        const stored = () => system.cashier.stored.sale(fen(20_001), dialogOf(system));
        const code = () =>
          system.cashier.codes.sale(
            fen(20_001),
            { by: 'merchant-shows', instrument: 'QR_ALIPAY' },
            signal,
            () => undefined,
          );
        for (const attempt of [stored, code]) expect(await refusal(attempt)).toBe('RISK_BLOCKED');
        expect(payments(system)).toBe(0);
        expect(await outcomeOf(system.sell(20_000))).toBe('approved');
      },
    },
    {
      given: 'two sales a minute',
      expect: 'the third in a minute is RISK_BLOCKED; what was declined does not count',
      system: { hostParameters: { 'risk.maxCountPerMinute': 2 } },
      async play(system) {
        expect(await outcomeOf(system.sell(10_051))).toBe('declined');
        await sale(system, 10_000);
        await sale(system, 10_000);
        expect(await details(() => system.sell(10_000))).toMatchObject({ rule: 'minute', value: 3, limit: 2 });
        expect(payments(system)).toBe(3);
      },
    },
    {
      given: 'a card that pays 300.00 a day here',
      expect: 'beyond it RISK_BLOCKED, and an offline sale of the card too',
      system: { hostParameters: { 'risk.maxFenPerCardDay': 30_000, 'offline.enabled': true } },
      async play(system) {
        await sale(system, 29_500);
        expect(await details(() => system.sell(501))).toMatchObject({ rule: 'amount', limit: '300.00' });
        expect(await details(() => store(system))).toMatchObject({ code: 'RISK_BLOCKED', rule: 'amount' });
        expect(states(system)).toBe('sale PAID');
      },
    },
  );
});

describe('主管密码 by parameter (supervisor.required)', () => {
  scenarios(
    {
      given: 'the list as it is usual',
      expect: 'voids and refunds of a cashier need the secret, the drawer does not, and 00 never',
      async play(system) {
        const needs = (counter = system.cashier) =>
          (['void', 'refund', 'preauth-void', 'completion-void', 'drawer'] as const).map((what) =>
            counter.needsSupervisor(what),
          );
        expect(needs()).toEqual([true, true, true, true, false]);
        expect(needs(await system.supervisor())).toEqual([false, false, false, false, false]);
        const { stan } = await sale(system, 10_000);
        expect(await refusal(() => system.cashier.void(stan, undefined, dialogOf(system)))).toBe('FORBIDDEN');
        expect(states(system)).toBe('sale PAID');
      },
    },
    {
      given: 'an empty list, and one with the drawer',
      expect:
        'a void goes without the secret, and says that nobody authorised it; a refund never does; the drawer asks for it',
      system: { hostParameters: { 'supervisor.required': '' }, config: { drawer: 2 } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        expect(system.cashier.needsSupervisor('void')).toBe(false);
        const done = approvedTxn(await system.cashier.void(stan, undefined, dialogOf(system)));
        expect(done.approvedBy).toBeUndefined();
        await sale(system, 10_000);
        const payment = system.cashier.lastTransaction()?.payment ?? '';
        const unproved = () => system.cashier.refunds.refund({ payment, amount: fen(100) }, signal, () => undefined);
        expect(await refusal(unproved)).toBe('FORBIDDEN');
        expect(await refund(system, 100, { n: 3 })).toMatchObject({ kind: 'succeeded' });
        await system.cashier.openDrawer();
        await system.host.command({ command: 'set-parameter', name: 'supervisor.required', value: 'drawer' });
        await system.eventually('told', () => system.cashier.needsSupervisor('drawer'));
        expect(await refusal(() => system.cashier.openDrawer())).toBe('FORBIDDEN');
        expect(await refusal(() => system.cashier.openDrawer('000000'))).toBe('SECRET_WRONG');
        await system.cashier.openDrawer(secretOf00);
        await (await system.supervisor()).openDrawer();
      },
    },
  );
});

describe('B-046 stop and report', () => {
  scenarios({
    given: 'a suspicious sale, reported by the cashier, by 00 and by 99',
    expect:
      'cashier and 00 may, 99 may not; the list marks what upstream holds; void and refund of it are RISK_BLOCKED',
    async play(system) {
      const { payment, stan } = await sale(system, 10_000);
      const administrator = system.terminal.counter();
      await administrator.logOn('99', '12345678');
      expect(await refusal(() => administrator.risk.report(payment, 'SUSPICIOUS', 'list'))).toBe('FORBIDDEN');
      await (await system.supervisor()).risk.report(undefined, 'SUSPICIOUS', 'idle');
      await system.cashier.risk.report(payment, 'SUSPICIOUS', 'sale-result');
      await system.eventually('held', () => system.cashier.transaction(stan)?.isFrozen === true);
      expect(system.cashier.transactions(1)[0]?.isFrozen).toBe(true);
      expect(await refusal(() => system.cashier.void(stan, secretOf00, dialogOf(system)))).toBe('RISK_BLOCKED');
      expect(await refusal(() => refund(system, 100))).toBe('RISK_BLOCKED');
      await sale(system, 20_000);
      await refund(system, 100, { n: 2 });
      const given = system.cashier.lastTransaction();
      await system.cashier.risk.report(given?.payment, 'SUSPICIOUS', 'refund');
      await system.eventually('held', () => system.cashier.risk.isFrozen(given?.original ?? ''));
    },
  });
});
