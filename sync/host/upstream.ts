import { sleep } from '../clock.ts';
import type { Answer, Request } from '../protocol/requests.ts';
import type { UpRow } from '../protocol/rows.ts';
import type { Reply } from './answers.ts';
import { applyRow } from './apply-up.ts';
import { authorise } from './authorise.ts';
import { tellBalance } from './balance.ts';
import type { Business, TerminalRef } from './business.ts';
import { endOrder, openOrder, queryOrder } from './code-orders.ts';
import { at, type HostCrashPoint } from './crash-points.ts';
import { doDue, nextDue } from './due-work.ts';
import { findOriginal } from './find-original.ts';
import type { Host } from './host.ts';
import { terminalsOf } from './merchant-records.ts';
import { findTerminal } from './merchants.ts';
import { reverse } from './reverse.ts';
import { signIn } from './sign-in.ts';
import { signOff } from './sign-off.ts';
import type { HostTrx } from './store.ts';
import { sendOtp } from './verification.ts';
import type { Worker } from './worker.ts';

const transacting = { before: 'host.transact-before-commit', after: 'host.transact-after-commit' } as const;
const ordering = { before: 'host.code-before-commit', after: 'host.code-after-commit' } as const;

/** Around the commit of a request that decides something. */
const points: Partial<Record<Request['kind'], { readonly before?: HostCrashPoint; readonly after: HostCrashPoint }>> = {
  'sign-in': { after: 'host.sign-in-after-commit' },
  sale: { before: 'host.approve-before-commit', after: 'host.approve-after-commit' },
  void: transacting,
  preauth: transacting,
  'preauth-void': transacting,
  completion: transacting,
  'completion-void': transacting,
  'code-open': ordering,
  'code-query': ordering,
  'code-close': ordering,
  reverse: { before: 'host.reverse-before-commit', after: 'host.reverse-after-commit' },
};

const duePoints = {
  settlements: ['host.settle-after-accept', 'host.settle-before-decide', 'host.settle-after-decide'],
  refunds: ['host.refund-after-accept', 'host.refund-before-decide', 'host.refund-after-decide'],
  applications: ['host.account-after-accept', 'host.account-before-decide', 'host.account-after-decide'],
  batches: ['host.clear-due', 'host.clear-before-commit', 'host.clear-after-commit'],
} as const;

/** Rows after which something may be due at once. */
const stirring: ReadonlySet<UpRow['kind']> = new Set([
  'settle',
  'refund',
  'batch-end',
  'apply',
  'bill-wanted',
  'notify',
  'issue-invoice',
  'red-invoice',
]);

/** The reference upstream behind the link: answers requests, applies rows, and does what is due. */
export class Upstream implements Business {
  private readonly host: Host;
  /** Called once with what must not happen: the program stops and recovers. */
  private readonly fatal: (error: unknown) => void;
  /** What else goes on behind the requests. */
  private readonly workers: readonly Worker[];
  private readonly stopping = new AbortController();
  private cancelDue: () => void = () => {};
  private running: Promise<void> = Promise.resolve();
  private readonly answering = new Set<Promise<Answer | null>>();

  constructor(host: Host, fatal: (error: unknown) => void, workers: readonly Worker[] = []) {
    this.host = host;
    this.fatal = fatal;
    this.workers = workers;
  }

  /** Takes up what was due while the host was off. */
  start(): void {
    this.stir();
  }

  /** Something may be due now: by a command, or by a row in a transaction that is still open. */
  stir(): void {
    this.dueIn(0);
    for (const worker of this.workers) worker.wake();
  }

  /** Answers that are held back are dropped; what is being written ends first, so that the store may be closed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelDue();
    await Promise.allSettled([this.running, ...this.answering, ...this.workers.map((worker) => worker.stop())]);
  }

  async applyUp(trx: HostTrx, from: TerminalRef, row: UpRow): Promise<void> {
    await applyRow(this.host, trx, from, row);
    // The due work waits for this transaction's end by itself: the store has one writer.
    if (stirring.has(row.kind)) this.stir();
    // What is decided for the merchant goes to all its terminals.
    if (row.kind === 'apply') for (const each of await terminalsOf(trx, from.merchant)) this.host.wake(each);
  }

  async answer(from: TerminalRef, id: string, request: Request): Promise<Answer | null> {
    const answering = this.decideAndWait(from, id, request);
    this.answering.add(answering);
    try {
      return await answering;
    } finally {
      this.answering.delete(answering);
    }
  }

  private async decideAndWait(from: TerminalRef, id: string, request: Request): Promise<Answer | null> {
    const { clock, faults, store } = this.host;
    if (faults.isSilent(clock.now())) return null;
    const point = points[request.kind];
    const reply = await store.transaction().execute(async (trx) => {
      const made = (await findTerminal(trx, from)) ? await this.decide(trx, from, id, request) : null;
      if (point?.before) at(point.before);
      return made;
    });
    if (point) at(point.after);
    if (request.kind === 'sign-in') this.host.wake(from);
    if (!reply || reply.silent || faults.take('drop-answer', request.kind)) return null;
    const lateMs = reply.notBefore - clock.now();
    if (lateMs > 0) await sleep(clock, lateMs, this.stopping.signal);
    return this.stopping.signal.aborted ? null : reply.answer;
  }

  private async decide(trx: HostTrx, from: TerminalRef, id: string, request: Request): Promise<Reply | null> {
    const { host } = this;
    switch (request.kind) {
      case 'sign-in':
        return signIn(host, trx, from, request);
      case 'sign-off':
        return signOff(trx, from, request);
      case 'sale':
      case 'void':
      case 'preauth':
      case 'preauth-void':
      case 'completion':
      case 'completion-void':
        return authorise(host, trx, from, id, request);
      case 'code-open':
        return openOrder(host, trx, from, request);
      case 'code-query':
        return queryOrder(host, trx, from, request);
      case 'code-close':
        return endOrder(host, trx, from, request);
      case 'balance':
        return tellBalance(host, trx, from, request);
      case 'find-original':
        return findOriginal(trx, from, request);
      case 'otp-send':
        return sendOtp(host, trx, from, request);
      case 'reverse':
        return reverse(host, trx, from, id, request);
    }
  }

  /** Looks for due work in `ms`, earlier calls being replaced. */
  private dueIn(ms: number): void {
    this.cancelDue();
    if (this.stopping.signal.aborted) return;
    this.cancelDue = this.host.clock.after(ms, () => {
      this.running = this.running.then(() => this.runDue()).catch(this.fatal);
    });
  }

  private async runDue(): Promise<void> {
    const { clock, store, wake } = this.host;
    while (!this.stopping.signal.aborted) {
      const due = await nextDue(store);
      if (!due) return;
      const waitMs = due.dueAt - clock.now();
      if (waitMs > 0) return this.dueIn(waitMs);
      const [accepted, deciding, decided] = duePoints[due.what];
      at(accepted);
      const told = await store.transaction().execute(async (trx) => {
        const terminals = await doDue(this.host, trx, due);
        at(deciding);
        return terminals;
      });
      at(decided);
      for (const terminal of told) wake(terminal);
      for (const worker of this.workers) worker.wake();
    }
  }
}
