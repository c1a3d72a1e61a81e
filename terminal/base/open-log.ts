import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Log } from './log.ts';
import { safeDetails } from './safe-text.ts';

export interface OpenLog {
  readonly log: Log;
  /** Writes what waits; for the end of the process. */
  flush(): void;
}

/**
 * JSON lines in `log/terminal.N.log`, ten files of 5 MB at most. The writer is loaded with the first line, so that the start does not wait for
 * it. Every detail passes through safe-text; a second net of pino replaces fields that no line may have. `echo` gets each line at once, too.
 */
export function openLog(folder: string, echo: Log = () => {}): OpenLog {
  let logger: Logger | undefined;
  let stream: { flushSync(): void } | undefined;
  let opening = false;
  const waiting: (() => void)[] = [];

  const open = async (): Promise<void> => {
    const [{ pino }, { default: roll }] = await Promise.all([import('pino'), import('pino-roll')]);
    const file = await roll({
      file: join(folder, 'terminal'),
      extension: '.log',
      size: '5m',
      limit: { count: 10 },
      mkdir: true,
    });
    stream = file;
    logger = pino({ base: null, redact: ['pan', 'track2', 'pin', 'secret', 'password'] }, file);
    for (const write of waiting.splice(0)) write();
  };

  return {
    log: (level, event, details = {}) => {
      const safe = safeDetails(details);
      echo(level, event, safe);
      const write = () => logger?.[level]({ event, ...safe });
      if (logger) return write();
      waiting.push(write);
      if (opening) return;
      opening = true;
      // A folder that cannot be written costs the log, not the sale.
      open().catch(() => undefined);
    },
    flush: () => {
      if (logger) stream?.flushSync();
    },
  };
}
