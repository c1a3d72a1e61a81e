import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `npm start -- --kiosk` as a child, for whoever looks at its page. */
export interface Started {
  readonly url: string;
  /** What it said on standard output. */
  lines(): readonly string[];
  /** Asks it to end; its exit status. */
  stop(): Promise<number | null>;
}

const distFolder = (): string =>
  import.meta.dirname.endsWith('dist') ? import.meta.dirname : join(import.meta.dirname, '../../dist');

/** Starts the program of dist/ and waits for the address of its page. Throws with what it said when there is none. */
export async function startWithKiosk(home: string): Promise<Started> {
  const child = spawn(process.execPath, [join(distFolder(), 'start.js'), '--home', home, '--kiosk'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = new Promise<string | undefined>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const found = /http:\/\/127\.0\.0\.1:\d+\/\w+\//.exec(line);
      if (found) resolve(found[0]);
    });
    void exited.then(() => resolve(undefined));
  });
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const address = await url;
  if (address === undefined) throw new Error(`start.js ended:\n${lines.join('\n')}`);
  return {
    url: address,
    lines: () => lines,
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
