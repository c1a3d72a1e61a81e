import { seeded } from '../storm/seeded.ts';
import { makeInput, split } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

export interface FuzzReport {
  readonly name: string;
  readonly cases: number;
  readonly bytes: number;
  /** Most bytes kept at any moment, and how many are allowed. */
  readonly mostKept: number;
  readonly boundBytes: number | undefined;
  readonly slowestMs: number;
  /** The first input that broke it, in hex with `|` between its chunks, and how. */
  readonly failure: { readonly at: number; readonly input: string; readonly problem: string } | undefined;
}

export interface FuzzOptions {
  readonly cases: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly nowMs: () => number;
  readonly onProgress?: (done: number) => void;
}

/** A case that takes longer hangs, as far as a device is concerned; a machine that is busy elsewhere does not take that long. */
const HANGS_MS = 2_000;
const TELL_EVERY = 5_000;

/** Gives a parser `cases` inputs, beginning with the corpus as it is; stops at the first that breaks it. The same seed gives the same inputs. */
export function fuzz(target: FuzzTarget, options: FuzzOptions): FuzzReport {
  const { cases, corpus, nowMs } = options;
  const random = seeded(options.seed);
  const seen = { bytes: 0, mostKept: 0, slowestMs: 0 };
  for (let at = 0; at < cases; at++) {
    const chunks = split(random, corpus[at] ?? makeInput(random, corpus), target.reportBytes);
    const startMs = nowMs();
    const problem = tryInput(target, chunks, (kept) => {
      seen.mostKept = Math.max(seen.mostKept, kept);
    });
    const tookMs = nowMs() - startMs;
    seen.slowestMs = Math.max(seen.slowestMs, tookMs);
    seen.bytes += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const wrong = problem ?? (tookMs > HANGS_MS ? `took ${Math.round(tookMs)} ms` : undefined);
    if (wrong !== undefined) {
      const input = chunks.map((chunk) => Buffer.from(chunk).toString('hex')).join('|');
      return { ...report(target, at + 1, seen), failure: { at, input, problem: wrong } };
    }
    if (at % TELL_EVERY === 0) options.onProgress?.(at);
  }
  return { ...report(target, cases, seen), failure: undefined };
}

const report = (target: FuzzTarget, cases: number, seen: { bytes: number; mostKept: number; slowestMs: number }) => ({
  name: target.name,
  boundBytes: target.boundBytes,
  cases,
  ...seen,
});

function tryInput(
  target: FuzzTarget,
  chunks: readonly Uint8Array[],
  kept: (bytes: number) => void,
): string | undefined {
  let over: number | undefined;
  try {
    target.feed(chunks, (bytes) => {
      kept(bytes);
      if (bytes > (target.boundBytes ?? 0)) over = bytes;
    });
  } catch (error) {
    if (target.own?.(error)) return undefined;
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return over === undefined ? undefined : `keeps ${over} bytes, ${target.boundBytes} are allowed`;
}
