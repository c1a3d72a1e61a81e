import { systemClock } from '../../terminal/base/clock.ts';
import { Stage } from '../stage/stage.ts';
import { auditBooks } from '../storm/audit.ts';
import { readSlips } from '../storm/read-slips.ts';
import {
  checkedLedger,
  newestSettlement,
  newestTransaction,
  openBatchNo,
  settlementRefusal,
  waitingRows,
} from './ask-terminal.ts';
import { accountsOf, figuresOf, readBooks } from './books.ts';
import { day, type Step } from './day.ts';
import type { DemoEvent, ResultEvent, SettleEvent } from './event.ts';

export type Tell = (event: DemoEvent) => void;

/** A terminal as it is shipped, but for a short wait for the host and a quick reversal. */
const limits = { hostWaitMs: 2_000, reversalRetryMs: 200, idleMs: 1_000 };
const look = { everyMs: 20, patienceMs: 10_000 };
const secrets = { '00': '123456', '01': '0000' } as const;

type StepOf<D extends Step['do']> = Extract<Step, { do: D }>;

/** Plays the day on a stage of its own and says what happens. What went otherwise than planned is in `problems`. */
export class Demo {
  readonly #stage: Stage;
  readonly #tell: Tell;
  readonly #seenFen: number[] = [];
  readonly #problems: string[] = [];
  #paper: (readonly string[])[] = [];

  private constructor(stage: Stage, tell: Tell) {
    this.#stage = stage;
    this.#tell = tell;
  }

  static async open(tell: Tell): Promise<Demo> {
    const stage = await Stage.open({ limits, hostTimings: {} });
    const demo = new Demo(stage, tell);
    stage.devices.printer.onSlip(({ lines }) => demo.#paper.push(lines));
    return demo;
  }

  get home(): string {
    return this.#stage.home;
  }

  async close(keep: boolean): Promise<void> {
    await this.#stage.close(keep);
  }

  /** Throws when the day cannot go on. */
  async play(): Promise<ResultEvent> {
    await this.#stage.startBroker();
    await this.#stage.startHost();
    await this.#stage.startTerminal();
    for (const { zh, en, steps } of day) {
      this.#tell({ kind: 'chapter', zh, en });
      for (const step of steps) await this.#carryOut(step);
      this.#showPaper();
    }
    this.#tell({ kind: 'chapter', zh: '日终：查账', en: 'End of the day: checking the books' });
    await this.#until('an empty outbox', async () => (await waitingRows(this.home)) === 0);
    const ledger = await checkedLedger(this.home);
    if (!ledger.ok) this.#problems.push('the ledger check failed');
    this.#tell(ledger);
    await this.#stage.terminal.kill('SIGTERM');
    await this.#stage.host.kill('SIGTERM');
    return this.#audit();
  }

  async #carryOut(step: Step): Promise<void> {
    switch (step.do) {
      case 'note':
        this.#tell({ kind: 'note', zh: step.zh, en: step.en });
        return;
      case 'host':
        await this.#stage.control('POST', step.path, step.order);
        if (step.until === 'account-usable')
          await this.#until('a usable account', async () => (await settlementRefusal(this.home)) === undefined);
        return;
      case 'sale':
        return this.#sale(step);
      case 'close':
        return this.#close(step);
      case 'settle':
        return this.#settle(step);
      case 'reprint':
        await this.#at('01');
        await this.#stage.cashier.reprintLast();
    }
  }

  async #sale(step: StepOf<'sale'>): Promise<void> {
    await this.#at('01');
    const end = await this.#stage.cashier.sale(step.amountFen, step.how, step.card);
    this.#stage.devices.reader.takeAway();
    if (end === 'approved') this.#seenFen.push(step.amountFen);
    if (end === 'unknown') await this.#at('01'); // its reversal has been delivered by then
    const txn = await newestTransaction(this.home);
    const { stan, batch, amountFen, feeFen, entry = '', card = '', state, code } = txn;
    this.#tell({ kind: 'sale', stan, batch, amountFen, feeFen, entry, card, end, state, code });
    this.#expect(`sale ${stan}`, end, step.ends);
  }

  async #close(step: StepOf<'close'>): Promise<void> {
    await this.#at('01');
    const batch = await openBatchNo(this.home);
    const verdict = await this.#stage.cashier.closeBatch();
    this.#tell({ kind: 'close', batch, verdict });
    this.#showPaper();
    this.#expect(`close of ${batch}`, verdict, step.ends);
  }

  async #settle(step: StepOf<'settle'>): Promise<void> {
    await this.#at('00');
    if (step.ends === 'refused')
      await this.#until('an errored account', async () => (await settlementRefusal(this.home)) !== undefined);
    const end = await this.#stage.cashier.settle();
    this.#tell(end === 'refused' ? await this.#notSettled() : await this.#settled());
    this.#expect('settlement', end, step.ends);
  }

  async #settled(): Promise<SettleEvent> {
    const { no, amountFen, maskedAccount, state, reason } = await newestSettlement(this.home);
    return { kind: 'settle', no, amountFen, account: maskedAccount, state, reason };
  }

  async #notSettled(): Promise<SettleEvent> {
    const reason = await settlementRefusal(this.home);
    return { kind: 'settle', no: '', amountFen: 0, account: '', state: 'REFUSED', reason };
  }

  /** Reads both books from their files, after everybody has stopped. */
  #audit(): ResultEvent {
    const papers = this.#stage.devices.printer.slips.map(({ lines }) => lines);
    const audited = auditBooks(this.home, { slips: readSlips(papers), approvedOnScreen: this.#seenFen.length });
    return readBooks(this.home, (terminal, host) => {
      this.#tell(accountsOf(terminal));
      this.#tell({ kind: 'audit', problems: audited });
      const figures = figuresOf(terminal, host, this.#seenFen);
      const problems = [...this.#problems, ...audited];
      const sound =
        figures.ledgerSumFen === 0 && figures.lost === 0 && figures.doubled === 0 && figures.sales.undecided === 0;
      const ok = problems.length === 0 && sound && figures.batches.every((batch) => batch.resolved);
      return {
        kind: 'result',
        ok,
        ...figures,
        slips: papers.length,
        problems,
        seconds: Math.round(process.uptime() * 10) / 10,
      };
    });
  }

  /** At the idle screen with this operator, online, nothing pending. */
  async #at(operator: keyof typeof secrets): Promise<void> {
    await this.#stage.cashier.atIdle(operator, secrets[operator]);
    await this.#stage.cashier.ready();
  }

  #showPaper(): void {
    if (this.#paper.length > 0) this.#tell({ kind: 'slips', slips: this.#paper });
    this.#paper = [];
  }

  #expect(what: string, found: string, wanted: string): void {
    if (found !== wanted) this.#problems.push(`${what}: ${found} instead of ${wanted}`);
  }

  async #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const endMs = systemClock.now() + look.patienceMs;
    while (!(await holds())) {
      if (systemClock.now() > endMs) throw new Error(`waited too long for ${what}`);
      await new Promise<void>((resolve) => systemClock.after(look.everyMs, resolve));
    }
  }
}
