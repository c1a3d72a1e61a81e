import { sleep } from '../clock.ts';
import type { Answer, Request } from '../protocol/requests.ts';
import type { UpRow } from '../protocol/rows.ts';
import type { Reply } from './answers.ts';
import { applyRow } from './apply-up.ts';
import { authorise } from './authorise.ts';
import type { Business, TerminalRef } from './business.ts';
import { at, type HostCrashPoint } from './crash-points.ts';
import { moveDue, nextDue } from './decide-settlement.ts';
import type { Host } from './host.ts';
import { findTerminal } from './merchants.ts';
import { reverse } from './reverse.ts';
import { signIn } from './sign-in.ts';
import type { HostTrx } from './store.ts';

const beforeCommit: Partial<Record<Request['kind'], HostCrashPoint>> = {
  sale: 'host.approve-before-commit',
  reverse: 'host.reverse-before-commit',
};

const afterCommit: Readonly<Record<Request['kind'], HostCrashPoint>> = {
  'sign-in': 'host.sign-in-after-commit',
  sale: 'host.approve-after-commit',
  reverse: 'host.reverse-after-commit',
};

/** The reference upstream behind the link: answers requests, applies rows, and does what is due. */
export class Upstream implements Business {
  private readonly host: Host;
  /** Called once with what must not happen: the program stops and recovers. */
  private readonly fatal: (error: unknown) => void;
  private readonly stopping = new AbortController();
  private cancelDue: () => void = () => {};
  private running: Promise<void> = Promise.resolve();
  private readonly answering = new Set<Promise<Answer | null>>();

  constructor(host: Host, fatal: (error: unknown) => void) {
    this.host = host;
    this.fatal = fatal;
  }

  /** Takes up what was due while the host was off. */
  start(): void {
    this.dueIn(0);
  }

  /** Answers that are held back are dropped; what is being written ends first, so that the store may be closed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelDue();
    await Promise.allSettled([this.running, ...this.answering]);
  }

  async applyUp(trx: HostTrx, from: TerminalRef, row: UpRow): Promise<void> {
    await applyRow(this.host, trx, from, row);
    // The due work waits for this transaction's end by itself: the store has one writer.
    if (row.kind === 'settle') this.dueIn(0);
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
    const reply = await store.transaction().execute(async (trx) => {
      const made = (await findTerminal(trx, from)) ? await this.decide(trx, from, id, request) : null;
      const point = beforeCommit[request.kind];
      if (point) at(point);
      return made;
    });
    at(afterCommit[request.kind]);
    if (request.kind === 'sign-in') this.host.wake(from);
    if (!reply || reply.silent || faults.take('drop-answer', request.kind)) return null;
    const lateMs = reply.notBefore - clock.now();
    if (lateMs > 0) await sleep(clock, lateMs, this.stopping.signal);
    return this.stopping.signal.aborted ? null : reply.answer;
  }

  private async decide(trx: HostTrx, from: TerminalRef, id: string, request: Request): Promise<Reply | null> {
    switch (request.kind) {
      case 'sign-in':
        return signIn(this.host, trx, from, request);
      case 'sale':
        return authorise(this.host, trx, from, id, request);
      case 'reverse':
        return reverse(this.host, trx, from, id, request);
    }
  }

  /** Looks for due work in `ms`, earlier calls being replaced. */
  dueIn(ms: number): void {
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
      if (!due || due.due_at === null) return;
      const waitMs = due.due_at - clock.now();
      if (waitMs > 0) return this.dueIn(waitMs);
      at('host.settle-after-accept');
      await store.transaction().execute(async (trx) => {
        await moveDue(this.host, trx, due, due.no);
        at('host.settle-before-decide');
      });
      at('host.settle-after-decide');
      wake(due);
    }
  }
}
