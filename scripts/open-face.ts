import { ttyKeys } from '../drivers/keypad/tty-keys.ts';
import { systemClock } from '../terminal/base/clock.ts';
import type { Config } from '../terminal/config.ts';
import { TtyFace } from '../terminal/faces/tty.ts';
import type { Terminal } from '../terminal/main.ts';

/** The keypad screen on the text terminal of this process; it takes the terminal at once. */
export function openFace({ runner, bench }: Terminal, config: Config, quit: () => void): TtyFace {
  const face = new TtyFace({
    runner,
    keys: (emit) => ttyKeys(systemClock, emit),
    input: process.stdin,
    output: process.stdout,
    language: config.language,
    mute: config.mute,
    quit,
    ...bench,
  });
  face.start();
  return face;
}
