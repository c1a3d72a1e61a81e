import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../terminal/base/clock.ts';
import { readRecording } from '../../terminal/bench/recording.ts';
import { replay } from '../../terminal/bench/replay.ts';

/**
 * Wires that were recorded at a running terminal (`pos sim record`), kept as they are: a driver that does otherwise than on that day is
 * noticed here. Card numbers were replaced when they were recorded.
 */
const folder = import.meta.dirname;
const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
const read = (file: string) => readRecording(readFileSync(join(folder, file), 'utf8'));

describe('a kept recording', () => {
  it.each(files)('%s: the driver sends the same, and every call ends the same', async (file) => {
    const lines = read(file);
    const device = lines[0]?.device ?? 'printer';
    const result = await replay(lines, { device, speed: 0, clock: systemClock });
    expect(result.difference).toBeUndefined();
    expect(result.calls).toBeGreaterThan(0);
    const sent = lines.flatMap((line) => (line.dir === 'out' ? [line.hex.length / 2] : []));
    expect(result.checkedBytes).toBe(sent.reduce((sum, bytes) => sum + bytes, 0));
  });

  it('is of a card held, inserted and not offered, of a slip, and of one that ran out of paper', () => {
    const ends = new Set(
      files.flatMap((file) =>
        read(file).flatMap((line) => (line.dir === 'end' ? [`${line.call} ${line.error ?? 'well'}`] : [])),
      ),
    );
    for (const end of [
      'readCard well',
      'readCard CANCELLED',
      'finishCard well',
      'print well',
      'print PAPER_OUT',
      'resume well',
    ])
      expect(ends).toContain(end);
  });

  it('a driver that did otherwise would be noticed', async () => {
    const lines = read('reader-contactless.ndjson').map((line) =>
      line.dir === 'out' && line.hex.includes('9f0206000000001400')
        ? { ...line, hex: line.hex.replace('1400', '1500') }
        : line,
    );
    const { difference } = await replay(lines, { device: 'card-reader', speed: 0, clock: systemClock });
    expect(difference).toMatchObject({ what: 'sent' });
  });
});
