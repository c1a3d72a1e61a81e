import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { type Asked, opened, prepared, undone } from './asked.ts';
import type { Cell } from './cell.ts';
import { cut } from './cut.ts';
import type { Till } from './till.ts';

/** The power goes before and after each commit of a transaction that is asked of the host; what it finds when it comes back (states.md 1). */
export function askedCuts(asked: Asked): readonly Cell[] {
  const { done, words } = asked;
  const act =
    (way: Way) =>
    (till: Till): ReturnType<Way> =>
      way(asked, till);
  const notBooked = (point: CrashPoint, code: string, way = straight, given: string = point): Cell =>
    cut({ point, given, act: act(way), left: undone(asked, `REVERSED ${code}`), last: `已冲正\n${words.reversed}` });
  const failed = (point: CrashPoint, state: string, way: Way, given: string = point): Cell =>
    cut({ point, given, act: act(way), left: undone(asked, state), last: `失败\n${words.failed}` });
  const booked = (point: CrashPoint, reprint: boolean): Cell =>
    cut({ point, act: act(straight), left: done, last: `${words.done}\n${words.advised}`, reprint });
  return [
    cut({ point: 'sale.in-intent', act: act(straight), left: { ...asked.undone, slips: [] } }),
    notBooked('sale.after-intent', '25'),
    ...(asked.opensAt === 'card' ? [notBooked('sale.card-read', '25')] : []),
    notBooked('sale.after-send', '00', lost),
    notBooked('sale.answered', '00'),
    notBooked('sale.in-result', '00'),
    booked('sale.after-result', true),
    booked('sale.printed', false),
    booked('sale.after-printed', false),
    notBooked('sale.answered', '25', declined, 'sale.answered, declined'),
    failed('sale.after-result', 'FAILED 05', declined, 'sale.after-result, declined'),
    ...doubts.map((point) => notBooked(point, '00', unanswered)),
    ...(asked.opensAt === 'card'
      ? [notBooked('sale.in-stop', '25', stopped), failed('sale.after-stop', 'FAILED', stopped)]
      : []),
  ];
}

const doubts: readonly CrashPoint[] = [
  'sale.in-doubt',
  'sale.after-doubt',
  'reversal.before-send',
  'reversal.after-send',
  'reversal.in-result',
  'reversal.after-result',
];

/** Makes what must stand before, and returns what leads to the point. */
type Way = (asked: Asked, till: Till) => Promise<() => Promise<unknown>>;

const straight: Way = prepared;

const declined: Way = async (asked, till) => {
  const request = await prepared(asked, till);
  await till.system.host.fault({ kind: 'decline', of: asked.kind, code: '05' });
  return request;
};

/** Nobody hears the answer, also where the terminal comes back sooner than that. */
const lost: Way = async (asked, till) => {
  const request = await prepared(asked, till);
  return () => {
    void till.wire.lose('down', asked.kind);
    return request();
  };
};

const unanswered: Way = async (asked, till) => {
  const request = await prepared(asked, till);
  return async () => {
    await Promise.all([till.wire.lose('down', asked.kind), request()]);
    till.runOut();
  };
};

/** 取消 before anything was sent. */
const stopped: Way = async (asked, till) => {
  await asked.before?.(till);
  return async () => {
    await opened({ ...asked, before: async () => '' }, till);
    till.press('取消');
  };
};
