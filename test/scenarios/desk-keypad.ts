import type { Screen } from '../../terminal/screens/screen.ts';
import type { TestSystem } from '../support/terminal.ts';
import { keysOf } from '../terminal/screens/desk.ts';

/** The keypad of a test system: keys in, screens out. */

export function press(system: TestSystem, line: string): void {
  for (const key of keysOf(line)) system.terminal.runner.key(key);
}

/** Resolves with the first screen that shows `words`, now or later. Throws with what is shown when none does. */
export async function sees(system: TestSystem, words: string): Promise<Screen> {
  let last: Screen | undefined;
  const shows = ({ rows }: Screen): boolean => textOf(rows).includes(words);
  let found: Screen | undefined;
  const stop = system.terminal.runner.onScreen((screen) => {
    last = screen;
    if (shows(screen)) found ??= screen;
  });
  try {
    await system.eventually(`${words} on the screen`, () => found !== undefined);
  } catch (error) {
    throw new Error(`${words} never came to the screen:\n${textOf(last?.rows ?? [])}`, { cause: error });
  } finally {
    stop();
  }
  if (!found) throw new Error(words);
  return found;
}

const textOf = (rows: readonly string[]): string => rows.map((row) => row.trim()).join('\n');

/** Operator 01 at the idle screen, or another. */
export async function logOn(system: TestSystem, keys = '0 1 确认 0 0 0 0 确认'): Promise<void> {
  press(system, keys);
  await sees(system, '1消费 确认菜单');
}
