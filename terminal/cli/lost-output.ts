import { type ExitStatus, exitStatus } from './failure.ts';

/** How far a command had come when what it writes could not be written any more. */
export interface Stage {
  /** Something was asked of the terminal: its end is not known yet, or is. */
  deed: 'none' | 'open' | 'over';
  /** Data were written, not progress only. */
  told: boolean;
}

/**
 * The exit status when standard output is lost. EPIPE: its reader left (`pos txn list | head`), which is fine after the data; anything else, as a full disk, is not.
 * Undefined: the command is over in a moment and ends as it does.
 */
export function statusWithoutOutput(error: Error, { deed, told }: Stage): ExitStatus | undefined {
  if (deed === 'open') return exitStatus.unknown;
  if ('code' in error && error.code === 'EPIPE' && told) return deed === 'none' ? exitStatus.ok : undefined;
  return deed === 'none' ? exitStatus.failed : exitStatus.unknown;
}
