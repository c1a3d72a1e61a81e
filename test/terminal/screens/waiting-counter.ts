import type {
  CardToConfirm,
  Counter,
  CounterStatus,
  OfferedCardView,
  SaleOutcome,
  SaleStep,
} from '../../../terminal/flows/counter.ts';
import { cashier, offer, settlement, status, transaction } from './desk.ts';

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
  settlements() {
    return [settlement()];
  }
  checkSettlement(no: string): void {
    this.checked.push(no);
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
