import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

const blockBytes = 4096;
const blocks = 256;

/** Y2: fdatasync of a 4 KiB block that is there already. Milliseconds each. */
export function millisecondsASync(file: string, times: number): number {
  const fd = openSync(file, 'w+');
  try {
    writeSync(fd, Buffer.alloc(blockBytes * blocks));
    fdatasyncSync(fd);
    const block = Buffer.alloc(blockBytes, 1);
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      writeSync(fd, block, 0, blockBytes, (i % blocks) * blockBytes);
      fdatasyncSync(fd);
    }
    return (performance.now() - started) / times;
  } finally {
    closeSync(fd);
  }
}
