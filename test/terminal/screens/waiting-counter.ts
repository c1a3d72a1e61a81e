import type { BatchDesk } from '../../../terminal/flows/batch-desk.ts';
import type { CodeDesk } from '../../../terminal/flows/code-sale-desk.ts';
import type {
  CardToConfirm,
  Counter,
  CounterStatus,
  OfferedCardView,
  SaleOutcome,
  SaleStep,
} from '../../../terminal/flows/counter.ts';
import type { RefundDesk } from '../../../terminal/flows/give-back-desk.ts';
import type { InvoiceDesk } from '../../../terminal/flows/invoice-desk.ts';
import type { StaffDesk } from '../../../terminal/flows/operators.ts';
import type { RiskDesk } from '../../../terminal/flows/risk-desk.ts';
import type { StoredDesk } from '../../../terminal/flows/stored-sale-desk.ts';
import type { UpkeepDesk } from '../../../terminal/flows/upkeep-desk.ts';
import { cashier, nowMs, offer, operator, settlement, shift, status, transaction } from './desk.ts';

/** What no screen asks for yet. */
const notAsked = (): Promise<never> => Promise.reject(new Error('not asked for'));

/**
 * The other side of the seam between screens and flows, in the test's hand: which step a sale is at, what it asks and how it ends. With the real
 * flows a host, a reader and a database would have to be brought to each of these moments; the storms and scenarios do that.
 */
export class WaitingCounter implements Counter {
  #status: CounterStatus = status({ operator: undefined });
  readonly #listeners = new Set<() => void>();
  signal: AbortSignal | undefined;
  progress: (step: SaleStep) => void = () => undefined;
  confirm: (ask: CardToConfirm) => Promise<boolean> = async () => false;
  end: (outcome: SaleOutcome) => void = () => undefined;
  fallback: boolean | undefined;
  /** Offers a card to whoever waits for one at idle. */
  offer: (card: OfferedCardView) => void = () => undefined;
  awaited: AbortSignal | undefined;
  forgotten = 0;
  refusal: Error | undefined;
  checked: string[] = [];
  statusReads = 0;

  set(with_: Partial<CounterStatus>): void {
    this.#status = { ...this.#status, ...with_ };
    for (const listener of this.#listeners) listener();
  }
  status(): CounterStatus {
    this.statusReads++;
    return this.#status;
  }
  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  async logOn() {
    this.set({ operator: cashier });
    return cashier;
  }
  logOff(): void {
    this.set({ operator: undefined });
  }
  lock(): void {
    this.set({ operator: undefined });
  }
  async handOver() {
    this.set({ operator: undefined });
    return { shift: shift({ endedAt: nowMs }), printProblem: undefined };
  }
  shift() {
    return shift();
  }
  shifts() {
    return [shift()];
  }
  async printShift(): Promise<void> {}
  readonly staff: StaffDesk = {
    list: () => [operator()],
    add: async () => undefined,
    remove: async () => undefined,
    changeSecret: async () => undefined,
    setSecret: async () => undefined,
    unlock: async () => undefined,
  };
  readonly refunds: RefundDesk = {
    find: notAsked,
    refund: notAsked,
    list: () => [],
    byStan: () => undefined,
    byKey: () => undefined,
    reprint: notAsked,
  };
  readonly codes: CodeDesk = { sale: notAsked, byStan: () => undefined };
  readonly stored: StoredDesk = { sale: notAsked, advise: notAsked, waiting: () => [] };
  readonly batches: BatchDesk = { list: () => [], byNo: () => undefined, resume: notAsked, resumeReversal: notAsked };
  readonly risk: RiskDesk = { report: notAsked, isFrozen: () => false };
  readonly upkeep: UpkeepDesk = { echo: notAsked, download: notAsked, tellState: notAsked, troubles: () => [] };
  readonly invoices: InvoiceDesk = {
    offer: notAsked,
    scanTitle: notAsked,
    issue: notAsked,
    red: notAsked,
    list: () => [],
    byNo: () => undefined,
    reprint: notAsked,
  };
  batchSummary() {
    return undefined;
  }
  sale(
    _amount: number,
    signal: AbortSignal,
    progress: (step: SaleStep) => void,
    confirm: (ask: CardToConfirm) => Promise<boolean>,
    fallback?: boolean,
  ): Promise<SaleOutcome> {
    if (this.refusal) return Promise.reject(this.refusal);
    this.fallback = fallback;
    this.signal = signal;
    this.progress = progress;
    this.confirm = confirm;
    return new Promise((resolve) => {
      this.end = resolve;
    });
  }
  preauth = notAsked;
  void = notAsked;
  preauthVoid = notAsked;
  completion = notAsked;
  completionVoid = notAsked;
  balance = notAsked;
  signOff = notAsked;
  offeredCard(signal: AbortSignal): Promise<OfferedCardView | undefined> {
    this.awaited = signal;
    return new Promise((resolve) => {
      this.offer = resolve;
      signal.addEventListener('abort', () => resolve(undefined));
    });
  }
  forgetCard(): void {
    this.forgotten++;
  }
  async selfCheck() {
    return { checks: [] };
  }
  async openDrawer(): Promise<void> {}
  async signIn(): Promise<void> {}
  async closeBatch() {
    return { kind: 'needs-human', batch: '000001' } as const;
  }
  settlementOffer() {
    return offer();
  }
  async settle() {
    return settlement();
  }
  settlementByKey() {
    return undefined;
  }
  async settleOnce() {
    return settlement();
  }
  settlements() {
    return [settlement()];
  }
  checkSettlement(no: string): void {
    this.checked.push(no);
  }
  needsSupervisor() {
    return true;
  }
  listScope() {
    return { of: 'all' } as const;
  }
  query() {
    return transaction();
  }
  transactions() {
    return [transaction()];
  }
  transaction() {
    return transaction();
  }
  lastTransaction() {
    return transaction({ state: 'REVERSED' });
  }
  async reprint(): Promise<void> {}
}
