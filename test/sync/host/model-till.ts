import { zeroTotals } from '../../../sync/host/batches.ts';
import type { TerminalRef } from '../../../sync/host/business.ts';
import { feeFen } from '../../../sync/host/fee.ts';
import type { BatchTotals, EntryMode, Group, JournalOnWire, TxnKind } from '../../../sync/protocol/common.ts';
import type { FeeRate } from '../../../sync/protocol/payments.ts';
import type { NewUpRow } from '../../../sync/protocol/rows.ts';
import { businessDate } from './journals.ts';
import { ModelBook } from './model-book.ts';
import type { TestHost } from './start-host.ts';
import { Till } from './till.ts';

/** A payment as the model's terminal has it. */
export interface ModelPayment {
  readonly no: string;
  readonly stan: string;
  readonly batch: string;
  readonly txn: TxnKind;
  readonly grossFen: number;
  readonly feeFen: number;
  readonly entry: EntryMode;
  readonly group: Group;
  readonly rate: FeeRate;
  readonly original: string | null;
  cleared: boolean;
  voided: boolean;
  frozen: string | null;
  /** R and f of successes. */
  refundedFen: number;
  refundedFeeFen: number;
  /** J-06b that was not given back. */
  takenFen: number;
  takenFeeFen: number;
}

interface ModelRefund {
  readonly no: string;
  readonly batch: string;
  readonly stan: string;
  readonly payment: string;
  readonly elsewhere: boolean;
  readonly amountFen: number;
  readonly feeFen: number;
  readonly source: '2001' | '2002';
  readonly entry: EntryMode;
  readonly group: Group;
  /** FAILED: accepted, so it counts on in its batch. */
  state: 'REQUESTED' | 'ACCEPTED' | 'SUCCEEDED' | 'FAILED' | 'REFUSED';
}

export interface Waiting {
  readonly no: string;
  readonly stan: string;
  readonly batch: string;
  readonly txn: 'stored-sale' | 'completion-advice';
  readonly amountFen: number;
  readonly entry: 'CHIP' | 'CONTACTLESS';
}

export const receivable: Readonly<Record<EntryMode, string>> = {
  MAG: '1101',
  CHIP: '1101',
  CONTACTLESS: '1101',
  QR_WECHAT: '1102',
  QR_ALIPAY: '1103',
  QR_UNIONPAY: '1104',
};

/**
 * A terminal that keeps a book by the rules and talks to the host as the link would: its rows wait until they are delivered, and so do the rows from above until
 * they are applied.
 */
export class ModelTill {
  readonly till: Till;
  readonly book: ModelBook;
  readonly payments = new Map<string, ModelPayment>();
  readonly refunds = new Map<string, ModelRefund>();
  readonly waiting = new Map<string, Waiting>();
  readonly voids: { readonly batch: string; readonly group: Group; readonly fen: number }[] = [];
  /** Pre-authorisations that are held, with their amounts. */
  readonly held = new Map<string, number>();
  readonly rows: NewUpRow[] = [];
  /** The last row from above that was applied, and how many were answered. */
  appliedSeq = 0;
  posted = 0;

  constructor(test: TestHost, ref: TerminalRef) {
    this.till = new Till(test, ref);
    this.book = new ModelBook(() => test.clock.now());
  }

  /** Sends the oldest rows. */
  async deliver(count = Number.POSITIVE_INFINITY): Promise<void> {
    for (let i = 0; i < count; i++) {
      const row = this.rows.shift();
      if (!row) return;
      await this.till.up(row);
    }
  }

  totals(): BatchTotals {
    const { batch } = this.till;
    const totals = {
      domestic: { ...zeroTotals.domestic },
      foreign: { ...zeroTotals.foreign },
      codes: { ...zeroTotals.codes },
    };
    for (const p of this.payments.values()) {
      if (p.batch !== batch) continue;
      totals[p.group].debitCount += 1;
      totals[p.group].debitFen += p.grossFen;
    }
    const refunds = [...this.refunds.values()].filter((r) => r.batch === batch && r.state !== 'REFUSED');
    const credits = [
      ...this.voids.filter((v) => v.batch === batch),
      ...refunds.map((r) => ({ group: r.group, fen: r.amountFen })),
    ];
    for (const { group, fen } of credits) {
      totals[group].creditCount += 1;
      totals[group].creditFen += fen;
    }
    return totals;
  }

  newPayment(
    given: Pick<ModelPayment, 'no' | 'stan' | 'txn' | 'grossFen' | 'entry' | 'group' | 'rate' | 'original'>,
  ): ModelPayment {
    const none = { refundedFen: 0, refundedFeeFen: 0, takenFen: 0, takenFeeFen: 0 };
    const p: ModelPayment = {
      ...given,
      ...none,
      batch: this.till.batch,
      feeFen: feeFen(given.grossFen, given.rate),
      cleared: false,
      voided: false,
      frozen: null,
    };
    this.payments.set(p.no, p);
    return p;
  }

  sold(p: ModelPayment): JournalOnWire[] {
    return this.book.post('J-01', p.no, `sale:${p.no}`, [
      [`${receivable[p.entry]}:${businessDate}`, 'D', p.grossFen],
      [`2001:${p.no}`, 'C', p.grossFen],
    ]);
  }

  /** J-03 of what refunds left; a freeze that came before gets its part. */
  clear(p: ModelPayment): JournalOnWire[] {
    p.cleared = true;
    const fee = p.feeFen - p.takenFeeFen;
    const net = p.grossFen - p.takenFen - fee;
    const flag = this.book.freezes.find((freeze) => freeze.no === p.frozen && freeze.byClearing);
    const heldFen = flag ? Math.min(flag.amountFen, net) : 0;
    const held: JournalOnWire['lines'] = flag ? [[`2004:${flag.no}`, 'C', heldFen]] : [];
    const lines: JournalOnWire['lines'] = [
      [`2001:${p.no}`, 'D', net + fee],
      ['2002', 'C', net - heldFen],
      ...held,
      ['4001', 'C', fee],
    ];
    return this.book.post('J-03', p.no, `clear:${p.no}`, lines);
  }

  record(p: ModelPayment, journals: JournalOnWire[]): void {
    const facts = { ...this.factsOf(p, { txn: p.txn, stan: p.stan, original: p.original }), state: 'PAID' as const };
    this.send({ kind: 'payment-recorded', id: p.no, body: this.body(p.no, facts, journals) });
  }

  factsOf(p: ModelPayment, own: { readonly txn: TxnKind; readonly stan: string; readonly original: string | null }) {
    const { grossFen: amountFen, feeFen: fee, rate, entry, group, cleared } = p;
    const none = { card: null, rrn: null, authCode: null, code: '00' };
    return {
      ...own,
      batch: this.till.batch,
      amountFen,
      discountFen: 0,
      feeFen: fee,
      rate,
      entry,
      group,
      cleared,
      ...none,
    };
  }

  send(row: NewUpRow): void {
    this.rows.push(row);
  }

  body<F>(no: string, facts: F, journals: JournalOnWire[]) {
    return { no, at: this.till.test.clock.now(), by: '01', facts, journals };
  }
}
