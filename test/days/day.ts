import { TerminalError } from '../../terminal/base/errors.ts';
import type { Counter, PaymentDialog } from '../../terminal/flows/counter.ts';
import { makeCounter } from '../../terminal/flows/make-counter.ts';
import { startTestSystem, type TestSystem, unionPayCard, visaCard } from '../support/terminal.ts';
import { type TurnableClock, turnableClock } from '../support/turnable-clock.ts';
import { leaving } from './leaving.ts';
import { StateLog } from './state-log.ts';
import type { Deed, Settings } from './steps.ts';

export const secretOf00 = '123456';

/** Short: what is silent is silent for this long, and a busy machine that turns an approval into no answer makes another day, not a wrong one. */
const limits = {
  hostWaitMs: 300,
  reversalWaitMs: 300,
  maxReversalRefusals: 50,
  orderQueryMs: 20,
  orderWaitMs: 1_000,
  cardWaitMs: 1_000,
  codeWaitMs: 1_000,
  pinFreeFen: 999_999_999, // no PIN pad
};
const host = {
  'host.lateAnswerMs': 450,
  'host.walletScanMs': 20,
  'host.walletPinMs': 20,
  'host.codeValidMs': 1_500,
  'offline.enabled': true,
  'offline.maxFen': 200_000,
  'offline.maxTotalFen': 1_000_000,
};

type Asked = Extract<Deed, { readonly how: unknown }>;

/** A day that is being played: a terminal and its host with everything real, who stands at the counter, and what came of it so far. */
export class Day {
  readonly system: TestSystem;
  readonly clock: TurnableClock;
  readonly settings: Settings;
  readonly states = new StateLog();
  /** How often what happened: `sale approved`, `refund REFUND_IN_PROGRESS`. */
  readonly tally = new Map<string, number>();
  readonly backups: string[] = [];
  linkIsDown = false;
  /** A book that came back has another device's shifts, or none. */
  keepsShifts = true;
  lastKey = '';
  wrongSecrets = 0;
  refusals = 0;
  #counter: Counter | undefined;

  private constructor(system: TestSystem, clock: TurnableClock, settings: Settings) {
    this.system = system;
    this.clock = clock;
    this.settings = settings;
  }

  static async open(settings: Settings): Promise<Day> {
    const { clearing, realTime, decisions, refundPolicy, profile, mode, time } = settings;
    const clock = turnableClock(Date.parse(`2026-11-20T${time}+08:00`));
    const hostMerchant = { mode: { mode, cycle: { every: 'DAILY' } } };
    const hostParameters = {
      ...host,
      clearing,
      profile,
      'fee.refundPolicy': refundPolicy,
      'settle.cardCycle': realTime ? 'real-time' : 'T+1',
      'host.settleDecision': decisions,
      'host.refundDecision': decisions,
    };
    const day = new Day(await startTestSystem({ clock, hostParameters, hostMerchant, limits }), clock, settings);
    await day.#logOn();
    return day;
  }

  /** Operator 01 at the keypad. */
  get counter(): Counter {
    if (!this.#counter) throw new Error('nobody is logged on');
    return this.#counter;
  }

  count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  async startTerminal(): Promise<void> {
    await this.system.startTerminal();
    await this.#logOn();
  }

  async #logOn(): Promise<void> {
    this.states.watch(this.system.db);
    this.#counter = makeCounter(this.system.terminal.world, 'keypad');
    await this.#counter.logOn('01', '0000');
  }

  /** Ready to sell, or not within two seconds: then that is how it is. */
  async calm(): Promise<void> {
    if (this.linkIsDown) return;
    const ready = () => {
      const { link, signedIn, reversalsDue, batch, readerProblem } = this.counter.status();
      const isOpen = signedIn && reversalsDue === 0 && batch?.state === 'OPEN';
      return link === 'online' && isOpen && readerProblem === undefined;
    };
    await this.system.eventually('ready', ready, 2_000).catch(() => this.count('not ready'));
  }

  /** Nothing is under way; false when that does not come. */
  rests(): Promise<boolean> {
    this.hearElsewhere();
    const resting = () =>
      this.counter.status().waitingRows === 0 &&
      this.counter.status().reversalsDue === 0 &&
      this.system.host.pending() === 0;
    return this.system.eventually('rest', resting, 2_000).then(
      () => true,
      () => false,
    );
  }

  /** What is refused is counted, an outcome too; anything else that is thrown ends the day. */
  async attempt(what: string, work: () => Promise<string>, isGhost = () => false): Promise<string> {
    try {
      const outcome = await work();
      if (!isGhost()) this.count(`${what} ${outcome}`);
      return outcome;
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      this.refusals += 1;
      if (!isGhost()) this.count(`${what} ${error.code}`);
      return error.code;
    }
  }

  /** What people at the host order; it may refuse. */
  async order(body: Readonly<Record<string, unknown>> & { readonly command: string }): Promise<void> {
    const refused = await this.system.host.command(body).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (refused !== undefined && !/ (404|409) /.test(refused)) throw new Error(refused);
    this.count(`host ${body.command}${refused === undefined ? '' : ' refused'}`);
  }

  /** One of the rows of the terminal's book. */
  pick<T>(which: number, sql: string): T | undefined {
    const rows = this.system.db.prepare<[], T>(sql).all();
    return rows[which % Math.max(1, rows.length)];
  }

  /** The other terminal of the merchant, which is not there, has heard of its refunds. */
  hearElsewhere(): void {
    const { host: there, config } = this.system;
    const waiting = `terminal <> '${config.terminal}' AND down_acked < down_highest`;
    if (there.count(`SELECT count(*) FROM stream WHERE ${waiting}`) === 1)
      there.tamper(`UPDATE stream SET down_acked = down_highest WHERE ${waiting}`);
  }

  /** Cashier and customer of a card transaction. */
  dialog(
    { how, foreign, yes, cancel }: Pick<Asked, 'how' | 'foreign' | 'yes' | 'cancel'>,
    face: AbortSignal,
  ): PaymentDialog {
    const { reader } = this.system.devices;
    const left = leaving(face);
    const card = foreign ? visaCard : unionPayCard;
    const present = () => {
      if (how === 'contactless') reader.present(card);
      if (how === 'swipe') reader.swipe(card);
      if (how === 'chip') reader.insert({ ...card, chip: true });
    };
    return {
      signal: left.signal,
      confirm: async () => yes || cancel !== 'never',
      acceptPart: async () => yes,
      askCode: async ({ problem }) => (yes || problem ? '246810' : '000000'),
      progress: ({ at }) => {
        if (at === 'card' && cancel === 'at the card') left.abort();
        else if (at === 'card') present();
        if (at === 'host' && cancel === 'at the host') setTimeout(() => left.abort(), 10);
      },
    };
  }

  async end(): Promise<void> {
    await this.system.stop();
  }
}

/** At least one fen. */
export const shareOf = (amountFen: number, percent: number): number =>
  Math.max(1, Math.floor((amountFen * percent) / 100));
