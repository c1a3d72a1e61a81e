import { Connection, type DriverOptions } from '../connection.ts';
import type { CustomerDisplay } from '../devices.ts';
import type { Link } from '../link.ts';
import { drawLines, initialise } from './cd5220.ts';

/**
 * A CD5220 customer display. It says nothing, so it is ready as soon as its port is open, and gone when bytes cannot be sent. `show` never throws and
 * never waits; only the newest lines are drawn, again after each connect, and every few seconds because the display cannot tell that it was
 * without power.
 */
export function cd5220Display(options: DriverOptions): CustomerDisplay {
  let lines: readonly [upper: string, lower: string] | undefined;
  let isDrawing = false;

  /** Again when other lines came meanwhile, so that the last ones stay. */
  const drawNewest = async (link: Link<never>): Promise<void> => {
    for (let drawn: typeof lines; lines && drawn !== lines; ) {
      drawn = lines;
      await link.send(drawLines(...drawn));
    }
  };

  const connection = new Connection<never>(options, {
    decoder: () => ({ push: () => undefined, dropPartial: () => undefined, held: () => 0 }),
    async settle(link) {
      await link.send(initialise());
      await drawNewest(link);
    },
    check: drawNewest,
    unsolicited: () => true,
  });

  const draw = async (): Promise<void> => {
    if (isDrawing) return;
    isDrawing = true;
    try {
      await connection.use(drawNewest);
    } catch {
      // Not connected, or no longer: the next connection draws them.
    } finally {
      isDrawing = false;
    }
  };

  return {
    ...connection.device(),
    show(upper, lower) {
      lines = [upper, lower];
      void draw();
    },
  };
}
