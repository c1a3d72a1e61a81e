import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { auditRefusal } from './audit-attempt.ts';
import type { ConsoleCloseStep } from './console-desk.ts';
import type { CloseOutcome } from './counter.ts';
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
      (outcome) => tell(lastStep(outcome)),
      (error: unknown) => {
        auditRefusal(world, { by: by.no, action: 'batch-close', about: no }, error);
        reject(error);
      },
    );
  });
}

function lastStep(outcome: CloseOutcome): ConsoleCloseStep {
  if (outcome.kind !== 'closed') return { at: outcome.kind };
  const { balanced, printProblem } = outcome;
  return { at: 'closed', balanced, printProblem };
}
