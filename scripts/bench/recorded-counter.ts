import { checkpoint } from '../../terminal/base/database.ts';
import { fen } from '../../terminal/base/money.ts';
import type { Counter, PaymentDialog, SaleOutcome, TransactionView } from '../../terminal/flows/counter.ts';
import type { StoredOutcome } from '../../terminal/flows/stored-sale-desk.ts';
import type { Terminal } from '../../terminal/main.ts';
import type { Fact, Teller } from './disk-trace.ts';

const patienceMs = 30_000;
const pauseMs = 5;
const tries = 3;
const secretOf00 = '123456';
const weChatCode = '134567890123456789';
const never = new AbortController().signal;

/** States in which a payment may be found for ever after the cashier was told of its end. */
const ends = {
  approved: ['PAID', 'CLEARED', 'VOIDING', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED'],
  held: ['HELD', 'COMPLETED', 'VOIDED', 'EXPIRED'],
  taken: ['STORED', 'PAID', 'CLEARED', 'FAILED'],
  undone: ['DONE'],
  declined: ['FAILED'],
  unknown: ['REVERSING', 'REVERSED', 'NEEDS_HUMAN'],
} as const;

type Outcome = SaleOutcome | StoredOutcome;

/** A cashier and a customer at the counter of the recorded terminal, who write down what they were told at the instant at which they were told. */
export class RecordedCounter {
  readonly #terminal: Terminal;
  readonly #teller: Teller;
  readonly #cashier: Counter;

  constructor(terminal: Terminal, teller: Teller) {
    this.#terminal = terminal;
    this.#teller = teller;
    this.#cashier = terminal.counter();
  }

  async begin(): Promise<void> {
    await this.#cashier.logOn('01', '0000');
    await this.#ready();
  }

  /** Amounts end as the reference host wants it: 51 declined, 98 never answered. */
  async everyTransaction(turn: number): Promise<void> {
    const more = turn * 1_000;
    const sold = await this.#sale(more + 100);
    await this.#sale(more + 200, 'approved', 'swipe');
    await this.#sale(more + 351, 'declined');
    await this.#sale(more + 498, 'unknown');
    const paidByCode = await this.#codeSale(more + 4_000);
    await this.#end('undone', (dialog) => this.#cashier.void(sold.stan, secretOf00, dialog));
    this.#tell({ table: 'payment', no: sold.payment, states: ['VOIDED'] });
    const held = await this.#end('held', (dialog) => this.#cashier.preauth(fen(50_000), dialog));
    const by = { by: 'voucher', stan: held.stan } as const;
    await this.#end('approved', (dialog) => this.#cashier.completion(by, fen(40_000), dialog));
    await this.#end('taken', (dialog) => this.#cashier.stored.sale(fen(more + 300), dialog));
    await this.#refund(paidByCode);
    checkpoint(this.#terminal.world.db); // what an idle terminal does
    await this.#sale(more + 400);
  }

  async salesAndClose(turn: number): Promise<void> {
    for (let n = 1; n <= 3; n++) await this.#sale(turn * 1_000 + n * 100);
    await this.#ready();
    const closed = await this.#cashier.closeBatch(never, () => {});
    if (closed.kind !== 'closed') throw new Error(`the batch is not closed: ${closed.kind}`);
    this.#tell({ table: 'batch', no: closed.batch, states: ['CLOSED'] });
    await this.#settle();
    await this.#sale(turn * 1_000 + 500);
  }

  #sale(
    amountFen: number,
    end: 'approved' | 'declined' | 'unknown' = 'approved',
    how: 'contactless' | 'swipe' = 'contactless',
  ): Promise<TransactionView> {
    return this.#end(
      end,
      ({ signal, progress, confirm }) => this.#cashier.sale(fen(amountFen), signal, progress, confirm),
      how,
    );
  }

  /** From the intent on the row must be there; from the slip on it must be what the paper says. A machine that was too busy gets another chance. */
  async #end(
    end: keyof typeof ends,
    ask: (dialog: PaymentDialog) => Promise<Outcome>,
    how: 'contactless' | 'swipe' = 'contactless',
  ): Promise<TransactionView> {
    const kind = end === 'held' || end === 'undone' ? 'approved' : end === 'taken' ? 'stored' : end;
    for (let tried = 1; ; tried++) {
      await this.#ready();
      const outcome = await ask({
        signal: never,
        confirm: async () => true,
        progress: (step) => {
          this.#tellNewest(step.at === 'printing' ? ends[end] : 'any');
          if (step.at === 'card') this.#terminal.bench.present?.(how);
        },
      });
      if (outcome.kind === kind && 'txn' in outcome) {
        this.#tell({ table: 'payment', no: outcome.txn.payment, states: ends[end] });
        return outcome.txn;
      }
      if (tried === tries) throw new Error(`a transaction ended ${JSON.stringify(outcome)}, not ${kind}`);
    }
  }

  async #codeSale(amountFen: number): Promise<TransactionView> {
    await this.#ready();
    const way = { by: 'customer-shows', typed: weChatCode } as const;
    const outcome = await this.#cashier.codes.sale(fen(amountFen), way, never, (step) => {
      if (step.at === 'printing') this.#tellNewest(ends.approved);
    });
    if (outcome.kind !== 'approved') throw new Error(`the code sale ended ${outcome.kind}`);
    this.#tell({ table: 'payment', no: outcome.txn.payment, states: ends.approved });
    return outcome.txn;
  }

  async #refund(paid: TransactionView): Promise<void> {
    await this.#ready();
    const order = { payment: paid.payment, amount: fen(Math.floor(paid.amountFen / 2)), secret: secretOf00 };
    const { kind, refund } = await this.#cashier.refunds.refund(order, never, () => {});
    if (kind !== 'succeeded') throw new Error(`the refund ended ${kind}`);
    this.#tell({ table: 'refund', no: refund.no, states: ['SUCCESS'] });
  }

  async #settle(): Promise<void> {
    await this.#ready();
    const supervisor = this.#terminal.counter();
    await supervisor.logOn('00', secretOf00);
    const offer = supervisor.settlementOffer();
    const { no, state } = await supervisor.settle(offer.availableFen, offer, never, () => {});
    this.#tell({ table: 'settlement', no, states: state === 'SUCCESS' ? ['SUCCESS', 'RETURNED'] : 'any' });
  }

  /** Online, signed in, nothing to be reversed; and what the host has confirmed must be here for ever. */
  async #ready(): Promise<void> {
    const endMs = performance.now() + patienceMs;
    for (;;) {
      const { link, signedIn, reversalsDue } = this.#cashier.status();
      if (link === 'online' && signedIn && reversalsDue === 0) break;
      if (performance.now() > endMs) throw new Error('the recorded terminal did not come online');
      await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    }
    const { db } = this.#terminal.world;
    const acked = db.prepare<[], number>('SELECT acked_up FROM link_state').pluck().get() ?? 0;
    if (acked > 0) this.#tell({ table: 'outbox', no: String(acked), states: 'any' });
  }

  #tellNewest(states: Fact['states']): void {
    const { db } = this.#terminal.world;
    const no = db.prepare<[], string>('SELECT no FROM payment ORDER BY id DESC LIMIT 1').pluck().get();
    if (no !== undefined) this.#tell({ table: 'payment', no, states });
  }

  #tell(...facts: readonly Fact[]): void {
    this.#teller.tell(facts);
  }
}
