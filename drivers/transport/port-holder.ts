import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Which process has the device open, as `name (pid n)`, another one rather than this one; undefined when none has, or none that may be
 * looked at.
 */
export async function portHolder(path: string, procRoot = '/proc'): Promise<string | undefined> {
  try {
    const device = await realpath(path);
    const own = String(process.pid);
    const others = (await readdir(procRoot)).filter((name) => /^\d+$/.test(name) && name !== own);
    for (const pid of [...others, own]) {
      if (await hasOpen(join(procRoot, pid, 'fd'), device)) return `${await nameOf(join(procRoot, pid))} (pid ${pid})`;
    }
  } catch {
    // No such path, or no /proc: nobody can be named.
  }
  return undefined;
}

/** Processes end while they are looked at, and those of others may not be. */
async function hasOpen(folder: string, device: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')));
  return targets.includes(device);
}

async function nameOf(folder: string): Promise<string> {
  const name = await readFile(join(folder, 'comm'), 'utf8').catch(() => '');
  return name.trim().replace(/[^\x20-\x7e]/g, '?') || '?';
}
