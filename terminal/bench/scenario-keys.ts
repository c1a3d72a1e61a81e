import type { Key } from '../../drivers/devices.ts';
import { TerminalError } from '../base/errors.ts';

const names: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['⏎', 'enter'],
  ['确认', 'enter'],
  ['enter', 'enter'],
  ['取消', 'cancel'],
  ['esc', 'cancel'],
  ['清除', 'clear'],
  ['backspace', 'clear'],
  ['z', 'doubleZero'],
  ['f', 'function'],
  ['功能', 'function'],
  ['↑', 'up'],
  ['up', 'up'],
  ['↓', 'down'],
  ['down', 'down'],
  ['.', 'dot'],
]);

const digits: ReadonlyMap<string, Key> = new Map<string, Key>(
  (['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const).map((digit) => [digit, digit]),
);

/** `1 1100 ⏎` as keys (faces.md, rule 14). BAD_REQUEST, naming the word that is none. */
export const keysOf = (typed: string): readonly Key[] =>
  typed
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap((word) => {
      const named = names.get(word.toLowerCase());
      if (named) return [named];
      return [...word].map((letter) => {
        const key = digits.get(letter);
        if (!key) throw new TerminalError('BAD_REQUEST', { what: `keys: ${word}` });
        return key;
      });
    });
