import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `npm start -- --kiosk` as a child, for whoever looks at its page. */
export interface Started {
  readonly url: string;
  /** Of the operator console, and the set-up code for its first user. */
  readonly console: { readonly url: string; readonly code: string | undefined };
  /** Of the host's reviewers, each as `login/secret`. */
  readonly desk: { readonly url: string; readonly reviewers: readonly string[] };
  /** What it said on standard output. */
  lines(): readonly string[];
  /** Asks it to end; its exit status. */
  stop(): Promise<number | null>;
}

const distFolder = (): string =>
  import.meta.dirname.endsWith('dist') ? import.meta.dirname : join(import.meta.dirname, '../../dist');

/**
 * Starts the program of dist/ and waits until it has said where its pages are. Throws with what it said when it ends before. `clockMs`: what its clock, and that of
 * its host, is ahead of ours.
 */
export async function startWithKiosk(home: string, clockMs = 0): Promise<Started> {
  const child = spawn(process.execPath, [join(distFolder(), 'start.js'), '--home', home, '--kiosk'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(clockMs !== 0 && { NODE_OPTIONS: `--import=${clockModule(clockMs)}` }) },
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const saidAll = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('退出 quit')) resolve();
    });
    void exited.then(() => resolve());
  });
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  await saidAll;
  const said = (label: string): readonly string[] =>
    lines.flatMap((line) => new RegExp(` ${label} +(.+)`).exec(line)?.[1]?.split(/ +/) ?? []);
  const [url] = said('网页键盘 kiosk');
  const [consoleUrl] = said('操作台 console');
  const [deskUrl, ...reviewers] = said('主机审核台 host desk');
  if (url === undefined || consoleUrl === undefined || deskUrl === undefined)
    throw new Error(`start.js ended:\n${lines.join('\n')}`);
  return {
    url,
    console: { url: consoleUrl, code: said('set-up code')[0] },
    desk: { url: deskUrl, reviewers },
    lines: () => lines,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** For both programs and their threads: the programs read the time from Date.now alone. */
const clockModule = (ms: number): string =>
  `data:text/javascript,${encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${ms};`)}`;
