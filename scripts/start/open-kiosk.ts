import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import type { Config } from '../../terminal/config.ts';
import { startKiosk } from '../../terminal/faces/kiosk/kiosk.ts';
import type { Terminal } from '../../terminal/main.ts';

export interface OpenedKiosk {
  readonly kioskUrl: string;
  /** Of the tester's bench; undefined when the terminal is not simulated. */
  readonly benchUrl: string | undefined;
  stop(): Promise<void>;
}

/** The same screen in a browser of this machine, and the tester's bench; who does not know the token gets nothing. */
export async function openKiosk(terminal: Terminal, { language }: Config): Promise<OpenedKiosk> {
  const { runner, bench, simulated } = terminal;
  const kiosk = await startKiosk({
    runner,
    token: randomBytes(16).toString('hex'),
    language,
    ...bench,
    apps: await benchApps(terminal, language),
  });
  return {
    kioskUrl: kiosk.url,
    benchUrl: simulated ? `${kiosk.url}bench/` : undefined,
    stop: () => kiosk.stop(),
  };
}

/** Its page and what the page talks to. Whoever asks a real terminal is refused by name. */
async function benchApps(terminal: Terminal, language: Config['language']): Promise<Readonly<Record<string, Hono>>> {
  const { benchApi } = await import('../../terminal/bench/bench-api.ts');
  const sim = benchApi(await terminal.testBench());
  if (!terminal.simulated) return { sim };
  const { benchPage } = await import('../../terminal/console/bench-page/page.ts');
  return { sim, bench: benchPage(language) };
}
