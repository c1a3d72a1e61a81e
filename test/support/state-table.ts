import { expect, test } from 'vitest';
import { TerminalError } from '../../terminal/base/errors.ts';

/**
 * Holds a state machine against its table in states.md: every row leads where the table says, and every pair of state and event that is in no
 * row is refused with ILLEGAL_STATE, naming both.
 */
export function mirrorsTable<State extends string, Event extends string>(
  next: (state: State, event: Event) => State,
  states: readonly State[],
  events: readonly Event[],
  table: readonly (readonly [from: State, event: Event, to: State])[],
): void {
  const row = (state: State, event: Event) => table.find(([from, on]) => from === state && on === event);

  test.each(table)('%s, %s → %s', (from, event, to) => {
    expect(next(from, event)).toBe(to);
  });

  const unlisted = states.flatMap((state) =>
    events.filter((event) => !row(state, event)).map((event) => [state, event] as const),
  );
  test.each(unlisted)('%s refuses %s', (state, event) => {
    const refused = (): unknown => {
      try {
        return next(state, event);
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toBeInstanceOf(TerminalError);
    expect(refused()).toMatchObject({ code: 'ILLEGAL_STATE', details: { state, event } });
  });
}
