import type { Business, TerminalRef } from '../../sync/host/business.ts';
import { sendDown } from '../../sync/host/send-down.ts';
import type { HostTrx } from '../../sync/host/store.ts';
import type { Answer, Request } from '../../sync/protocol/requests.ts';
import type { UpRow } from '../../sync/protocol/rows.ts';
import type { Clock } from '../../terminal/base/clock.ts';

const batch = '000001';
const nothing = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };

/** The least business of a host for a batch upload: it finds every batch not balanced and asks for its records, which it takes as they are. */
export class UploadDesk implements Business {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #records = 0;
  #askedAt = Number.NaN;
  #endedAt = Number.NaN;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From the verdict to the end of the batch; NaN before. */
  get uploadMs(): number {
    return this.#endedAt - this.#askedAt;
  }

  /** Resolves when so many records came, or the end of the batch. */
  until(what: number | 'end'): Promise<void> {
    const isThere = () => (what === 'end' ? !Number.isNaN(this.#endedAt) : this.#records >= what);
    return new Promise((resolve) => {
      const look = () => {
        if (!isThere()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async applyUp(trx: HostTrx, from: TerminalRef, row: UpRow): Promise<void> {
    if (row.kind === 'batch-record') this.#records += 1;
    if (row.kind === 'batch-totals') await this.#ask(trx, from);
    if (row.kind === 'batch-end') this.#endedAt = performance.now();
    for (const look of [...this.#waiting]) look();
  }

  answer(_: TerminalRef, __: string, request: Request): Promise<Answer | null> {
    if (request.kind !== 'sign-in') return Promise.resolve(null);
    const answer = { kind: 'sign-in', stan: request.stan, code: '00', batch, rev: 1, merchantName: '账平' } as const;
    return Promise.resolve({ ...answer, parameters: {}, hostTime: this.#clock.now() });
  }

  async #ask(trx: HostTrx, from: TerminalRef): Promise<void> {
    const verdicts = { domestic: 2, foreign: 2, codes: 1 } as const;
    const hostTotals = { domestic: nothing, foreign: nothing, codes: nothing };
    const body = { no: batch, at: this.#clock.now(), batch, verdicts, hostTotals };
    await sendDown(trx, from, { kind: 'batch-verdict', id: batch, body });
    this.#askedAt = performance.now();
  }
}
