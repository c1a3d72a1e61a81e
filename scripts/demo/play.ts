import type { TransactionAnswer } from '../../terminal/cli/contract.ts';
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
import { day } from './day.ts';
import { doWork } from './do-work.ts';
import type { DemoEvent, ResultEvent, SettleEvent } from './event.ts';
import { effectOf, endOf, makeTransaction } from './make-transaction.ts';
import { billCompared, settledAtCut, statementsToCut, turnClock } from './play-night.ts';
import type { Step, Transaction } from './step.ts';
import { until } from './until.ts';

export type Tell = (event: DemoEvent) => void;

/** A terminal as it is shipped, but for a short wait for the host, a quick reversal, and a line that is soon tried again. */
const limits = {
  hostWaitMs: 2_000,
  reversalRetryMs: 200,
  reversalRetryMaxMs: 400,
  orderQueryMs: 100,
  backoffMs: 100,
  backoffMaxMs: 400,
  idleMs: 1_000,
};
const hostTimings = { backOffMinMs: 100, backOffMaxMs: 400 };
/** Offline sales are allowed, and customers are quick with their telephones. */
const hostParameters = { 'offline.enabled': true, 'host.walletScanMs': 400, 'host.walletPinMs': 400 };
const devices = { pinPad: true, scanner: true, display: true };

/** Plays the day on a stage of its own and says what happens. What went otherwise than planned is in `problems`. */
export class Demo {
  readonly #stage: Stage;
  readonly #tell: Tell;
  readonly #seen = { charges: [] as number[], givenBack: [] as number[], holds: [] as number[] };
  #approved = 0;
  readonly #problems: string[] = [];
  readonly #named = new Map<string, TransactionAnswer>();
  readonly #secrets = new Map([
    ['00', '123456'],
    ['01', '0000'],
  ]);
  #cashierNo = '01';
  #paper: (readonly string[])[] = [];

  private constructor(stage: Stage, tell: Tell) {
    this.#stage = stage;
    this.#tell = tell;
  }

  static async open(tell: Tell): Promise<Demo> {
    const stage = await Stage.open({ limits, hostTimings, hostParameters, devices });
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
    await until('an empty outbox', async () => (await waitingRows(this.home)) === 0);
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
          await until('a usable account', async () => (await settlementRefusal(this.home)) === undefined);
        return;
      case 'close':
        return this.#close(step.ends);
      case 'settle':
        return this.#settle(step.ends);
      case 'turn-clock':
        return turnClock(this.#stage, step.to);
      case 'settled-at-cut':
        this.#expect('settlement at the cut', await settledAtCut(this.home), 'SUCCESS');
        this.#tell(await this.#settled());
        return;
      case 'statement':
        for (const statement of await statementsToCut(this.home)) this.#tell(statement);
        return;
      case 'bill': {
        const bill = await billCompared(this.home);
        this.#tell(bill);
        return this.#expect('bill', bill.state, 'BALANCED');
      }
      case 'sale':
      case 'preauth':
      case 'stored-sale':
      case 'void':
      case 'preauth-void':
      case 'completion-void':
      case 'completion':
      case 'completion-advice':
      case 'refund':
      case 'code-sale':
      case 'balance':
        return this.#transact(step);
      default: {
        const by = step.do === 'add-operator' ? '00' : this.#cashierNo;
        await this.#at(by, step.do !== 'line' && step.do !== 'sign-in');
        const done = await doWork(step, {
          stage: this.#stage,
          named: (name) => this.#find(name),
          secretOf: (operator) => this.#secretOf(operator),
          transact: (transaction) => this.#transact(transaction),
        });
        if (step.do === 'add-operator') this.#secrets.set(step.no, step.secret);
        if (step.do === 'hand-over') this.#cashierNo = step.to;
        this.#tell({ kind: 'done', what: step.do, ...done });
        if (!done.ok) this.#problems.push(`${step.do}: ${done.en}`);
      }
    }
  }

  async #transact(step: Transaction): Promise<void> {
    const isOffline = step.do === 'stored-sale';
    await this.#at(this.#cashierNo, !isOffline);
    const { end, amountFen: seenFen } = await makeTransaction(this.#stage, step, (name) => this.#find(name));
    if (end === 'unknown') await this.#at(this.#cashierNo); // its reversal has been delivered by then
    this.#expect(step.do, end, endOf(step));
    const effect = effectOf(step, end);
    if (effect) this.#seen[effect].push(seenFen);
    if (end === 'approved') this.#approved += step.do === 'refund' ? 0 : 1;
    if (step.do === 'balance') {
      const ok = end === 'shown';
      this.#tell({ kind: 'done', what: 'balance', ok, zh: '余额已显示，不保存', en: 'shown, never stored' });
      return;
    }
    const txn = await newestTransaction(this.home);
    if ('as' in step && step.as !== undefined) this.#named.set(step.as, txn);
    const { stan, batch, amountFen, feeFen, entry = '', card = '', state, code, type } = txn;
    const facts = { stan, batch, amountFen, feeFen, entry, card, end, state, code };
    this.#tell(step.do === 'sale' ? { kind: 'sale', ...facts } : { kind: 'transaction', type, ...facts });
  }

  #find(name: string): TransactionAnswer {
    const found = this.#named.get(name);
    if (!found) throw new Error(`the day has no ${name} yet`);
    return found;
  }

  async #close(ends: 'balanced' | 'not-balanced'): Promise<void> {
    await this.#at(this.#cashierNo);
    const batch = await openBatchNo(this.home);
    const verdict = await this.#stage.cashier.closeBatch();
    this.#tell({ kind: 'close', batch, verdict });
    this.#showPaper();
    this.#expect(`close of ${batch}`, verdict, ends);
  }

  async #settle(ends: 'SUCCESS' | 'FAILED' | 'refused'): Promise<void> {
    await this.#at('00');
    if (ends === 'refused')
      await until('an errored account', async () => (await settlementRefusal(this.home)) !== undefined);
    const end = await this.#stage.cashier.settle();
    this.#tell(end === 'refused' ? await this.#notSettled() : await this.#settled());
    this.#expect('settlement', end, ends);
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
    const audited = auditBooks(this.home, { slips: readSlips(papers), approvedOnScreen: this.#approved });
    return readBooks(this.home, (terminal, host) => {
      this.#tell(accountsOf(terminal));
      this.#tell({ kind: 'audit', problems: audited });
      const figures = figuresOf(terminal, host, this.#seen);
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

  /** At the idle screen with this operator; and online, with nothing pending, unless somebody cut the line or signed off. */
  async #at(operator: string, ready = true): Promise<void> {
    await this.#stage.cashier.atIdle(operator, this.#secretOf(operator));
    if (ready) await this.#stage.cashier.ready();
  }

  #secretOf(operator: string): string {
    return this.#secrets.get(operator) ?? '';
  }

  #showPaper(): void {
    if (this.#paper.length > 0) this.#tell({ kind: 'slips', slips: this.#paper });
    this.#paper = [];
  }

  #expect(what: string, found: string, wanted: string): void {
    if (found !== wanted) this.#problems.push(`${what}: ${found} instead of ${wanted}`);
  }
}
