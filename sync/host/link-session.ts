import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Ack } from '../protocol/messages.ts';
import type { SendLimits } from '../stream/rules.ts';
import { Sending } from '../stream/sending.ts';
import { rowsPayload } from '../stream/wire-row.ts';
import type { TerminalRef } from './business.ts';
import type { HostStore } from './store.ts';
import { downHighest, readDown, type Stream } from './stream-store.ts';

export interface SessionOptions {
  readonly of: TerminalRef;
  /** As it was at the hello. */
  readonly stream: Stream;
  readonly terminalBoot: string;
  readonly hostBoot: string;
  readonly store: HostStore;
  readonly clock: Clock;
  readonly elapsedMs: () => number;
  readonly limits: SendLimits;
  readonly publish: (payload: string) => Promise<boolean>;
  readonly log: Log;
}

/** The host's sending end to one terminal, from its hello to its loss. */
export class Session {
  readonly of: TerminalRef;
  readonly terminalBoot: string;
  readonly sending: Sending;
  readonly #downEpoch: string;

  constructor(options: SessionOptions) {
    const { of, stream, store, log, hostBoot } = options;
    const { merchant, terminal } = of;
    this.of = of;
    this.terminalBoot = options.terminalBoot;
    this.#downEpoch = stream.down_epoch ?? '';
    this.sending = new Sending(
      {
        ...options,
        // The host's rows are small and its broker is near: what ends a connection is not one of them.
        limits: { ...options.limits, aloneAfter: Number.POSITIVE_INFINITY, asideAfter: Number.POSITIVE_INFINITY },
        highest: () => downHighest(store, stream.id),
        read: (from, to, bytes) => readDown(store, stream, from, to, bytes),
        publish: (rows) => options.publish(rowsPayload(this.#downEpoch, hostBoot, rows)),
        setAside: () => {},
        failed: (error) =>
          log('error', 'host.sending-failed', { merchant, terminal, why: error instanceof Error ? error.message : '' }),
      },
      stream.down_acked - stream.down_base,
    );
  }

  acknowledge(ack: Ack): void {
    if (ack.epoch === this.#downEpoch) this.sending.acknowledge(ack, ack.window);
  }
}
