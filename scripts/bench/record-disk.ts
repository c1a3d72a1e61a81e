import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareHome } from '../home.ts';
import { hostConfig, manualMode } from '../host-config.ts';
import { type Child, distFolder, startChild } from '../stage/child.ts';
import { compileShim } from './compile-shim.ts';
import { type Act, readTrace } from './disk-trace.ts';
import type { Life } from './f12-child.ts';

export interface Recording {
  readonly turns: number;
  readonly synchronous?: 'NORMAL' | 'OFF';
}

const limits = {
  hostWaitMs: 1_000,
  reversalRetryMs: 20,
  reversalRetryMaxMs: 100,
  orderQueryMs: 20,
  resendMs: 50,
  resendMaxMs: 300,
  backoffMs: 10,
  backoffMaxMs: 60,
  idleMs: 150,
};
const absent = { pinPad: 'none', scanner: 'none', display: 'none', keypad: 'none' };
const hostParameters = { 'offline.enabled': true, 'host.walletScanMs': 20, 'host.walletPinMs': 20 };

/**
 * Records the disk of a terminal through its lives: a first start from nothing and a morning of every transaction, killed; the same once more, stopped; an
 * evening with closes and settlements, killed; and a start of the next version of the program. Broker and host are processes of their own.
 */
export async function recordDisk(folder: string, { turns, synchronous }: Recording): Promise<readonly Act[]> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'config.json'), JSON.stringify({ ...absent, limits }));
  const { config } = prepareHome(home);
  const trace = join(folder, 'trace');
  const shim = compileShim(folder, 'disk-shim');
  const children: Child[] = [];
  try {
    const broker = await startChild({ program: 'broker', args: ['--port', '0'] });
    children.push(broker);
    const brokerUrl = String(broker.ready['url']);
    const file = join(home, 'host.json');
    writeFileSync(
      file,
      JSON.stringify(
        hostConfig({ home, config, broker: { url: brokerUrl }, parameters: hostParameters, merchant: manualMode }),
      ),
    );
    children.push(await startChild({ program: 'host', args: [file] }));
    const life = { home, brokerUrl, trace, turns, ...(synchronous && { synchronous }) };
    const env = { LD_PRELOAD: shim, DISK_TRACE: trace, DISK_TRACE_FOLDER: home };
    await live({ ...life, part: 'morning', end: 'killed' }, env);
    await live({ ...life, part: 'morning', end: 'stopped' }, env);
    await live({ ...life, part: 'evening', end: 'killed' }, env);
    await live({ ...life, part: 'upgrade', end: 'stopped' }, env);
    return readTrace(trace);
  } finally {
    await Promise.all(children.map((child) => child.kill('SIGKILL')));
  }
}

async function live(life: Life, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [join(distFolder(), 'bench-f12-child.js'), JSON.stringify(life)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [code, signal] = await once(child, 'exit');
  const isRight = life.end === 'killed' ? signal === 'SIGKILL' : code === 0;
  if (!isRight) throw new Error(`F12: the recorded terminal ended with ${signal ?? code} in its ${life.part}`);
}
