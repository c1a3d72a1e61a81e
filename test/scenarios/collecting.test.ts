import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { SaleOutcome } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { book } from './books.ts';
import { scenarios } from './scenario.ts';

/** 收款 and its fee, rule by rule (requirements/settlement.md B-018 to B-026; settler-change.md E-070 to E-072). */

const { signal } = new AbortController();
const nothing = () => undefined;
type How = 'MAG' | 'CHIP' | 'CONTACTLESS';

/** A sale with the card, and what of it is fee. */
async function sell(system: TestSystem, how: How, amountFen: number): Promise<string> {
  const { reader } = system.devices;
  const atReader = {
    MAG: () => reader.swipe(unionPayCard),
    CHIP: () => reader.insert({ ...unionPayCard, chip: true }),
    CONTACTLESS: () => reader.present(unionPayCard),
  }[how];
  const outcome: SaleOutcome = await system.sell(amountFen, { atReader });
  if (how === 'CHIP') reader.takeAway();
  return outcome.kind === 'approved' ? `${outcome.txn.entry} ${outcome.txn.feeFen}` : outcome.kind;
}

const byCode = (system: TestSystem, typed: string) =>
  system.cashier.codes.sale(fen(10_000), { by: 'customer-shows', typed }, signal, nothing);
const offline = async (system: TestSystem): Promise<void> => {
  system.wire.block();
  await system.eventually('offline', () => system.cashier.status().link !== 'online');
};

describe('B-018: every instrument', () => {
  scenarios({
    given: 'a stripe, a chip, a card held to the reader, WeChat, Alipay, a UnionPay code',
    expect: 'each is taken, and its money is expected on its own account',
    async play(system) {
      for (const how of ['MAG', 'CHIP', 'CONTACTLESS'] as const)
        expect(await sell(system, how, 10_000)).toMatch(new RegExp(`^${how} `));
      expect(book(system)).toMatchObject({ '1101': 30_000 });
      for (const [typed, entry, account] of [
        ['134567890123456789', 'QR_WECHAT', '1102'],
        ['281234567890123456', 'QR_ALIPAY', '1103'],
        ['6212345678901234567', 'QR_UNIONPAY', '1104'],
      ] as const) {
        expect(await byCode(system, typed)).toMatchObject({ kind: 'approved', txn: { entry } });
        expect(book(system)).toMatchObject({ [account]: 10_000 });
      }
    },
  });
});

describe('B-019: without the link', () => {
  scenarios({
    given: 'no link',
    expect: 'whatever needs the host is OFFLINE; nothing is begun',
    async play(system) {
      await sell(system, 'CONTACTLESS', 10_000);
      const { payment = '', stan = '' } = system.cashier.lastTransaction() ?? {};
      await offline(system);
      const dialog = { signal, progress: nothing, confirm: async () => true };
      const refund = () =>
        system.cashier.refunds.refund({ payment, amount: fen(1), secret: '123456' }, signal, nothing);
      for (const attempt of [
        () => system.sell(10_000),
        () => byCode(system, '134567890123456789'),
        () => system.cashier.preauth(fen(100), dialog),
        () => system.cashier.void(stan, '123456', dialog),
        () => system.cashier.balance(dialog),
        () => system.cashier.signIn(signal),
        refund,
      ])
        expect(await refusal(attempt)).toBe('OFFLINE');
      expect(system.count('SELECT count(*) FROM payment')).toBe(1);
      system.wire.unblock();
      await system.ready();
    },
  });
});

describe('B-022: the amount', () => {
  scenarios({
    given: 'nothing, and more than a sale may be',
    expect: 'INVALID_AMOUNT before a card is asked for',
    system: { limits: { maxAmountFen: 50_000 } },
    async play(system) {
      for (const amountFen of [0, 50_001]) expect(await refusal(() => system.sell(amountFen))).toBe('INVALID_AMOUNT');
      expect(await sell(system, 'CONTACTLESS', 50_000)).toBe('CONTACTLESS 190');
      expect(system.count('SELECT count(*) FROM payment')).toBe(1);
    },
  });
});

describe('B-025 and B-026: arrival', () => {
  scenarios({
    given: 'a sale by card and one by WeChat, before and after the clearing of the batch',
    expect: 'the code is available at once (real time), the card only when the host clears its batch (T+1)',
    system: { hostParameters: { clearing: 'manual' } },
    async play(system) {
      await sell(system, 'MAG', 10_000);
      await byCode(system, '134567890123456789');
      expect(book(system)).toMatchObject({ '2001': 10_000, '2002': 9_962 });
      await system.closeBatch();
      await system.atRest();
      expect(book(system)).toMatchObject({ '2001': 10_000, '2002': 9_962 });
      await system.host.command({ command: 'clear-batch', batch: '000001' });
      await system.eventually('cleared', () => book(system)['2001'] === undefined);
      expect(book(system)).toMatchObject({ '2002': 9_962 + 9_940 });
    },
  });
});

describe('E-070 to E-072: the fee', () => {
  scenarios({
    given: 'cards held to the reader up to 1000.00 and beyond, and the same amount drawn or inserted',
    expect: '0.38 % only of the first, 0.60 % on the whole of all others',
    async play(system) {
      const fees: readonly (readonly [How, number, number])[] = [
        ['CONTACTLESS', 100_000, 380],
        ['CONTACTLESS', 100_020, 600],
        ['MAG', 100_000, 600],
        ['CHIP', 100_000, 600],
        ['MAG', 100, 1],
        ['CONTACTLESS', 100, 0],
      ];
      for (const [how, amountFen, feeFen] of fees) expect(await sell(system, how, amountFen)).toBe(`${how} ${feeFen}`);
    },
  });
});
