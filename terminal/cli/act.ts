import type { ExitStatus } from './failure.ts';
import type { Run } from './run.ts';

/** What a command does. `typed`: its arguments; `flags`: its options. */
type Act = (run: Run, typed: readonly string[], flags: Readonly<Record<string, unknown>>) => Promise<ExitStatus>;

/** Makes of it what commander runs. */
export type Doing = (act: Act) => (...given: unknown[]) => Promise<void>;
