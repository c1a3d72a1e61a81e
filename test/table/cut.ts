import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import type { Cell } from './cell.ts';
import type { Left } from './left.ts';
import type { Till } from './till.ts';

interface Cut {
  readonly point: CrashPoint;
  readonly given?: string;
  /** Makes what must stand before, and returns what leads to the point. */
  readonly act: (till: Till) => Promise<() => Promise<unknown>>;
  readonly left: Left;
  /** State and advice of 查询末笔 afterwards; without, there is nothing to be said. */
  readonly last?: string;
  /** Its slip did not come out, and comes by 重打最后一笔. */
  readonly reprint?: boolean;
}

/** The power goes at a point and comes back; the terminal brings by itself to an end what was under way, and says what became of it. */
export const cut = ({ point, given = point, act, left, last, reprint = false }: Cut): Cell => ({
  given,
  async play(till) {
    await till.powerCut(point, await act(till));
    await till.decided();
    if (last === undefined) return;
    till.press('功能 1');
    await till.sees(new RegExp(`末笔交易\n状态 +${last}`));
    till.press('取消');
    if (reprint) till.press('功能 2');
  },
  screens: reprint ? [/打印完成/] : [/1消费/],
  ...left,
});
