import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encipheredPin } from '../drivers/simulator/dukpt.ts';
import { fen } from '../terminal/base/money.ts';
import type { PaymentDialog } from '../terminal/flows/counter.ts';
import { canary, pinTraces, traces, tracesBelow, tracesIn } from './support/canary.ts';
import { powerCutWhen } from './support/power-cut.ts';
import { startTestSystem, type TestSystem } from './support/terminal.ts';

/**
 * payments.md, Card data: a day of every transaction with cards, PINs and payment codes that stand nowhere else, with offline sales that wait for the
 * host, a power cut in the middle of a sale and a backup; then every file, log line, slip and message is searched for them.
 */

const held = canary('622588318309886184');
const swiped = canary('621799202359874713');
const inserted = { ...canary('623557714142135623'), chip: true };
const pin = '123456';
const blocks = [swiped, inserted, held].flatMap(({ pan }) =>
  Array.from({ length: 20 }, (_, n) => encipheredPin(pin, pan, n + 1).block),
);
/** A payment code is money for a minute: it is treated as a card is. */
const code = '134918273645546372';
const codeTraces = new Map([['payment code', Buffer.from(code, 'latin1')]]);
const all = [...[held, swiped, inserted].map((card) => traces(card)), pinTraces(blocks, []), codeTraces];

let system: TestSystem;
const told: unknown[] = [];
/** What was found while offline sales waited, before they were delivered. */
const foundWaiting: string[] = [];
const { signal } = new AbortController();
const quiet = () => undefined;

type Use = 'contactless' | 'swipe' | 'insert';
function dialog(use: Use = 'contactless', onStep: PaymentDialog['progress'] = quiet): PaymentDialog {
  const { reader } = system.devices;
  const card = {
    contactless: () => reader.present(held),
    swipe: () => reader.swipe(swiped),
    insert: () => reader.insert(inserted),
  };
  return {
    signal,
    confirm: async () => true,
    acceptPart: async () => true,
    askCode: async () => '123456',
    progress(step) {
      if (step.at === 'card') card[use]();
      onStep(step);
    },
  };
}

async function tell<T>(name: string, work: Promise<T>): Promise<T> {
  const outcome = await work;
  told.push([name, outcome]);
  system.devices.reader.takeAway();
  return outcome;
}

const stanOf = (outcome: object): string => {
  const { txn } = outcome as { readonly txn?: { readonly stan: string } };
  if (!txn) throw new Error(`no transaction in ${JSON.stringify(outcome)}`);
  return txn.stan;
};

beforeAll(async () => {
  system = await startTestSystem({
    limits: { hostWaitMs: 400, cardWaitMs: 1_000, pinWaitMs: 1_000, orderQueryMs: 20 },
    hostParameters: { 'offline.enabled': true },
    logFiles: true,
    devices: { pinPad: true, scanner: true, display: true },
  });
  const { pinPad } = system.devices;
  pinPad.onAsk(() => void pinPad.enterPin(pin));
  const counter = () => system.cashier;
  const sale = (amountFen: number, use: Use = 'contactless') => {
    const d = dialog(use);
    return counter().sale(fen(amountFen), signal, d.progress, d.confirm, false, d);
  };
  const sold = await tell('sale', sale(10_000, 'swipe'));
  await tell('void', counter().void(stanOf(sold), '123456', dialog()));
  const hold = await tell('preauth', counter().preauth(fen(30_000), dialog('insert')));
  const completed = await tell(
    'completion',
    counter().completion({ by: 'voucher', stan: stanOf(hold) }, fen(30_000), dialog()),
  );
  await tell('completion-void', counter().completionVoid(stanOf(completed), '123456', dialog()));
  const other = await tell('preauth', counter().preauth(fen(20_000), dialog('swipe')));
  await tell('preauth-void', counter().preauthVoid(stanOf(other), '123456', dialog()));
  await tell('balance', counter().balance(dialog('swipe')));
  await tell('part', sale(20_010, 'swipe'));
  await tell('discount', sale(20_011, 'insert'));
  await tell(
    'code by customer',
    counter().codes.sale(fen(8_800), { by: 'customer-shows', typed: code }, signal, quiet),
  );
  const given = await tell('sale', sale(40_000, 'contactless'));
  await tell(
    'refund',
    counter().refunds.refund(
      { payment: counter().transaction(stanOf(given))?.payment ?? '', amount: fen(10_000), secret: '123456' },
      signal,
      quiet,
    ),
  );
  await counter().risk.report(counter().lastTransaction()?.payment, 'test', 'counter');

  system.wire.block();
  await system.eventually('the terminal is offline', () => counter().status().link !== 'online');
  await tell('stored sale', counter().stored.sale(fen(9_900), dialog('contactless')));
  await tell('stored sale', counter().stored.sale(fen(9_901), dialog('insert')));
  for (const wanted of all) foundWaiting.push(...tracesBelow(system.terminalHome, wanted));
  await system.terminal.backUp(join(system.home, 'copy.db'), quiet);
  system.wire.unblock();
  await system.ready();
  await system.atRest();

  // The power goes while a card is with the host.
  const face = new AbortController();
  let sent = false;
  const lost = counter()
    .sale(fen(50_098), face.signal, dialog('swipe', (step) => (sent ||= step.at === 'host')).progress, async () => true)
    .catch(String);
  await powerCutWhen(system, 'the card is with the host', () => sent, face);
  await lost;
  await system.startTerminal();
  await system.ready();
  told.push(['close', await system.closeBatch()]);
  await system.atRest();
  told.push(['list', system.cashier.transactions(100)]);
}, 60_000);
afterAll(() => system.stop());

test('it was a day of everything', () => {
  const kinds = told.flatMap((entry) => {
    const [name, outcome] = entry as [string, { readonly kind?: string }];
    return outcome.kind ? [`${name}: ${outcome.kind}`] : [];
  });
  expect(kinds).toEqual([
    'sale: approved',
    'void: approved',
    'preauth: approved',
    'completion: approved',
    'completion-void: approved',
    'preauth: approved',
    'preauth-void: approved',
    'balance: shown',
    'part: approved',
    'discount: approved',
    'code by customer: approved',
    'sale: approved',
    'refund: succeeded',
    'stored sale: stored',
    'stored sale: stored',
    'close: closed',
  ]);
});

const nowhere = (where: string, bytes: Buffer): void => {
  for (const wanted of all) expect(tracesIn(bytes, wanted), where).toEqual([]);
};

describe('no card number, track, PIN block or payment code', () => {
  test('in the book while offline sales wait: only the host can open what is kept of them', () => {
    expect(foundWaiting).toEqual([]);
  });

  test('in any file: books, WAL, logs, the backup, the disk before the power cut and after it', () => {
    for (const folder of new Set([system.home, system.terminalHome])) {
      for (const wanted of all) expect(tracesBelow(folder, wanted)).toEqual([]);
    }
  });

  test('in any message, either way, on either wire', () => {
    const messages = [...system.wire.seen, ...system.host.wire.seen];
    expect(messages.length).toBeGreaterThan(60);
    for (const { topic, payload } of messages) nowhere(topic, payload);
  });

  test('in any log line, on any slip, in anything that the cashier is told', () => {
    nowhere('the logs', Buffer.from(system.logged.join('\n')));
    nowhere('the slips', Buffer.from(system.slips().flat().join('\n')));
    nowhere('the screen', Buffer.from(JSON.stringify(told)));
  });
});
