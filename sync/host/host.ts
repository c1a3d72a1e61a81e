import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { OpeningKey } from '../protocol/sealing.ts';
import type { Random } from '../random.ts';
import type { TerminalRef } from './business.ts';
import type { Faults } from './faults.ts';
import type { Channel } from './outlets.ts';
import type { HostStore } from './store.ts';

/** What every part of the business works with; made once by program.ts. */
export interface Host {
  readonly store: HostStore;
  readonly clock: Clock;
  /** For authorisation codes. */
  readonly random: Random;
  /** Opens what terminals sealed to the host. */
  readonly opening: OpeningKey;
  readonly faults: Faults;
  /** By which letters go out; a slip goes by the first that the merchant has an address for (B-030). */
  readonly waysOut: readonly Channel[];
  readonly log: Log;
  /** Rows are committed for this terminal: the link may send them. */
  readonly wake: (to: TerminalRef) => void;
}

/** The columns that name a terminal, out of anything that holds them: what a new row begins with. */
export function owner(of: TerminalRef): { merchant: string; terminal: string } {
  return { merchant: of.merchant, terminal: of.terminal };
}
