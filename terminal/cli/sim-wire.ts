import * as v from 'valibot';
import { type WireEvent, wireAnswer } from '../bench/contract.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { timeText } from './words.ts';

const pauseMs = 200;
const shownHex = 48;
const arrows = { out: '→', in: '←', note: '·' } as const;

/** `pos sim wire`: with --follow until Ctrl-C, one event a line. */
export async function showWire(
  run: Run,
  { device, last, follow }: Readonly<Record<string, unknown>>,
): Promise<ExitStatus> {
  const from = typeof device === 'string' ? `&device=${device}` : '';
  const ask = async (query: string): Promise<readonly WireEvent[]> =>
    v.parse(wireAnswer, await run.client.get(`/sim/wire?${query}${from}`)).events;
  let events = await ask(`last=${String(last)}`);
  if (follow !== true) {
    await run.show({ events }, () => events.map(wireLine).join('\n'));
    return exitStatus.ok;
  }
  const { signal, clock, out } = run.shell;
  let newest = 0;
  while (!signal.aborted) {
    for (const event of events) out(`${run.options.json ? JSON.stringify(event) : wireLine(event)}\n`);
    newest = events.at(-1)?.n ?? newest;
    await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    if (!signal.aborted) events = await ask(`last=2000&after=${newest}`);
  }
  return exitStatus.interrupted;
}

function wireLine({ t, device, dir, hex, words }: WireEvent): string {
  const shown = hex.length > shownHex ? `${hex.slice(0, shownHex)}…` : hex;
  return `${timeText(t).slice(-8)} ${device.padEnd(11)} ${arrows[dir]} ${words}${shown === '' ? '' : `  ${shown}`}`;
}
