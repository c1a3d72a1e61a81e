import { afterAll, expect, test } from 'vitest';
import type { Case } from './cases.ts';
import { playCase } from './play-case.ts';
import { Scene } from './scene.ts';

const longestMs = 900_000;
/** The more is in the books, the longer each look at them takes. */
const mostCases = 400;

/**
 * Plays cases one after another on one terminal; behind each the next sale must go, and behind all of them both books must be sound. A terminal
 * at which a case failed is not used again.
 */
export function playCases(config: Readonly<Record<string, unknown>> = {}) {
  let scene: Scene | undefined;
  let played = 0;
  const leave = async (): Promise<void> => {
    await scene?.stop();
    scene = undefined;
    played = 0;
  };
  afterAll(leave);
  const play = async (one: Case): Promise<readonly string[]> => {
    scene ??= await Scene.start(config);
    played += 1;
    const failure = await playCase(scene, one);
    if (failure === undefined && played < mostCases) return [];
    const failures = failure === undefined ? await scene.system.problems() : [failure];
    await leave();
    return failures;
  };
  return (name: string, cases: readonly Case[]): void =>
    test(
      name,
      async () => {
        const failures: string[] = [];
        for (const one of cases) failures.push(...(await play(one)));
        if (scene) failures.push(...(await scene.system.problems()));
        expect(failures.join('\n\n')).toBe('');
      },
      longestMs,
    );
}
