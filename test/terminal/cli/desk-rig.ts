import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestSystem } from '../../support/terminal.ts';
import { posRig } from './pos-rig.ts';
import { lastLine } from './pos-stage.ts';

type Shell = NonNullable<Parameters<ReturnType<typeof posRig>['pos']>[1]>;

/** `pos` against the socket of a whole system, with the flags of who acts. `systemOf`: the system of the test that runs. */
export function deskRig(systemOf: () => TestSystem) {
  const rig = posRig();
  const by = (who: '00' | '01', secret: string): string => {
    const file = join(rig.home(), who);
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    return `--operator ${who} --password-file ${file}`;
  };
  return {
    home: rig.home,
    by00: () => by('00', '123456'),
    by01: () => by('01', '0000'),
    pos: rig.pos,
    async serve(consoleUrl?: string): Promise<void> {
      const { terminal } = systemOf();
      await rig.serve({
        counter: terminal.counter,
        status: () => terminal.runner.status(),
        settlementOffer: terminal.settlementOffer,
        desk: terminal.commandDesk,
        consoleUrl: () => consoleUrl,
      });
    },
    /** The words in Chinese; in English there is no Chinese, and no line of either is wider than a terminal of 80 columns. */
    async read(line: string, names: readonly string[] = []): Promise<string> {
      const [zh, en] = [await rig.pos(line), await rig.pos(`${line} --lang en`)];
      expect([zh.exit, en.exit]).toEqual([0, 0]);
      const english = names.reduce((text, name) => text.replaceAll(name, ''), en.out);
      expect(english).not.toMatch(/[\u4e00-\u9fff]/);
      for (const row of [...zh.out.split('\n'), ...en.out.split('\n')]) expect(cells(row), row).toBeLessThanOrEqual(80);
      return zh.out;
    },
    /** The answer as JSON, after nothing but progress; ends with `exit`. */
    async result(line: string, exit = 0, shell: Shell = {}): Promise<unknown> {
      const ended = await rig.pos(`${line} --json`, shell);
      expect({ exit: ended.exit, out: ended.out }).toEqual({ exit, out: expect.anything() });
      return lastLine(ended.out);
    },
  };
}

const cells = (row: string): number => [...row].reduce((sum, c) => sum + (/[\u2e80-\uffef]/.test(c) ? 2 : 1), 0);
