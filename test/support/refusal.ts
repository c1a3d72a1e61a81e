import { TerminalError } from '../../terminal/base/errors.ts';

/** The code of a refusal; what was not refused is an answer in words, so that a test names the one it wants. */
export async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return 'not refused';
  } catch (error) {
    if (error instanceof TerminalError) return error.code;
    throw error;
  }
}
