import { TerminalError } from '../base/errors.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { auditAttempt } from './audit-attempt.ts';
import type { ConsoleCloseStep } from './console-desk.ts';
import { closeBatch } from './end-of-day.ts';
import type { World } from './world.ts';

/**
 * 批结算 from the console. Resolves with the number of the batch when its close is under way, which nothing stops any more; what becomes of it is told to `progress`. `signal` ends the telling.
 */
export function beginCloseAtConsole(
  world: World,
  by: User,
  signal: AbortSignal,
  progress: (no: string, step: ConsoleCloseStep) => void,
): Promise<string> {
  const no = currentBatch(world.db)?.no ?? '';
  return new Promise((resolve, reject) => {
    const tell = (step: ConsoleCloseStep): void => {
      resolve(no);
      progress(no, step);
    };
    closeBatch(world, by, signal, tell).then(
      (outcome) => tell({ at: outcome.kind }),
      (error: unknown) => {
        if (error instanceof TerminalError)
          auditAttempt(world, {
            by: by.no,
            action: 'batch-close',
            about: no,
            outcome: 'refused',
            details: { ...error.details, code: error.code },
          });
        reject(error);
      },
    );
  });
}
