import { createHash } from 'node:crypto';
import type { NewApproval } from '../../../sync/host/approvals.ts';
import { writeApproval } from '../../../sync/host/approvals.ts';
import { billPress } from '../../../sync/host/bill-press.ts';
import { type Command, carryOut } from '../../../sync/host/commands.ts';
import { numbersOfDay } from '../../../sync/host/number-day.ts';
import type { Bill, BillLine } from '../../../sync/protocol/bills.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

/** Bills as a terminal gets them, and payments that the host has. */

export const day = '2026-11-20';

/** The n-th payment number of a day. */
export const numberOf = (n: number, of = day): string => numbersOfDay(of).from + String(n).padStart(16, '0');

export interface Had extends Partial<NewApproval> {
  readonly payment: string;
}

/** Payments in the host's books, whoever asked for them. */
export async function hostHas(test: TestHost, till: Till, ...payments: readonly Had[]): Promise<void> {
  await test.host.store.transaction().execute(async (trx) => {
    for (const given of payments)
      await writeApproval(trx, till.ref, {
        txn: 'sale',
        original: null,
        batch: till.batch,
        stan: '000001',
        asked_fen: given.amount_fen ?? 10_000,
        amount_fen: 10_000,
        discount_fen: 0,
        fee_fen: 38,
        rate_id: 'contactless-3800',
        card_group: 'domestic',
        entry: 'CONTACTLESS',
        card_masked: null,
        code: '00',
        rrn: null,
        auth_code: null,
        state: 'APPROVED',
        booked_by: 'request',
        at: test.clock.now(),
        cleared_at: null,
        valid_until: null,
        ...given,
      });
  });
}

/** A command, and what is made and sent by it. */
export async function order(test: TestHost, till: Till, command: Command): Promise<string> {
  const outcome = await test.host.store.transaction().execute((trx) => carryOut(test.host, trx, till.ref, command));
  await press(test);
  return outcome;
}

const presses = new WeakMap<TestHost, ReturnType<typeof billPress>>();

/** One press for a host, as its worker has. */
export function press(test: TestHost): Promise<number | null> {
  const own = presses.get(test) ?? billPress(test.host);
  presses.set(test, own);
  return own(new AbortController().signal);
}

export interface Got {
  readonly bill: Bill;
  /** The parts of that bill that came, put together. */
  readonly file: string;
  readonly parts: number;
  readonly lines: readonly BillLine[];
  readonly isWhole: boolean;
}

/** The bills that came down, each with its file. */
export async function billsOf(till: Till): Promise<Got[]> {
  const parts = (await till.down('file-part')).map(({ body }) => body);
  return (await till.down('bill')).map(({ body: bill }) => {
    const own = parts.filter(({ no }) => no.startsWith(`part:${bill.date}:${bill.version}:`));
    const file = Buffer.concat(own.map(({ base64 }) => Buffer.from(base64, 'base64')));
    const lines = file.toString('utf8').split('\n').slice(0, -1);
    const hash = createHash('sha256').update(file).digest('hex');
    const isWhole =
      own.every(({ sha256, i, of }, n) => sha256 === bill.sha256 && i === n && of === own.length) &&
      hash === bill.sha256 &&
      file.length === bill.bytes &&
      lines.length === bill.rows;
    return { bill, file: file.toString('utf8'), parts: own.length, lines: lines.map(parseLine), isWhole };
  });
}

export async function newestBill(till: Till): Promise<Got> {
  const bill = (await billsOf(till)).at(-1);
  if (!bill) throw new Error('no bill came');
  return bill;
}

function parseLine(text: string): BillLine {
  try {
    return JSON.parse(text) as BillLine;
  } catch {
    return { payment: 'none' } as BillLine;
  }
}
