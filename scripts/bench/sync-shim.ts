import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { compileShim } from './compile-shim.ts';

/** Environment of a child whose syncs are counted. Compiles the shim into `folder`. */
export function shimEnvironment(folder: string): NodeJS.ProcessEnv {
  const library = compileShim(folder, 'sync-shim');
  const page = join(folder, 'sync-shim.page');
  writeFileSync(page, Buffer.alloc(4096));
  return { ...process.env, LD_PRELOAD: library, SYNC_SHIM_PAGE: page };
}

/** Inside such a child: the count so far, and the way to slow every sync down. */
export interface SyncShim {
  syncs(): number;
  delayMs(ms: number): void;
  close(): void;
}

export function openShim(): SyncShim {
  const path = process.env['SYNC_SHIM_PAGE'];
  if (!path) throw new Error('SYNC_SHIM_PAGE is not set: this program is started by npm run bench');
  const fd = openSync(path, 'r+');
  const word = Buffer.alloc(8);
  return {
    syncs: () => {
      readSync(fd, word, 0, 8, 0);
      return Number(word.readBigUInt64LE());
    },
    delayMs: (ms) => {
      word.writeBigUInt64LE(BigInt(ms * 1000));
      writeSync(fd, word, 0, 8, 8);
    },
    close: () => closeSync(fd),
  };
}
