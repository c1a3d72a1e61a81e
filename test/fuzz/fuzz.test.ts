import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Decoder } from '../../drivers/framing/decoder.ts';
import { readCorpus } from '../../scripts/fuzz/corpus.ts';
import { fuzz } from '../../scripts/fuzz/run-fuzz.ts';
import { decoderTarget } from '../../scripts/fuzz/target.ts';
import { fuzzTargets } from '../../scripts/fuzz/targets.ts';

/** Ten thousand inputs for each parser; `npm run fuzz` gives a hundred thousand, from another seed each time. */
const corpusFolder = join(import.meta.dirname, 'corpus');
const cases = 10_000;
const seed = 20_261_122;
const nowMs = () => performance.now();
const corpusOf = (name: string) => readCorpus(corpusFolder, name);

describe('a parser takes whatever comes: only its own error, no hang, a bounded memory, and the next good frame is found', () => {
  test.each(fuzzTargets)('$name', (target) => {
    const report = fuzz(target, { cases, seed, corpus: corpusOf(target.name), nowMs });
    expect(report.failure).toBeUndefined();
    expect(report.cases).toBe(cases);
    expect(report.bytes).toBeGreaterThan(cases);
  });
});

test('each parser has its corpus, and no corpus is left over', () => {
  const files = readdirSync(corpusFolder).map((file) => file.replace(/\.txt$/, ''));
  expect(files.sort()).toEqual(fuzzTargets.map(({ name }) => name).sort());
  for (const name of files) expect(corpusOf(name).length, name).toBeGreaterThan(2);
});

describe('the fuzzer sees', () => {
  const found = (make: (emit: () => void) => Partial<Decoder>) =>
    fuzz(
      decoderTarget({
        name: 'bad',
        boundBytes: 8,
        make: (_, emit) => ({ push: emit, dropPartial: () => {}, held: () => 0, ...make(emit) }),
        good: [Uint8Array.of(1)],
      }),
      { cases: 2_000, seed, corpus: [Uint8Array.of(1, 2, 3)], nowMs },
    ).failure?.problem;

  test('a decoder that throws', () => {
    const push = (bytes: Uint8Array): void => {
      if (bytes.includes(0x7f)) throw new RangeError('no');
    };
    const throwing = (emit: () => void) => (bytes: Uint8Array) => {
      push(bytes);
      emit();
    };
    expect(found((emit) => ({ push: throwing(emit) }))).toContain('RangeError');
  });
  test('a decoder that keeps everything', () => {
    const keepsAll = (emit: () => void): Partial<Decoder> => {
      let kept = 0;
      return {
        push(bytes) {
          kept += bytes.length;
          emit();
        },
        dropPartial() {
          kept = 0;
        },
        held: () => kept,
      };
    };
    expect(found(keepsAll)).toMatch(/keeps \d+ bytes, 8 are allowed/);
  });
  test('a decoder that loses its place for good', () => {
    let lost = false;
    const push = (emit: () => void) => (bytes: Uint8Array) => {
      lost ||= bytes.length > 3;
      if (!lost) emit();
    };
    expect(found((emit) => ({ push: push(emit) }))).toContain('was not found');
  });
});
