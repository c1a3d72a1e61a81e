import type { SSEStreamingApi } from 'hono/streaming';
import { onChange } from '../flows/world.ts';
import type { ConsoleEvent } from './contract.ts';
import type { ConsoleParts } from './parts.ts';

/** At most four a second, however much happens. */
const leastPauseMs = 250;
/** So often the session is looked at, and something is said, so that a dead connection shows. */
const beatMs = 15_000;

/**
 * Sends what changes until the browser goes away, the session ends or the server stops. `isAlive` is asked before anything is sent. A browser that takes nothing is sent nothing more until it
 * has taken what came before; changes wait for it, steps of a long work do not.
 */
export function follow(
  stream: SSEStreamingApi,
  { world, desks, progress }: ConsoleParts,
  isAlive: () => boolean,
  leave: Set<() => void>,
): Promise<void> {
  const { clock } = world;
  const changes = desks.changes();
  return new Promise((resolve) => {
    let isSending = false;
    let stopPause: (() => void) | undefined;
    let stopBeat: () => void = () => {};
    const send = (event: ConsoleEvent): void => {
      if (isSending) return;
      isSending = true;
      stream.writeSSE({ event: event.event, data: JSON.stringify(event.data) }).then(() => {
        isSending = false;
      }, end);
    };
    const tellChanges = (): void => {
      stopPause = undefined;
      if (!isAlive()) end();
      else if (isSending) later();
      else send({ event: 'changed', data: { what: changes.since() } });
    };
    const later = (): void => {
      stopPause ??= clock.after(leastPauseMs, tellChanges);
    };
    const beat = (): void => {
      stream.write(': \n\n').catch(end);
      stopBeat = clock.after(beatMs, beat);
      if (!isAlive()) end();
    };
    const stops = [progress.listen((event) => (isAlive() ? send(event) : end())), onChange(world, later)];
    const end = (): void => {
      stopBeat();
      stopPause?.();
      for (const stop of stops) stop();
      leave.delete(end);
      resolve();
    };
    leave.add(end);
    stream.onAbort(end);
    beat();
  });
}
