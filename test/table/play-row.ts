import { afterAll, describe, expect, test } from 'vitest';
import { type Cell, endings, type Row } from './cell.ts';
import { Till } from './till.ts';

/** Plays a row of the table. Its cells share a system, one after the other, until one fails or wants another; behind each both books must be sound and agree. */
export function playRow(row: Row): void {
  describe(row.name, () => {
    let till: Till | undefined;
    const close = async (): Promise<void> => {
      const open = till;
      till = undefined;
      await open?.close();
    };
    afterAll(close);

    for (const ending of endings) {
      const cells = row.cells[ending];
      if ('none' in cells) continue;
      describe(ending, () => {
        test.each(cells.map((cell) => [cell.given, cell] as const))('%s', async (_, cell) => {
          if (cell.system) await close();
          till ??= await Till.open(cell.system ?? row.system);
          try {
            await playCell(till, cell);
          } catch (error) {
            await close();
            throw error;
          }
          if (cell.system) await close();
        });
      });
    }
  });
}

async function playCell(till: Till, cell: Cell): Promise<void> {
  till.mark();
  await cell.play(till);
  for (const screen of cell.screens) await till.sees(screen);
  await till.leave();
  const { states, journals, totals, slips } = cell;
  await till.printed(slips.length);
  expect(till.left()).toEqual({ states, journals, totals, slips });
  expect(await till.problems()).toEqual([]);
}
