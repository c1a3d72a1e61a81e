import { Connection, type DriverOptions } from '../connection.ts';
import type { ReceiptPrinter, Slip } from '../devices.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import { printerStatusDecoder } from '../framing/escpos-status.ts';
import { goodCondition, isRecoverable, type PrinterCondition, problemOf } from './condition.ts';
import { ByBufferedStatus, ByProcessId, type Confirmations } from './confirmations.ts';
import { AUTOMATIC_STATUS_ON } from './encode-slip.ts';
import { type LaidLine, layOut, unprintable } from './layout.ts';
import { type PrinterLink, PrinterTalk } from './printer-talk.ts';
import type { PrinterProfile } from './profiles.ts';
import type { Frame } from './realtime-status.ts';
import { SlipJob } from './slip-job.ts';

export interface PrinterOptions extends DriverOptions {
  readonly profile: PrinterProfile;
  /** The pin of the drawer port to which the cash drawer is wired; 2 when not given. */
  readonly drawerPin?: 2 | 5;
  /** How far apart answers can come that the printer gives at once; 100 ms when not given. The first slip of a connection may wait for twice that. */
  readonly answersApartMs?: number;
}

const UNANSWERED_MS = 1_000;
const QUIET_MS = 200;
const RECOVERY_MS = 500;
/** `DLE ENQ 1`: go on from the line at which the error stopped it. */
const RECOVER = Uint8Array.of(0x10, 0x05, 0x01);
/** On for 50 ms, off for 500 ms, in units of 2 ms. */
const PULSE = [0x19, 0xfa];

/**
 * A receipt printer that speaks ESC/POS. Slips that come while another is printed wait for their turn. The slip that failed last is kept in
 * memory for `resume`.
 */
export function escposPrinter(options: PrinterOptions): ReceiptPrinter {
  const { profile, drawerPin = 2, answersApartMs = 100, ...driverOptions } = options;
  const driver = new EscposPrinter(driverOptions, profile, answersApartMs);
  const { connection } = driver;
  const countReplaced = (slip: Slip): void => {
    const characters = unprintable(slip);
    if (characters > 0) options.log?.('printer.characters-replaced', { device: options.name, characters });
  };
  return {
    ...connection.device(),
    columns: profile.columns,
    async print(slip, signal) {
      const job = new SlipJob(layOut(slip, profile.columns), profile);
      countReplaced(slip);
      try {
        await connection.use((link) => driver.print(link, job, signal), signal);
      } catch (error) {
        driver.failed = job;
        throw error;
      }
    },
    async resume(head, signal) {
      const lines = layOut(head, profile.columns);
      return connection.use((link) => driver.resume(link, lines, signal), signal);
    },
    openDrawer: () => connection.use((link) => driver.openDrawer(link, drawerPin)),
  };
}

class EscposPrinter {
  readonly connection: Connection<Frame>;
  failed: SlipJob | undefined;
  readonly #options: DriverOptions;
  readonly #profile: PrinterProfile;
  readonly #confirmations: Confirmations | undefined;
  /** undefined: the printer has no line to say anything on. */
  readonly #talk: PrinterTalk | undefined;
  #isNewLink = true;
  /** Of a section of which the printer may have received only the beginning. */
  #tornBytes = 0;

  constructor(options: DriverOptions, profile: PrinterProfile, answersApartMs: number) {
    const { name, clock, random } = options;
    this.#options = options;
    this.#profile = profile;
    const confirmations = confirmationsOf(profile, random);
    const report = (condition: PrinterCondition): void => this.#report(condition);
    const talk = confirmations && new PrinterTalk({ device: name, clock, confirmations, answersApartMs, report });
    this.#confirmations = confirmations;
    this.#talk = talk;
    this.connection = new Connection<Frame>(options, {
      decoder: (emit) => {
        talk?.realtime.forget();
        this.#isNewLink = true;
        return printerStatusDecoder((frame) => talk && emit(talk.realtime.named(frame)));
      },
      settle: async (link) => (talk ? this.#settle(link, talk) : this.#report(goodCondition)),
      ...(talk && { check: async (link: PrinterLink) => this.#report(await talk.realtime.read(link)) }),
      unsolicited: (frame) => talk?.take(frame) ?? false,
    });
  }

  async print(link: PrinterLink, job: SlipJob, signal: AbortSignal | undefined): Promise<void> {
    this.failed = undefined;
    const talk = this.#talk;
    if (!talk) return this.#sendOnly(link, job);
    await this.#makeReady(link, talk, signal);
    await talk.during(link, async () => {
      if (this.#confirmations?.isOld) await talk.drain(link, signal);
      await this.#bring(link, talk, job, signal);
    });
  }

  async resume(link: PrinterLink, head: readonly LaidLine[], signal: AbortSignal | undefined): Promise<boolean> {
    const [talk, job] = [this.#talk, this.failed];
    if (!job) return false;
    if (talk) {
      await this.#makeReady(link, talk, signal);
      await talk.during(link, async () => {
        await talk.drain(link, signal);
        await this.#continue(job, head, () => this.#bring(link, talk, job, signal));
      });
    } else await this.#continue(job, head, () => this.#sendOnly(link, job));
    this.failed = undefined;
    return true;
  }

  /** Never while the printer cannot work: a pulse that waits in its buffer would open the drawer when nobody stands there. */
  async openDrawer(link: PrinterLink, pin: 2 | 5): Promise<void> {
    const bytes = Uint8Array.of(0x1b, 0x70, pin === 5 ? 1 : 0, ...PULSE);
    const talk = this.#talk;
    if (!talk) return link.send(bytes);
    await this.#makeReady(link, talk);
    await talk.during(link, async () => {
      if (this.#confirmations?.isOld) await talk.drain(link);
      let isOpen = false;
      const done = (): void => {
        isOpen = true;
      };
      const pulses = [{ bytes, onPaper: done, onLost: done }];
      while (!isOpen) await talk.answer(link, 'drawer', () => pulses.shift());
    });
  }

  async #continue(job: SlipJob, head: readonly LaidLine[], bring: () => Promise<void>): Promise<void> {
    this.#options.log?.('printer.resume', { device: this.#options.name, missingLines: job.missingLines });
    if (job.isOnPaper) return;
    job.again(head);
    await bring();
  }

  /** Sends what the printer has room for, waits for a confirmation, and so on to the end. */
  async #bring(link: PrinterLink, talk: PrinterTalk, job: SlipJob, signal: AbortSignal | undefined): Promise<void> {
    while (!job.isOnPaper) {
      if (job.isTorn) {
        const details = { problem: 'RESTARTED' };
        throw new DeviceError('DEVICE_FAULT', this.#options.name, 'the printer lost a part of the slip', details);
      }
      try {
        await talk.answer(link, 'print', () => job.takeSection(), signal);
      } catch (error) {
        if (isDeviceError(error) && error.code === 'DEVICE_ABSENT') this.#tornBytes = job.lastBytes;
        throw error;
      }
    }
  }

  async #sendOnly(link: PrinterLink, job: SlipJob): Promise<void> {
    for (const bytes of job.takeAll()) await link.send(bytes);
    job.wasPrinted();
  }

  /**
   * Waits until late answers have passed. What the printer still has in its buffer stays there: there is no way to clear it that all
   * printers know.
   */
  async #settle(link: PrinterLink, { realtime }: PrinterTalk): Promise<void> {
    if (!this.#isNewLink) await link.pause(realtime.isAnswered ? QUIET_MS : UNANSWERED_MS);
    this.#isNewLink = false;
    realtime.forget();
    // A printer that waits for the rest of a picture would take every command for that.
    if (this.#tornBytes > 0) await link.send(new Uint8Array(this.#tornBytes));
    this.#tornBytes = 0;
    this.#report(await realtime.read(link));
    if (this.#profile.automaticStatus) await link.send(Uint8Array.from(AUTOMATIC_STATUS_ON));
  }

  /** Throws when the printer cannot work. Somebody has asked for paper, so an error that only waits to be acknowledged is acknowledged. */
  async #makeReady(link: PrinterLink, talk: PrinterTalk, signal?: AbortSignal): Promise<void> {
    let condition = await talk.realtime.read(link, signal);
    if (isRecoverable(condition)) {
      await link.send(RECOVER);
      await link.pause(RECOVERY_MS);
      condition = await talk.realtime.read(link, signal);
    }
    this.#report(condition);
    const problem = problemOf(condition);
    if (problem) throw talk.problemError(problem);
  }

  #report(condition: PrinterCondition): void {
    const problem = problemOf(condition);
    const warning = condition.pausing ? 'OVERHEATED' : condition.paperNearEnd ? 'PAPER_NEAR_END' : undefined;
    if (problem) this.connection.report({ state: 'fault', problem });
    else this.connection.report(warning ? { state: 'ready', problem: warning } : { state: 'ready' });
  }
}

function confirmationsOf({ confirmation }: PrinterProfile, random: () => number): Confirmations | undefined {
  switch (confirmation) {
    case 'process-id':
      return new ByProcessId(random);
    case 'buffered-status':
      return new ByBufferedStatus();
    case 'none':
      return undefined;
  }
}
