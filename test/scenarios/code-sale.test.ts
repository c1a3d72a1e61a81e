import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { CodeOutcome, CodeStep, CodeWay } from '../../terminal/flows/code-sale-desk.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { book, journals, refund, stateOf } from './books.ts';
import { scenarios, textOf } from './scenario.ts';

/** 扫码支付 both ways, from the code to the booked order; the wallets of the host do what the ending of the amount says. */

const weChat = '134567890123456789';
const withScanner = { devices: { scanner: true, display: true } } as const;
/** Asked after 20, 100 and 600 ms. */
const quick = { limits: { orderQueryMs: 20 }, hostParameters: { 'host.walletScanMs': 50, 'host.walletPinMs': 50 } };
const impatient = { ...quick, limits: { orderQueryMs: 20, hostWaitMs: 250, reversalWaitMs: 250 } };

const typed: CodeWay = { by: 'customer-shows', typed: weChat };

function sell(
  system: TestSystem,
  amountFen: number,
  way: CodeWay = typed,
  options: { readonly signal?: AbortSignal; readonly onStep?: (step: CodeStep) => void } = {},
): Promise<CodeOutcome> {
  const { signal = new AbortController().signal, onStep = () => undefined } = options;
  return system.cashier.codes.sale(fen(amountFen), way, signal, onStep);
}

const kindsOf = async (outcome: Promise<CodeOutcome>): Promise<string> => (await outcome).kind;
const ended = (system: TestSystem, state: string) => system.eventually(state, () => stateOf(system) === state);
/** Every code that went up is sealed, and none stands in the logs. */
const secret = (system: TestSystem): void => expect(system.logged.join('\n')).not.toContain(weChat);

describe('付款码', () => {
  scenarios(
    {
      given: 'the customer holds a WeChat code under the scanner',
      expect: 'paid: J-01 and J-03 at once, on 1102; counted with the codes; a slip; the close is balanced',
      system: { ...withScanner, ...quick },
      async play(system) {
        const steps: string[] = [];
        const outcome = await sell(
          system,
          10_000,
          { by: 'customer-shows' },
          {
            onStep: (step) => {
              steps.push(step.at);
              if (step.at === 'scan') setImmediate(() => system.devices.scanner.trigger(weChat));
            },
          },
        );
        expect(outcome).toMatchObject({ kind: 'approved', txn: { state: 'CLEARED', entry: 'QR_WECHAT' } });
        expect([steps[0], steps.at(-1)]).toEqual(['scan', 'printing']);
        expect(book(system)).toEqual({ '1102': 10_000, '2002': 9_962, '4001': 38 });
        expect(journals(system)).toBe('J-01 J-03');
        expect(system.count('SELECT codes_debit_fen FROM batch')).toBe(10_000);
        expect(system.slips()).toHaveLength(2);
        secret(system);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a discount by the wallet, a PIN typed into the phone, and a code that has expired',
      expect: 'G is what the customer paid; the cashier sees that a PIN is typed; declined books nothing',
      system: quick,
      async play(system) {
        expect(await sell(system, 10_011)).toMatchObject({
          kind: 'approved',
          txn: { amountFen: 9_010, discountFen: 1_001 },
        });
        expect(book(system)).toMatchObject({ '1102': 9_010 });
        const steps: CodeStep[] = [];
        expect(await kindsOf(sell(system, 10_055, typed, { onStep: (step) => steps.push(step) }))).toBe('approved');
        expect(steps).toContainEqual(expect.objectContaining({ at: 'phone', needsPin: true }));
        expect(await sell(system, 10_054)).toMatchObject({ kind: 'declined', code: '54' });
        expect(await sell(system, 10_000, { by: 'customer-shows', typed: '99' })).toMatchObject({
          kind: 'declined',
          code: '14',
        });
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a code that was paid, given back later in part',
      expect: 'a refund out of 2002, netted on 1102; a code payment has no void',
      system: quick,
      async play(system) {
        await sell(system, 10_000);
        expect(await refund(system, 4_000)).toMatchObject({ kind: 'succeeded' });
        expect(book(system)).toMatchObject({ '1102': 6_000 });
        const stan = system.cashier.transactions(2).at(-1)?.stan ?? '';
        const dialog = { signal: new AbortController().signal, progress: () => undefined, confirm: async () => true };
        expect(await refusal(() => system.cashier.void(stan, '123456', dialog))).toBe('ILLEGAL_STATE');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'nobody holds a code under the scanner, or 取消 is pressed first',
      expect: 'nothing was sent, and no payment is there',
      system: { ...withScanner, ...quick, limits: { ...quick.limits, scanWaitMs: 1_000 } },
      async play(system) {
        expect(await sell(system, 10_000, { by: 'customer-shows' })).toMatchObject({
          kind: 'stopped',
          why: 'scan-timeout',
        });
        const face = new AbortController();
        const left = sell(
          system,
          10_000,
          { by: 'customer-shows' },
          { signal: face.signal, onStep: () => face.abort() },
        );
        expect(await left).toMatchObject({ kind: 'stopped', why: 'cancelled' });
        expect(system.count('SELECT count(*) FROM payment')).toBe(0);
      },
    },
  );
});

describe('收款码', () => {
  scenarios(
    {
      given: 'the merchant shows a code for Alipay, and the customer scans it',
      expect: 'its text is for the screen and, if wanted, on paper; paid on 1103',
      system: { ...withScanner, ...quick },
      async play(system) {
        const shown: CodeStep[] = [];
        const way: CodeWay = { by: 'merchant-shows', instrument: 'QR_ALIPAY', print: true };
        const outcome = await sell(system, 10_000, way, { onStep: (step) => shown.push(step) });
        expect(shown).toContainEqual(
          expect.objectContaining({ at: 'show-code', url: expect.stringMatching(/^https:\/\/qr\.alipay\.com\//) }),
        );
        expect(outcome).toMatchObject({ kind: 'approved', codeUrl: expect.stringMatching(/^https:/) });
        expect(book(system)).toEqual({ '1103': 10_000, '2002': 9_962, '4001': 38 });
        expect(system.slips()[0]?.join('\n')).toMatch(/收款码/);
      },
    },
    {
      given: 'the customer goes away, and the cashier presses 取消',
      expect: 'closed by number: nothing is booked, and the number is good for nothing any more',
      system: quick,
      async play(system) {
        const face = new AbortController();
        const outcome = sell(
          system,
          10_097,
          { by: 'merchant-shows', instrument: 'QR_UNIONPAY' },
          {
            signal: face.signal,
            onStep: (step) => step.at === 'show-code' && face.abort(),
          },
        );
        expect(await outcome).toMatchObject({ kind: 'closed', revoked: false, txn: { state: 'FAILED' } });
        expect(system.host.count("SELECT count(*) FROM code_orders WHERE state = 'CLOSED'")).toBe(1);
        expect(book(system)).toEqual({});
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'nobody presses anything until the order is over',
      expect: 'closed by number by itself',
      system: { ...quick, limits: { orderQueryMs: 20, orderWaitMs: 1_000 } },
      async play(system) {
        expect(await sell(system, 10_097, { by: 'merchant-shows', instrument: 'QR_WECHAT' })).toMatchObject({
          kind: 'closed',
        });
      },
    },
  );
});

describe('扫码 in doubt', () => {
  scenarios(
    {
      given: 'the order is there and its answer is lost, again and again',
      expect: 'nothing is reversed: asked after by its number until it is known to be paid',
      system: impatient,
      async play(system) {
        const steps: string[] = [];
        expect(await sell(system, 10_099, typed, { onStep: (step) => steps.push(step.at) })).toMatchObject({
          kind: 'approved',
          txn: { state: 'CLEARED' },
        });
        expect(steps).toContain('unknown');
        expect(system.host.count("SELECT count(*) FROM answers WHERE kind = 'reverse'")).toBe(0);
        expect(journals(system)).toBe('J-01 J-03');
      },
    },
    {
      given: 'the order never came to the host',
      expect: 'the first question finds none: its number is closed for ever, and the customer need not wait',
      system: { ...impatient, limits: { ...impatient.limits, orderWaitMs: 600_000 } },
      async play(system) {
        expect(await sell(system, 10_098)).toMatchObject({ kind: 'closed', revoked: false });
        expect(system.host.count('SELECT count(*) FROM barred')).toBe(1);
        expect(book(system)).toEqual({});
      },
    },
    {
      given: '取消 while the customer has paid already',
      expect: 'the host gives it back: REVERSED, counted nowhere',
      system: impatient,
      async play(system) {
        const face = new AbortController();
        const outcome = sell(system, 10_099, typed, {
          signal: face.signal,
          onStep: (step) => step.at === 'unknown' && face.abort(),
        });
        expect(await outcome).toMatchObject({ kind: 'closed', revoked: true, txn: { state: 'REVERSED' } });
        expect(book(system)).toEqual({});
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'the link dies with the order on its way, and 取消 is pressed',
      expect: 'UNKNOWN, the close waits; when the link is back it is closed by itself',
      system: impatient,
      async play(system) {
        const face = new AbortController();
        const outcome = sell(system, 10_000, typed, {
          signal: face.signal,
          onStep: (step) => {
            if (step.at === 'host') system.wire.block();
            if (step.at === 'unknown') face.abort();
          },
        });
        expect(await outcome).toMatchObject({ kind: 'unknown', txn: { state: 'UNKNOWN' } });
        expect(await refusal(() => system.closeBatch())).toMatch(/OFFLINE|BATCH_HAS_UNKNOWN/);
        system.wire.unblock();
        await system.eventually('ended', () => ['FAILED', 'REVERSED'].includes(stateOf(system) ?? ''));
        await system.ready();
        expect(book(system)).toEqual({});
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'the power goes with the order on its way',
      expect: 'UNKNOWN at the next start, asked after by due work, and booked as paid; no STAN comes twice',
      system: impatient,
      async play(system) {
        let sent = false;
        system.wire.rule(({ topic, payload }) => {
          sent ||= topic.endsWith('/up/auth') && textOf(payload).includes('"kind":"code-open"');
          return undefined;
        });
        const face = new AbortController();
        const lost = sell(system, 10_099, typed, { signal: face.signal }).catch(() => undefined);
        await powerCutWhen(system, 'the request has left', () => sent, face);
        await lost;
        await system.startTerminal();
        await ended(system, 'CLEARED');
        expect(journals(system)).toBe('J-01 J-03');
        await system.ready();
        await system.sell(10_000);
        expect(system.count('SELECT count(DISTINCT stan) FROM payment')).toBe(2);
      },
    },
    {
      given: 'the power goes while a customer looks at the code, and nobody pays',
      expect:
        'the next start asks after the order, and closes it when the time that a counter waits is over, though the wallet would wait on',
      system: {
        limits: { orderQueryMs: 20, orderWaitMs: 1_500 },
        hostParameters: { 'host.codeValidMs': 3_600_000, 'host.walletScanMs': 50 },
      },
      async play(system) {
        let shown = false;
        const face = new AbortController();
        const way: CodeWay = { by: 'merchant-shows', instrument: 'QR_WECHAT' };
        const onStep = ({ at }: CodeStep) => {
          shown ||= at === 'show-code';
        };
        const lost = sell(system, 10_097, way, { signal: face.signal, onStep }).catch(() => undefined);
        await powerCutWhen(system, 'the code is shown', () => shown, face);
        await lost;
        await system.startTerminal();
        await ended(system, 'FAILED');
        expect(book(system)).toEqual({});
        expect(system.host.count("SELECT count(*) FROM code_orders WHERE state = 'CLOSED'")).toBe(1);
        await system.ready();
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'the host says that the batch numbers differ (77)',
      expect: 'declined; the terminal signs in again by itself and goes on',
      system: quick,
      async play(system) {
        await system.host.fault({ kind: 'decline', of: 'code-open', code: '77' });
        expect(await sell(system, 10_000)).toMatchObject({ kind: 'declined', code: '77' });
        await system.ready();
        expect(system.count("SELECT count(*) FROM audit WHERE action = 'sign-in'")).toBe(2);
        expect(await kindsOf(sell(system, 10_000))).toBe('approved');
      },
    },
    {
      given: 'no link before anything was sent',
      expect: 'OFFLINE; no payment',
      system: quick,
      async play(system) {
        system.wire.block();
        await system.eventually('offline', () => system.cashier.status().link !== 'online');
        expect(await refusal(() => sell(system, 10_000))).toBe('OFFLINE');
        expect(system.count('SELECT count(*) FROM payment')).toBe(0);
        system.wire.unblock();
        await system.ready();
      },
    },
  );
});
