import type { BugReport } from '../base/refuse.ts';
import type { ConsoleDesks } from '../flows/console-desks.ts';
import type { World } from '../flows/world.ts';
import type { Buckets, Gate } from './limits.ts';
import type { Progress } from './progress.ts';
import type { Sessions } from './sessions.ts';

/** What the routes work with. */
export interface ConsoleParts extends BugReport {
  readonly world: World;
  readonly desks: ConsoleDesks;
  readonly sessions: Sessions;
  readonly limits: {
    /** Tries of secrets, which cost a thread 50 ms each. */
    readonly secrets: Gate;
    /** What takes long to read of the book. */
    readonly readings: Gate;
    /** Log-ins and set-ups: of one address, and of all. */
    readonly logInsOfAddress: Buckets;
    readonly logIns: Buckets;
  };
  readonly isSecure: boolean;
  /** The port keeps the sessions of two terminals on one machine apart: cookies know no ports. */
  readonly cookieName: () => string;
  /** Of the bench page, in simulated mode. */
  readonly bench: () => string | undefined;
  readonly progress: Progress;
}
