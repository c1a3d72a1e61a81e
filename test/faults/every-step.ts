import { afterAll, expect, test } from 'vitest';
import type { Case } from './cases.ts';
import { playCase } from './play-case.ts';
import { Scene } from './scene.ts';

const longestMs = 600_000;

/**
 * Plays cases one after another on one terminal; behind each the next sale must go, and behind all of them both books must be sound. A terminal
 * at which a case failed is not used again.
 */
export function playCases(config: Readonly<Record<string, unknown>> = {}) {
  let scene: Scene | undefined;
  const leave = async (): Promise<void> => {
    await scene?.stop();
    scene = undefined;
  };
  afterAll(leave);
  return (name: string, cases: readonly Case[]): void =>
    test(
      name,
      async () => {
        const failures: string[] = [];
        for (const one of cases) {
          scene ??= await Scene.start(config);
          const failure = await playCase(scene, one);
          if (failure === undefined) continue;
          failures.push(failure);
          await leave();
        }
        expect(failures.join('\n\n')).toBe('');
        expect(await scene?.system.problems()).toEqual([]);
      },
      longestMs,
    );
}
