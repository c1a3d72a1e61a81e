import { afterAll, beforeAll, expect, test } from 'vitest';
import { TerminalError } from '../../terminal/base/errors.ts';
import { fen } from '../../terminal/base/money.ts';
import type { Counter } from '../../terminal/flows/counter.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { dialogOf, secretOf00 } from './transactions.ts';

/** The roles table of cross-cutting.md, cell by cell, where it concerns the counter: what a cashier, 00 and 99 may ask of it. */

let system: TestSystem;
const by: Record<string, Counter> = {};
const { signal } = new AbortController();
const nothing = () => undefined;

beforeAll(async () => {
  system = await startTestSystem({ config: { drawer: 2 }, hostParameters: { 'offline.enabled': true } });
  for (const [no, secret] of [
    ['01', '0000'],
    ['00', secretOf00],
    ['99', '12345678'],
  ] as const) {
    const counter = system.terminal.counter();
    await counter.logOn(no, secret);
    by[no] = counter;
  }
  await system.sell(10_000);
}, 30_000);
afterAll(() => system.stop());

const alipay = { by: 'merchant-shows', instrument: 'QR_ALIPAY' } as const;
const zero = fen(0);
/** The last sale, by its voucher. */
const stan = () => by['00']?.lastTransaction()?.stan ?? '';
const payment = () => by['00']?.lastTransaction()?.payment ?? '';
const ask = () => dialogOf(system);

/** Each is refused for another reason behind the role, or does no harm, so that who may is told from who may not. */
const deeds: readonly (readonly [
  row: string,
  deed: (desk: Counter) => unknown,
  c: boolean,
  mo: boolean,
  a: boolean,
])[] = [
  ['sale: by card', (desk) => desk.sale(zero, signal, nothing, async () => false), true, false, false],
  ['sale: by code', (desk) => desk.codes.sale(zero, alipay, signal, nothing), true, false, false],
  ['sale: offline', (desk) => desk.stored.sale(zero, ask()), true, false, false],
  ['sale: pre-authorisation', (desk) => desk.preauth(zero, ask()), true, false, false],
  ['sale: completion', (desk) => desk.completion({ by: 'voucher', stan: '999999' }, zero, ask()), true, false, false],
  ['sale: completion by advice', (desk) => desk.stored.advise(stan(), zero), true, false, false],
  ['sale: balance inquiry', (desk) => desk.balance({ ...ask(), signal: AbortSignal.abort() }), true, false, false],
  ['void', (desk) => desk.void('999999', secretOf00, ask()), true, false, false],
  ['void of a pre-authorisation', (desk) => desk.preauthVoid('999999', secretOf00, ask()), true, false, false],
  ['void of a completion', (desk) => desk.completionVoid('999999', secretOf00, ask()), true, false, false],
  ['refund: look for it', (desk) => desk.refunds.find({ by: 'voucher', stan: '999999' }, signal), true, true, false],
  [
    'refund: with the secret of 00',
    (desk) => desk.refunds.refund({ payment: payment(), amount: zero, secret: secretOf00 }, signal, nothing),
    true,
    true,
    false,
  ],
  [
    'refund: without it',
    (desk) => desk.refunds.refund({ payment: payment(), amount: zero }, signal, nothing),
    false,
    true,
    false,
  ],
  ['print', (desk) => desk.reprint({ kind: 'stan', stan: '999999' }, signal), true, true, false],
  ['print: a refund', (desk) => desk.refunds.reprint('999999', signal), true, true, false],
  ['print: shift totals', (desk) => desk.printShift(999_999, signal), true, true, false],
  ['drawer', (desk) => desk.openDrawer(), true, true, false],
  ['stop and report (B-046)', (desk) => desk.risk.report('NONE', 'SUSPICIOUS', 'idle'), true, true, false],
  ['sign in', (desk) => desk.signIn(signal), true, true, false],
  ['sign off', (desk) => desk.signOff(signal), true, true, false],
  ['manual settlement: its offer', (desk) => desk.settlementOffer(), false, true, false],
  [
    'manual settlement',
    (desk) => desk.settle(zero, by['00']?.settlementOffer() ?? desk.settlementOffer(), signal, nothing),
    false,
    true,
    false,
  ],
  ['operators: list', (desk) => desk.staff.list(), false, true, false],
  ['operators: add', (desk) => desk.staff.add('01', '1111'), false, true, false],
  ['operators: remove', (desk) => desk.staff.remove('98', secretOf00), false, true, false],
  ['operators: new secret', (desk) => desk.staff.setSecret('98', '1111'), false, true, false],
  ['operators: unlock', (desk) => desk.staff.unlock('98'), false, true, false],
  ['operators: the own secret', (desk) => desk.staff.changeSecret('x', '0000'), true, true, true],
];

const cells = deeds.flatMap(([row, deed, ...may]) =>
  (['01', '00', '99'] as const).map((no, i) => [no, may[i] ? 'may' : 'may not', row, deed] as const),
);

/** FORBIDDEN, another refusal, or done. */
async function outcome(deed: () => unknown): Promise<string> {
  try {
    await deed();
    return 'done';
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return error.code;
  }
}

test.each(cells)('%s %s: %s', async (no, may, _row, deed) => {
  const counter = by[no];
  if (!counter) throw new Error('everybody is logged on');
  const said = await outcome(() => deed(counter));
  expect(said === 'FORBIDDEN').toBe(may === 'may not');
});

test('close the batch: 99 may not; cashier and 00 may', async () => {
  const close = (no: string) => outcome(async () => by[no]?.closeBatch(signal, nothing));
  expect(await close('99')).toBe('FORBIDDEN');
  expect(await close('01')).toBe('done');
  await system.atRest();
  await system.ready();
  expect(await close('00')).toBe('done');
  await system.atRest();
  await system.ready();
});

test('nobody who is not logged on may anything', async () => {
  const empty = system.terminal.counter();
  for (const [row, deed] of deeds) expect([row, await outcome(() => deed(empty))]).toEqual([row, 'UNAUTHENTICATED']);
});

test('lists are of the own shift for a cashier, of everything for 00', () => {
  expect(by['01']?.listScope()).toEqual({ of: 'shift', operator: '01' });
  expect(by['00']?.listScope()).toEqual({ of: 'all' });
});

test('every try that was refused left a line, and the chain is whole', () => {
  const lines = system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'");
  expect(lines).toBeGreaterThan(cells.filter(([, may]) => may === 'may not').length);
});
