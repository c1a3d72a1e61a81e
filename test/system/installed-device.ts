import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { programVersion } from '../../terminal/base/program-version.ts';

/** The bundle, packed once for a file of tests, and devices to install it on. */

export const root = join(import.meta.dirname, '../..');
export const version = programVersion();
export let folder: string;
export let bundle: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pos-device-'));
  const packed = run(process.execPath, [join(root, 'scripts/bundle.mjs'), '--out', folder]);
  expect(packed.err).toBe('');
  const file = packed.out.trim();
  expect(basename(file)).toBe(`zhangping-${version}-linux-${process.arch}.tar.gz`);
  expect(run('tar', ['-xzf', file, '-C', folder]).status).toBe(0);
  bundle = file.replace(/\.tar\.gz$/, '');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { NODE_PATH: _, ...rest } = process.env;
  const done = spawnSync(program, [...args], { cwd: tmpdir(), encoding: 'utf8', env: { ...rest, ...env } });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

interface InstallOptions {
  readonly live?: boolean;
  /** How long a version may take to be well. */
  readonly waitS?: number;
  readonly args?: readonly string[];
}

/** A device as a folder. `start`, `stop` and the rest of systemctl are done by a script that runs what the unit runs. */
export class Device {
  readonly root = mkdtempSync(join(folder, 'd-'));
  readonly home = join(this.root, 'var/lib/zhangping');
  readonly #systemctl = join(this.root, 'systemctl');

  constructor() {
    const [pid, log] = [join(this.root, 'pid'), join(this.root, 'log')];
    writeFileSync(
      this.#systemctl,
      `#!/bin/sh
case $1 in
  start)
    "${process.execPath}" "${this.root}/opt/zhangping/current/lib/terminal.js" --home "${this.home}" </dev/null >>"${log}" 2>&1 &
    echo $! >"${pid}" ;;
  stop | disable)
    [ -e "${pid}" ] || exit 0
    kill "$(cat "${pid}")" 2>/dev/null
    while kill -0 "$(cat "${pid}")" 2>/dev/null; do sleep 0.1; done
    rm "${pid}" ;;
esac
`,
      { mode: 0o755 },
    );
  }

  /** With `live` it starts and stops the terminal, as on a real one. */
  install(from: string, { live = false, waitS = 30, args = [] }: InstallOptions = {}) {
    const env = { ...(live && { ZHANGPING_SYSTEMCTL: this.#systemctl }), ZHANGPING_WAIT_S: String(waitS) };
    return run('sh', [join(from, 'install.sh'), '--root', this.root, ...args], env);
  }

  pos(...args: readonly string[]) {
    return run(process.execPath, [this.path('opt/zhangping/current/lib/pos.js'), '--home', this.home, ...args]);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  get current(): string {
    return readlinkSync(this.path('opt/zhangping/current'));
  }

  stop(): void {
    run(this.#systemctl, ['stop']);
  }
}

/** The bundle as another version; `change` breaks it. */
export function bundleOf(other: string, change: (lib: string) => void = () => {}): string {
  const copy = join(folder, other);
  cpSync(bundle, copy, { recursive: true });
  const file = join(copy, 'package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"${version}"`, `"${other}"`));
  change(join(copy, 'lib'));
  return copy;
}
