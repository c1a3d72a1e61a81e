import type { Clock } from '../../drivers/clock.ts';
import type { Decoder } from '../../drivers/framing/decoder.ts';

/** What is done with one made-up input: what the parser kept at most while it took it. Throws only what `own` allows. */
export interface FuzzTarget {
  readonly name: string;
  /** Most bytes that it may keep between two inputs; undefined: it keeps nothing, it is a function. */
  readonly boundBytes: number | undefined;
  /** Inputs come in reports of this size; half of the cases keep to it. */
  readonly reportBytes?: number;
  /** Takes the chunks of one input, tells after each how much is kept. */
  feed(chunks: readonly Uint8Array[], kept: (bytes: number) => void): void;
  /** Its own error, which its callers expect. */
  readonly own?: (error: unknown) => boolean;
}

interface DecoderTarget {
  readonly name: string;
  readonly boundBytes: number;
  readonly reportBytes?: number;
  /** `emit` counts whole frames. */
  make(clock: Clock, emit: () => void): Decoder;
  /** One frame, in the chunks in which it comes. */
  readonly good: readonly Uint8Array[];
}

/** Longer than any pause that ends or loses a frame. */
const QUIET_MS = 60_000;

/**
 * A decoder: whatever came before, after a pause and `dropPartial` a good frame is found, or the device behind a noisy line would be lost. Frames
 * are counted, not compared: what they say is the matter of the tests.
 */
export function decoderTarget({ make, good, ...target }: DecoderTarget): FuzzTarget {
  return {
    ...target,
    feed(chunks, kept) {
      let frames = 0;
      const { clock, turn } = handClock();
      const decoder = make(clock, () => {
        frames += 1;
      });
      for (const chunk of chunks) {
        decoder.push(chunk);
        kept(decoder.held());
        if (chunk.length % 5 === 0) turn(chunk.length); // some pauses end a frame
      }
      turn(QUIET_MS);
      decoder.dropPartial();
      if (decoder.held() !== 0) throw new Error(`keeps ${decoder.held()} bytes after dropPartial`);
      const before = frames;
      for (const chunk of good) decoder.push(chunk);
      turn(QUIET_MS);
      if (frames === before) throw new Error('a good frame behind the noise was not found');
    },
  };
}

/** A clock turned by hand, at once: a hundred thousand cases have no time for promises. */
function handClock(): { readonly clock: Clock; turn(ms: number): void } {
  let nowMs = 0;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];
  return {
    clock: {
      now: () => nowMs,
      after(ms, fn) {
        const timer = { at: nowMs + ms, fn };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    turn(ms) {
      const end = nowMs + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        nowMs = next.at;
        timers = timers.filter((other) => other !== next);
        next.fn();
      }
      nowMs = end;
    },
  };
}
