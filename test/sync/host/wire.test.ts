import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../../sync/host/config.ts';
import { type Program, startProgram } from '../../../sync/host/program.ts';
import { loadTerminalKeys } from '../../../sync/protocol/keys.ts';
import type { Request } from '../../../sync/protocol/requests.ts';
import type { NewUpRow } from '../../../sync/protocol/rows.ts';
import { sealCard } from '../../../sync/protocol/sealing.ts';
import { ask } from '../../../sync/request.ts';
import { send } from '../../../sync/stream/send.ts';
import { systemClock } from '../../../terminal/base/clock.ts';
import { systemRandom } from '../../../terminal/base/random.ts';
import { newPlace, openTerminal, type Place, removePlace, type TestTerminal, until } from '../world.ts';
import { businessDate, clearingJournal, fundingJournal, journal, saleJournal } from './journals.ts';
import { unionpay } from './start-host.ts';
import { writeConfig } from './write-config.ts';

/** The whole host behind a real broker: what a terminal asks and sends comes to the business, and what it decides comes down. */

let place: Place;
let program: Program;
let till: TestTerminal;
const failures: unknown[] = [];

beforeEach(async () => {
  place = { ...newPlace(), terminal: '00000001' };
  program = await startProgram(readConfig(writeConfig(place.folder)), {
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    fatal: (error) => failures.push(error),
  });
  till = openTerminal(place, program.brokerUrl);
  till.link.start();
  await until('the host says welcome', () => till.link.status().gateOpen);
});
afterEach(async () => {
  await till.close();
  await program.stop();
  removePlace(place);
  expect(failures).toEqual([]);
});

const askHost = <R extends Request>(id: string, request: R) => ask(till.link, id, request, { deadlineMs: 10_000 });
const came = (id: string) => until(`${id} comes down`, () => till.received().includes(id));

function up(row: NewUpRow): void {
  till.db.transaction(() => send(till.db, row))();
  till.link.wake();
}

test('a day over the wire: sign-in, sale, close, clearing, settlement', async () => {
  const signedIn = await askHost('sign-in:1', { kind: 'sign-in', stan: '000001', operator: '01', batch: null });
  expect(signedIn).toMatchObject({ code: '00', batch: '000001' });
  await came('parameters:1');

  const { hostSeal } = loadTerminalKeys(join(place.folder, 'keys'));
  const sale = { payment: 'P1', stan: '000002', batch: '000001', amountFen: 100_000, entry: 'CONTACTLESS' } as const;
  const card = sealCard(unionpay, 'P1', hostSeal);
  const answer = await askHost('P1:sale:000002', { kind: 'sale', operator: '01', card, ...sale });
  expect(answer).toMatchObject({ code: '00', group: 'domestic', rate: { id: 'contactless-3800' } });

  const frame = { at: 1, by: '01', journals: [] };
  const cardFacts = {
    card: '622202*********5665',
    group: 'domestic',
    rrn: answer.rrn,
    authCode: answer.authCode,
  } as const;
  const end = { txn: 'sale', state: 'PAID', feeFen: 380, rate: answer.rate, code: '00', cleared: false } as const;
  const rest = { discountFen: 0, original: null };
  const { payment, ...facts } = sale;
  up({
    kind: 'payment-recorded',
    id: payment,
    body: {
      ...frame,
      no: payment,
      facts: { ...facts, ...cardFacts, ...end, ...rest },
      journals: [saleJournal(payment, 100_000)],
    },
  });
  const none = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };
  const totals = { domestic: { ...none, debitCount: 1, debitFen: 100_000 }, foreign: none, codes: none };
  up({
    kind: 'batch-totals',
    id: '1',
    body: { ...frame, no: '000001', facts: { batch: '000001', businessDate, totals, records: 1 } },
  });
  await came('verdict:000001');
  up({ kind: 'batch-end', id: '1', body: { ...frame, no: '000001', facts: { batch: '000001', uploaded: 0 } } });
  await came(`fund:1101:${businessDate}:1`);

  const funds = { no: 'f', account: '1101', date: businessDate, n: 1, amountFen: 100_000 };
  const posted = [clearingJournal({ payment, amountFen: 100_000, feeFen: 380 }), fundingJournal(funds)];
  const cause = { causeSeq: 1, causeKind: 'batch-cleared', causeId: null, batch: '000001' };
  up({ kind: 'posted', id: 'p', body: { ...frame, no: 'p', facts: cause, journals: posted } });
  const hold = journal('J-20', 'S1', 'settle:S1', [
    ['2002', 'D', 99_620],
    ['2005:S1', 'C', 99_620],
  ]);
  const asked = { amountFen: 99_620, mode: 'MANUAL', accountVersion: 1, rev: 1, cut: null } as const;
  up({ kind: 'settle', id: 'S1', body: { ...frame, no: 'S1', facts: asked, by: '00', journals: [hold] } });
  await came('S0000000001');

  const kinds = till.received().map((id) => id.replace(/:.*/, ''));
  const merchantData = ['account', 'calendar', 'mode', 'parameters', 'profile'];
  expect(kinds).toEqual([...merchantData, 'verdict', 'closed', 'cleared', 'fund', 'S1', 'S1', 'S0000000001']);
});
