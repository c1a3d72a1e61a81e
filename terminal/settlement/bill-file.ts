import { createHash } from 'node:crypto';
import type { BillLine } from '../../sync/protocol/bills.ts';
import type { Database } from '../base/database.ts';
import { receivableOf } from '../ledger/accounts.ts';
import type { BillRun } from './reconcile.ts';
import { getPart } from './reconcile-store.ts';

/** The file of a bill (sync/protocol/bills.ts, `billLine`): read once, in pieces, and checked while it is read. */

/** A line, as far as every line is compared. */
export interface BillEntry {
  readonly payment: string;
  readonly isPaid: boolean;
  readonly amountFen: number;
  /** What it brought, in money taken from customers. */
  readonly fen: number;
  /** The whole line: what a difference tells is taken from it. */
  readonly text: string;
}

/** Why a bill can not be used. */
export type BillProblem = 'MISSING_PART' | 'BAD_HASH' | 'BAD_COUNT' | 'BAD_SUM' | 'BAD_FORM';

/**
 * The canonical form, as JSON.stringify writes the fields in the order of the contract. A number that names an account has no colon. What every line is compared by is taken out; the
 * rest only where a line differs (F7).
 */
const head = String.raw`\{"payment":"([\w.-]{1,36})","txn":"([a-z-]{1,40})","state":"(PAID|VOIDED)","amountFen":(\d{1,15}),"feeFen":(\d{1,15}),`;
const tail = String.raw`"entry":"(?:${Object.keys(receivableOf).join('|')})","batch":"\d{0,6}","stan":"\d{6}","at":\d{1,15}\}`;
const form = new RegExp(head + tail, 'y');

/** What of a line is wanted only where it differs: the line has the form of all of it. */
export const detailsOf = ({ text }: BillEntry): BillLine => JSON.parse(text);

type Facts = Pick<BillRun, 'sha256' | 'bytes' | 'rows' | 'grossFen' | 'feeFen'>;

/** The parts of a file in their order, as long as there are any. */
export function* fileParts(db: Database, sha256: string): Generator<Uint8Array> {
  for (let i = 0; ; i++) {
    const part = getPart(db, sha256, i);
    if (!part) return;
    yield part;
  }
}

interface Sums {
  bytes: number;
  rows: number;
  grossFen: number;
  feeFen: number;
}

/**
 * Reads the lines piece by piece and returns what is wrong with the whole, which is known only at its end. Lines stand in ascending order of their numbers, from
 * `from` to before `before`.
 */
export function* readBill(
  chunks: Iterable<Uint8Array>,
  facts: Facts,
  { from, before }: { readonly from: string; readonly before: string },
): Generator<readonly BillEntry[], BillProblem | undefined> {
  const hash = createHash('sha256');
  const sums: Sums = { bytes: 0, rows: 0, grossFen: 0, feeFen: 0 };
  let [rest, last, fits] = ['', '', true];
  for (const chunk of chunks) {
    hash.update(chunk);
    sums.bytes += chunk.length;
    if (!fits) continue;
    const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    const lines = linesOf(text, end, sums);
    rest = text.slice(end);
    fits =
      lines !== undefined &&
      rest.length <= mostLine &&
      lines.every(({ payment }) => {
        const isNext = payment > last && payment >= from && payment < before;
        last = payment;
        return isNext;
      });
    if (lines && fits) yield lines;
  }
  if (sums.bytes < facts.bytes) return 'MISSING_PART';
  if (hash.digest('hex') !== facts.sha256) return 'BAD_HASH';
  if (!fits || rest !== '') return 'BAD_FORM';
  if (sums.bytes !== facts.bytes || sums.rows !== facts.rows) return 'BAD_COUNT';
  return sums.grossFen === facts.grossFen && sums.feeFen === facts.feeFen ? undefined : 'BAD_SUM';
}

/** Characters of one line at most: what comes without an end must not fill the memory. */
const mostLine = 1_000;

/** The whole lines before `end`, added to the sums; undefined when one has no form. */
function linesOf(text: string, end: number, sums: Sums): BillEntry[] | undefined {
  const lines: BillEntry[] = [];
  for (let at = 0; at < end; at = form.lastIndex + 1) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (!found || text.charCodeAt(form.lastIndex) !== lineFeed) return undefined;
    const [line, payment = '', txn, state, amount, fee] = found;
    const isPaid = state === 'PAID';
    const sign = txn === 'refund' ? -1 : 1;
    const amountFen = Number(amount);
    const fen = isPaid ? sign * amountFen : 0;
    sums.rows += 1;
    sums.grossFen += fen;
    if (isPaid) sums.feeFen += sign * Number(fee);
    lines.push({ payment, isPaid, amountFen, fen, text: line });
  }
  return lines;
}

const lineFeed = 10;
