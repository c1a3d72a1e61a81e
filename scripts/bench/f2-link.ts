import type { ChildTask, Command, Report } from './f2-child.ts';
import { type Figure, type Goal, goalOf, median } from './figure.ts';
import { type LinkChild, withLinkChildren } from './link-children.ts';

/**
 * F2: an outbox drained to a host, everything included — read, sign, publish, verify, check, inbox, commit (synchronous=FULL), sign the acknowledgement, verify
 * it, mark — beside Y8: mqtt.js as it comes. Both ways a broker, a sender and a receiver, each a process of its own, one way at a time in turn.
 * Y9, mqtt.js with mqtt-level-store, was measured once: 0.19 × Y8 (figures.md).
 */

const y9 = 0.19;
const rounds = 5;

type Child = LinkChild<Command, Report>;
type Started = (task: ChildTask) => Promise<Child>;

interface Round {
  readonly rawPerSecond: number;
  readonly rowsPerSecond: number;
  readonly bodyBytes: number;
  readonly idleAskMs: number;
  readonly busyAskMs: number;
  readonly busyAsks: number;
}

const withChildren = <T>(work: (started: Started, folder: string) => Promise<T>): Promise<T> =>
  withLinkChildren((start, folder) => work((task) => start('bench-f2-child', task), folder));

async function oneRound(rows: number, sender: Child, receiver: Child, terminal: Child): Promise<Round> {
  const received = receiver.command({ raw: rows });
  await sender.command({ raw: rows });
  const rawMs = (await received).ms ?? 0;
  const drain = await terminal.command({ drain: rows, asking: false });
  const idle = await terminal.command({ ask: 100 });
  const busy = await terminal.command({ drain: rows, asking: true });
  return {
    rawPerSecond: (rows * 1000) / rawMs,
    rowsPerSecond: (rows * 1000) / (drain.ms ?? 0),
    bodyBytes: drain.bodyBytes ?? 0,
    idleAskMs: median(idle.askMs ?? []),
    busyAskMs: median(busy.askMs ?? []),
    busyAsks: busy.askMs?.length ?? 0,
  };
}

const measure = (rows: number, say: (line: string) => void): Promise<Round[]> =>
  withChildren(async (started, folder) => {
    const { url: bareUrl } = await started({ role: 'bare-broker' });
    const receiver = await started({ role: 'raw-receiver', url: bareUrl });
    const sender = await started({ role: 'raw-sender', url: bareUrl });
    const { url } = await started({ role: 'broker' });
    await started({ role: 'host', url, folder, effects: false });
    const terminal = await started({ role: 'terminal', url, folder, effects: false });
    await oneRound(rows, sender, receiver, terminal); // warm
    const all: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const result = await oneRound(rows, sender, receiver, terminal);
      all.push(result);
      say(
        `第 ${round} 轮 round: Y8 ${result.rawPerSecond.toFixed(0)}/s, 链路 link ${result.rowsPerSecond.toFixed(0)} rows/s ` +
          `(${result.bodyBytes.toFixed(0)} B), 授权 authorisation p50 ${result.idleAskMs.toFixed(2)} → ` +
          `${result.busyAskMs.toFixed(2)} ms (${result.busyAsks})`,
      );
    }
    return all;
  });

/** The same with payments and the reference host's business behind the inbox; no goal. */
const measureEffects = (rows: number, say: (line: string) => void): Promise<void> =>
  withChildren(async (started, folder) => {
    const { url } = await started({ role: 'broker' });
    await started({ role: 'host', url, folder, effects: true });
    const terminal = await started({ role: 'terminal', url, folder, effects: true });
    const { ms = 0 } = await terminal.command({ drain: rows, asking: false });
    say(`含业务入账 with business effects: ${((rows * 1000) / ms).toFixed(0)} payments/s`);
  });

async function run(rows: number, say: (line: string) => void): Promise<readonly Goal[]> {
  const all = await measure(rows, say);
  await measureEffects(rows / 20, say);
  const ratios = all.map((round) => round.rowsPerSecond / round.rawPerSecond);
  return [
    goalOf('行/秒 rows/s ÷ Y8', ratios, 0.8, 'higher'),
    goalOf(
      '行/秒 rows/s ÷ Y9',
      ratios.map((ratio) => ratio / y9),
      4,
      'higher',
    ),
    goalOf(
      '排空时授权 p50 − 空闲 (ms)',
      all.map((round) => round.busyAskMs - round.idleAskMs),
      3,
      'lower',
    ),
  ];
}

/** With `--quick` a third of the rows. */
export const f2: Figure = {
  name: 'F2',
  title: '链路 link: outbox → host, committed and acknowledged',
  run: (say) => run(process.argv.includes('--quick') ? 30_000 : 100_000, say),
};
