import type { Progress, Reply } from './state.ts';

/** What a command that runs has of its face. */
export interface Tools {
  /** 取消 */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** Shows a step that asks, and waits for what the person says. False: 取消, or no. */
  readonly ask: (progress: Progress) => Promise<Reply>;
}
