import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The kept corpus: `test/fuzz/corpus/NAME.txt`, an input a line in hex; `#` begins a comment. Inputs that once broke a parser stay in it. An
 * error in a file names its line.
 */
export function readCorpus(folder: string, name: string): Uint8Array[] {
  const file = join(folder, `${name}.txt`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => [line.replace(/#.*/, '').replaceAll(/\s/g, ''), index + 1] as const)
    .filter(([hex]) => hex !== '')
    .map(([hex, line]) => {
      if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new Error(`${file}:${line}: not hex`);
      return Uint8Array.from(Buffer.from(hex, 'hex'));
    });
}
