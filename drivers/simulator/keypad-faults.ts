import type { FaultTable, FaultUse } from './fault.ts';
import type { Contact, SimulatedKeypad } from './simulated-keypad.ts';

const FINGER_MS = 40;
const PAUSE_MS = 40;

/** Strikes a key in another way. */
const striking =
  (contacts: (value: number) => readonly Contact[], lastsMs: (value: number) => number) =>
  (keypad: SimulatedKeypad, { value, times, chance }: FaultUse): void =>
    keypad.use(
      {
        onCommand(stroke) {
          stroke.play(contacts(value), lastsMs(value));
          return true;
        },
      },
      times,
      chance,
    );

/** What can go wrong with a keypad (devices.md §6). The names stay. A serial keypad keeps its contacts' faults to itself. */
export const keypadFaults = {
  'roll-over': {
    zh: '同时按下过多按键',
    en: 'more keys down than the keypad can tell',
    apply: striking(
      () => [
        { atMs: 0, does: 'rolls-over' },
        { atMs: 10, does: 'closes' },
        { atMs: 20, does: 'rolls-over' },
        { atMs: FINGER_MS, does: 'opens' },
      ],
      () => FINGER_MS + PAUSE_MS,
    ),
  },
  'stuck-key': {
    zh: '按键卡住',
    en: 'a key stays down',
    apply: striking(
      () => [{ atMs: 0, does: 'closes' }],
      () => FINGER_MS + PAUSE_MS,
    ),
  },
  bounce: {
    zh: '按键抖动',
    en: 'the contacts of a key bounce',
    value: { unit: 'ms', byDefault: 5 },
    apply: striking(
      (value) => [
        { atMs: 0, does: 'closes' },
        { atMs: value, does: 'opens' },
        { atMs: 2 * value, does: 'closes' },
        { atMs: 2 * value + FINGER_MS, does: 'opens' },
        { atMs: 3 * value + FINGER_MS, does: 'closes' },
        { atMs: 4 * value + FINGER_MS, does: 'opens' },
      ],
      (value) => 4 * value + FINGER_MS + PAUSE_MS,
    ),
  },
  'fast-typing': {
    zh: '快速连按，前键未松后键已按',
    en: 'keys struck before the one before is up',
    value: { unit: 'ms', byDefault: 15 },
    apply: striking(
      () => [
        { atMs: 0, does: 'closes' },
        { atMs: FINGER_MS, does: 'opens' },
      ],
      (value) => value,
    ),
  },
  'cancel-during-timeout': {
    zh: '超时瞬间按下取消',
    en: 'CANCEL is struck at the moment of a time-out',
    value: { unit: 'ms', byDefault: 60_000 },
    apply(keypad, { value, chance }) {
      if (chance()) keypad.pressLater(value, 'cancel');
    },
  },
} as const satisfies FaultTable<SimulatedKeypad>;
