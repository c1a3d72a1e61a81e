import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../terminal/base/clock.ts';
import { socketIn } from '../../terminal/cli/contract.ts';
import { ChildFailed } from '../stage/child.ts';
import { callJson } from '../stage/socket.ts';
import { Stage } from '../stage/stage.ts';
import { auditBooks, type Witness } from './audit.ts';
import { Desk } from './desk.ts';
import type { Plan, Step } from './plan.ts';
import { readSlips } from './read-slips.ts';

export interface RoundResult {
  /** Whether the victim died where it was told to. */
  readonly died: boolean;
  readonly problems: readonly string[];
  readonly home: string;
}

/** Times as short as a machine of two cores can keep. */
const limits = {
  hostWaitMs: 300,
  reversalWaitMs: 1_500,
  reversalRetryMs: 50,
  reversalRetryMaxMs: 200,
  resendMs: 50,
  resendMaxMs: 500,
  backoffMs: 20,
  backoffMaxMs: 200,
  idleMs: 200,
  orderQueryMs: 50,
  orderWaitMs: 3_000,
};
const hostTimings = {};
const hostParameters = { 'offline.enabled': true, 'host.walletScanMs': 20 };
const card = { pan: '6222021234567890128', expiry: '3012' };
const patienceMs = 40_000;

/** Plays one round with real processes, kills the victim, brings everything back, ends the day, and audits both books. */
export async function playRound(plan: Plan, brokerUrl?: string): Promise<RoundResult> {
  const stage = await Stage.open({
    limits,
    hostTimings,
    hostParameters,
    ...(plan.realTime && { merchant: { mode: { mode: 'REALTIME', cycle: { every: 'DAILY' } } } }),
    ...(brokerUrl !== undefined && { brokerUrl }),
  });
  const round = new Round(stage, plan);
  let keep = false;
  try {
    await round.play();
    const problems = auditBooks(stage.home, round.witness());
    keep = problems.length > 0;
    return { died: round.died, problems, home: stage.home };
  } catch (error) {
    keep = true;
    const screen = await stage.cashier.screen().catch(() => []);
    const text = error instanceof Error ? error.message : String(error);
    return {
      died: round.died,
      problems: [`${text}\n${screen.join('\n')}\n${stage.terminal.words()}\n${stage.host.words()}`],
      home: stage.home,
    };
  } finally {
    round.over = true;
    await stage.close(keep);
  }
}

class Round {
  readonly #stage: Stage;
  readonly #plan: Plan;
  readonly #desk: Desk;
  #approved = 0;
  died = false;
  over = false;

  constructor(stage: Stage, plan: Plan) {
    this.#stage = stage;
    this.#plan = plan;
    this.#desk = new Desk(stage.home);
  }

  async play(): Promise<void> {
    const { victim, steps } = this.#plan;
    const stage = this.#stage;
    const endMs = systemClock.now() + patienceMs;
    await stage.startBroker();
    await stage.startHost(victim.who === 'host' ? `${victim.point}:${victim.nth}` : undefined);
    this.#watchHost();
    await this.#startTerminal(this.#crashFrom(undefined));
    if (victim.who === 'broker') this.#planBrokersEnd(victim.sale, victim.afterMs);
    for (const step of steps) {
      while (!(await this.#attempt(step))) {
        if (systemClock.now() > endMs) throw new Error(`the day did not end: stuck at ${step.do}`);
      }
    }
    await this.#endOfDay();
  }

  witness(): Witness {
    const slips = readSlips(this.#stage.devices.printer.slips.map(({ lines }) => lines));
    return { approvedOnScreen: this.#approved, slips };
  }

  /** One step; false when it has to be tried again because somebody died meanwhile or the system was not ready. */
  async #attempt(step: Step): Promise<boolean> {
    try {
      await (step.do === 'settle'
        ? this.#stage.cashier.atIdle('00', '123456')
        : this.#stage.cashier.atIdle('01', '0000'));
      await this.#stage.cashier.ready();
      return await this.#carryOut(step);
    } catch (error) {
      const end = await this.#endOfTerminal();
      if (end === undefined) throw error;
      if (end !== 'SIGKILL') throw new Error(`the terminal ended by itself: ${this.#stage.terminal.words()}`);
      this.died = true;
      this.#stage.devices.reader.takeAway();
      await this.#startTerminal();
      // The outcome is whatever the books say; it is not pressed again. A close, a settlement and what has a key is asked for again.
      return !['close', 'settle', 'refund', 'invoice'].includes(step.do);
    }
  }

  /** How the terminal ended; undefined when it lives. A broken socket is heard a moment before the end of its process. */
  #endOfTerminal(): Promise<NodeJS.Signals | number | undefined> {
    const aMoment = new Promise<undefined>((resolve) => systemClock.after(500, () => resolve(undefined)));
    return Promise.race([this.#stage.terminal.exited, aMoment]);
  }

  async #carryOut(step: Step): Promise<boolean> {
    const { cashier } = this.#stage;
    switch (step.do) {
      case 'card': {
        if (step.forget) await this.#fault({ kind: 'forget-approval', times: 1 });
        const end = await cashier.sale(step.amountFen, step.how, card, step.txn);
        this.#stage.devices.reader.takeAway();
        // What was taken offline may be refused yet.
        if (end === 'approved' && step.txn !== 'stored-sale') this.#approved += 1;
        return end !== 'refused';
      }
      case 'cancelled':
        await cashier.cancelledSale(step.amountFen, card);
        this.#stage.devices.reader.takeAway();
        return true;
      case 'code':
        return (await cashier.codeSale(step.amountFen)) !== 'refused';
      case 'void':
        return this.#desk.void();
      case 'refund':
        if (step.fail) await this.#fault({ kind: 'refund-fail', reason: 'BANK_REFUSED', times: 1 });
        return this.#desk.refund(step.key);
      case 'report':
        return this.#desk.report();
      case 'invoice':
        return this.#desk.invoice(step.key);
      case 'expire':
        return this.#restartWith(step.do, expireHolds);
      case 'lose-book':
        await this.#drained();
        return this.#restartWith(step.do, loseBook);
      case 'close':
        return (await cashier.closeBatch()) !== 'other';
      case 'settle':
        if (step.fail) await this.#fault({ kind: 'settle-fail', reason: 'BANK_REFUSED', times: 1 });
        await cashier.settle();
        return true;
    }
  }

  /** The crash that the terminal is armed for at its start behind this step; undefined: at the first one. Until it has died it stays armed. */
  #crashFrom(step: Step['do'] | undefined): string | undefined {
    const { victim } = this.#plan;
    if (victim.who !== 'terminal' || this.died) return undefined;
    return victim.from === undefined || victim.from === step ? `${victim.point}:${victim.nth}` : undefined;
  }

  async #restartWith(step: Step['do'], change: (home: string) => void): Promise<boolean> {
    await this.#stage.terminal.kill('SIGTERM');
    change(this.#stage.home);
    await this.#startTerminal(this.#crashFrom(step));
    return true;
  }

  /** The host has every row: what it does not have is lost with the book. */
  async #drained(): Promise<void> {
    const endMs = systemClock.now() + patienceMs;
    for (;;) {
      const status = (await callJson(socketIn(this.#stage.home), 'GET', '/v1/status')) as { waitingRows: number };
      if (status.waitingRows === 0) return;
      if (systemClock.now() > endMs) throw new Error(`${status.waitingRows} rows were never acknowledged`);
      await new Promise<void>((resolve) => systemClock.after(20, resolve));
    }
  }

  /** A fault may find the host dead: then this round goes without it. */
  async #fault(fault: object): Promise<void> {
    await this.#stage.control('POST', '/fault', fault).catch(() => undefined);
  }

  async #startTerminal(crash?: string): Promise<void> {
    try {
      await this.#stage.startTerminal(crash);
    } catch (error) {
      if (!(error instanceof ChildFailed) || error.end !== 'SIGKILL') throw error;
      this.died = true;
      await this.#stage.startTerminal();
    }
  }

  /** A host that dies is started again, as an operator of the acquirer would. */
  #watchHost(): void {
    void this.#stage.host.exited.then(async (end) => {
      if (this.over || end !== 'SIGKILL') return;
      this.died = true;
      await this.#stage.startHost();
      this.#watchHost();
    });
  }

  #planBrokersEnd(sale: number, afterMs: number): void {
    let asked = 0;
    this.#stage.devices.reader.onActivate(() => {
      asked += 1;
      if (asked === sale) systemClock.after(afterMs, () => void this.#restartBroker());
    });
  }

  async #restartBroker(): Promise<void> {
    await this.#stage.broker?.kill('SIGKILL');
    this.died = true;
    await this.#stage.startBroker();
  }

  /** Whatever is open is closed, until both sides are at rest; then everything is stopped, and the books can be read. */
  async #endOfDay(): Promise<void> {
    const { cashier } = this.#stage;
    while (!(await this.#attempt({ do: 'close' })));
    await cashier.atIdle('01', '0000');
    await cashier.ready();
    await this.#drained();
    this.over = true;
    await this.#stage.terminal.kill('SIGTERM');
    await this.#stage.host.kill('SIGTERM');
  }
}

/** As the clock would do it in thirty days. */
function expireHolds(home: string): void {
  const db = new Sqlite(join(home, 'terminal.db'));
  db.exec(
    "UPDATE payment SET valid_until = 1 WHERE txn = 'preauth' AND state = 'HELD'; UPDATE due_work SET due_at = 1 WHERE kind = 'preauth-expiry'",
  );
  db.close();
}

function loseBook(home: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(join(home, `terminal.db${part}`), { force: true });
}
