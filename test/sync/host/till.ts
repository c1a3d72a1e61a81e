import { zeroTotals } from '../../../sync/host/batches.ts';
import type { TerminalRef } from '../../../sync/host/business.ts';
import { chooseRate, feeFen } from '../../../sync/host/fee.ts';
import type { ReverseAnswer, SaleAnswer } from '../../../sync/protocol/card-requests.ts';
import type { BatchTotals, JournalOnWire } from '../../../sync/protocol/common.ts';
import type { Answer, Request, SignInAnswer } from '../../../sync/protocol/requests.ts';
import type { DownKind, DownRow, NewUpRow, UpRow } from '../../../sync/protocol/rows.ts';
import type { CardBlock } from '../../../sync/protocol/sealed.ts';
import type { Settle } from '../../../sync/protocol/settlement.ts';
import { businessDate, clearingJournal, fundingJournal, journal, type Paid, saleJournal } from './journals.ts';
import { sealed, type TestHost, terminal, unionpay } from './start-host.ts';

export interface SaleOptions {
  readonly amountFen?: number;
  readonly payment?: string;
  readonly stan?: string;
  readonly batch?: string;
  readonly card?: CardBlock;
  readonly entry?: 'MAG' | 'CONTACTLESS';
}

/** A terminal as the host sees it: its requests, its rows, its book as far as the host may know it. */
export class Till {
  readonly test: TestHost;
  readonly ref: TerminalRef;
  batch = '000001';
  readonly paid: Paid[] = [];
  private count = 0;
  private seq = 0;
  private seenDown = 0;

  constructor(test: TestHost, ref: TerminalRef = terminal) {
    this.test = test;
    this.ref = ref;
  }

  ask(id: string, request: Request): Promise<Answer | null> {
    return this.test.upstream.answer(this.ref, id, request);
  }

  async signIn(): Promise<SignInAnswer> {
    const stan = this.next().stan;
    const answer = await this.ask(`sign-in:${stan}`, { kind: 'sign-in', stan, operator: '01', batch: null });
    if (answer?.kind !== 'sign-in') throw new Error('sign-in was not answered');
    this.batch = answer.batch;
    return answer;
  }

  next(): { payment: string; stan: string } {
    this.count += 1;
    const n = String(this.count).padStart(6, '0');
    return { payment: `PAY${this.ref.terminal}${n}`, stan: n };
  }

  saleRequest(options: SaleOptions = {}): Extract<Request, { kind: 'sale' }> {
    const fresh = this.next();
    const payment = options.payment ?? fresh.payment;
    return {
      kind: 'sale',
      payment,
      stan: options.stan ?? fresh.stan,
      batch: options.batch ?? this.batch,
      operator: '01',
      amountFen: options.amountFen ?? 10_000,
      entry: options.entry ?? 'CONTACTLESS',
      card: sealed(options.card ?? unionpay, payment),
    };
  }

  async sale(request: Extract<Request, { kind: 'sale' }>): Promise<SaleAnswer | null> {
    const answer = await this.ask(`${request.payment}:sale:${request.stan}`, request);
    if (answer !== null && answer.kind !== 'sale') throw new Error('another kind of answer');
    return answer;
  }

  async reverse(
    request: Extract<Request, { kind: 'sale' }>,
    change: { amountFen?: number } = {},
  ): Promise<ReverseAnswer | null> {
    const { payment, stan, batch, amountFen } = request;
    const asked = {
      kind: 'reverse',
      payment,
      of: 'sale',
      stan,
      batch,
      amountFen,
      reason: 'NO_ANSWER',
      ...change,
    } as const;
    const answer = await this.ask(`${payment}:reverse:${stan}`, asked);
    if (answer !== null && answer.kind !== 'reverse') throw new Error('another kind of answer');
    return answer;
  }

  /** Hands a row to the host in a transaction, as the link does. */
  up(row: NewUpRow): Promise<void> {
    this.seq += 1;
    const numbered: UpRow = { ...row, seq: this.seq };
    return this.test.host.store.transaction().execute((trx) => this.test.upstream.applyUp(trx, this.ref, numbered));
  }

  /** A sale from the request to the record: approved, booked here, sent up. */
  async pay(options: SaleOptions = {}): Promise<Paid> {
    const request = this.saleRequest(options);
    const answer = await this.sale(request);
    if (answer?.code !== '00' || !answer.rate) throw new Error(`not approved: ${answer?.code}`);
    return this.record({ ...options, payment: request.payment, stan: request.stan, group: answer.group });
  }

  /** A record of a payment, whatever the host thinks of it. */
  async record(options: SaleOptions & { group?: 'domestic' | 'foreign'; date?: string }): Promise<Paid> {
    const fresh = this.next();
    const amountFen = options.amountFen ?? 10_000;
    const entry = options.entry ?? 'CONTACTLESS';
    const rate = chooseRate(rates, entry, amountFen);
    const paid: Paid = {
      payment: options.payment ?? fresh.payment,
      stan: options.stan ?? fresh.stan,
      amountFen,
      feeFen: feeFen(amountFen, rate),
      group: options.group ?? 'domestic',
      entry,
      rateId: rate.id,
    };
    await this.up({
      kind: 'payment-recorded',
      id: paid.payment,
      body: {
        no: paid.payment,
        at: this.test.clock.now(),
        by: '01',
        facts: {
          txn: 'sale',
          state: 'PAID',
          batch: options.batch ?? this.batch,
          stan: paid.stan,
          amountFen,
          discountFen: 0,
          feeFen: paid.feeFen,
          rate,
          entry,
          group: paid.group,
          card: '622202*********5665',
          rrn: null,
          authCode: null,
          code: '00',
          cleared: false,
          original: null,
        },
        journals: [saleJournal(paid.payment, amountFen, options.date)],
      },
    });
    this.paid.push(paid);
    return paid;
  }

  totals(): BatchTotals {
    const totals = {
      domestic: { ...zeroTotals.domestic },
      foreign: { ...zeroTotals.foreign },
      codes: zeroTotals.codes,
    };
    for (const { group, amountFen } of this.paid) {
      totals[group].debitCount += 1;
      totals[group].debitFen += amountFen;
    }
    return totals;
  }

  sendTotals(change: { id?: string; batch?: string; businessDate?: string; totals?: BatchTotals } = {}): Promise<void> {
    const batch = change.batch ?? this.batch;
    const totals = change.totals ?? this.totals();
    const facts = { batch, businessDate: change.businessDate ?? businessDate, totals, records: this.paid.length };
    return this.up({ kind: 'batch-totals', id: change.id ?? batch, body: this.body(batch, facts, []) });
  }

  sendRecord(paid: Paid): Promise<void> {
    const { payment, stan, group, amountFen, feeFen: fee, rateId, entry } = paid;
    const txn = 'sale';
    const facts = {
      batch: this.batch,
      payment,
      stan,
      txn,
      side: 'debit',
      group,
      amountFen,
      feeFen: fee,
      rateId,
      entry,
      rrn: null,
    } as const;
    return this.up({ kind: 'batch-record', id: `${this.batch}:${payment}`, body: this.body(payment, facts, []) });
  }

  sendEnd(uploaded = 0, id = this.batch): Promise<void> {
    return this.up({ kind: 'batch-end', id, body: this.body(this.batch, { batch: this.batch, uploaded }, []) });
  }

  /** Totals, records where the verdict asks for them, end. */
  async close(): Promise<void> {
    await this.sendTotals();
    const verdict = (await this.down('batch-verdict')).at(-1)?.body.verdicts;
    const asked = this.paid.filter((p) => verdict?.[p.group] === 2);
    for (const paid of asked) await this.sendRecord(paid);
    await this.sendEnd(asked.length);
  }

  /** Posts what clearing and funds of the last close cause, as the terminal does. */
  async postClearing(): Promise<void> {
    for (const p of this.paid) await this.post('batch-cleared', clearingJournal(p));
    if (this.paid.length === 0) return;
    for (const { body } of (await this.down('funds-received')).slice(-1))
      await this.post('funds-received', fundingJournal(body));
  }

  post(causeKind: DownKind, ...journals: JournalOnWire[]): Promise<void> {
    const id = journals.map((j) => j.key).join('+');
    return this.up({
      kind: 'posted',
      id,
      body: this.body('posted', { causeSeq: 1, causeKind, causeId: null, batch: this.batch }, journals),
    });
  }

  /** Cleared and funded: the till has money to settle. Returns the available balance. */
  async earn(amountFen: number): Promise<number> {
    await this.signIn();
    const paid = await this.pay({ amountFen });
    await this.close();
    await this.postClearing();
    return paid.amountFen - paid.feeFen;
  }

  settle(
    no: string,
    amountFen: number,
    change: Partial<Settle['facts']> & { by?: string; journals?: JournalOnWire[]; id?: string } = {},
  ): Promise<void> {
    const { by = '00', journals: given, id = no, ...changed } = change;
    const facts: Settle['facts'] = { amountFen, mode: 'MANUAL', accountVersion: 1, rev: 1, cut: null, ...changed };
    const journals = given ?? [
      journal('J-20', no, `settle:${no}`, [
        ['2002', 'D', amountFen],
        [`2005:${no}`, 'C', amountFen],
      ]),
    ];
    return this.up({ kind: 'settle', id, body: this.body(no, facts, journals, by) });
  }

  /** Every row that the host queued for this terminal, of one kind. */
  async down<K extends DownKind>(kind: K): Promise<Extract<DownRow, { kind: K }>[]> {
    const rows = await this.test.host.store
      .selectFrom('outbox')
      .innerJoin('stream', 'stream.id', 'outbox.stream')
      .select(['outbox.seq', 'outbox.kind', 'outbox.id', 'outbox.body'])
      .where((eb) => eb.and({ 'stream.terminal': this.ref.terminal, 'outbox.kind': kind }))
      .orderBy('outbox.seq')
      .execute();
    return rows.map((row) => ({ ...row, body: JSON.parse(row.body) }) as Extract<DownRow, { kind: K }>);
  }

  /** Every row queued for this terminal after a seq, in order. */
  async newsAfter(seq: number): Promise<DownRow[]> {
    const rows = await this.test.host.store
      .selectFrom('outbox')
      .innerJoin('stream', 'stream.id', 'outbox.stream')
      .select(['outbox.seq', 'outbox.kind', 'outbox.id', 'outbox.body'])
      .where('stream.terminal', '=', this.ref.terminal)
      .where('outbox.seq', '>', seq)
      .orderBy('outbox.seq')
      .execute();
    return rows.map((row) => ({ ...row, body: JSON.parse(row.body) }) as DownRow);
  }

  /** Kinds of the rows queued since the last call, in order. */
  async newDown(): Promise<string[]> {
    const rows = await this.test.host.store
      .selectFrom('outbox')
      .innerJoin('stream', 'stream.id', 'outbox.stream')
      .select(['outbox.seq', 'outbox.kind'])
      .where('stream.terminal', '=', this.ref.terminal)
      .where('outbox.seq', '>', this.seenDown)
      .orderBy('outbox.seq')
      .execute();
    this.seenDown = rows.at(-1)?.seq ?? this.seenDown;
    return rows.map((row) => row.kind);
  }

  async approvals(): Promise<Record<string, string>> {
    const rows = await this.test.host.store
      .selectFrom('approvals')
      .select(['payment', 'state'])
      .where('terminal', '=', this.ref.terminal)
      .execute();
    return Object.fromEntries(rows.map((row) => [row.payment, row.state]));
  }

  private body<F>(no: string, facts: F, journals: JournalOnWire[] = [], by = '01') {
    return { no, at: this.test.clock.now(), by, facts, journals };
  }
}

const rates = { normalPpm: 6000, contactlessPpm: 3800, contactlessMaxFen: 100_000, qrPpm: 3800 };
