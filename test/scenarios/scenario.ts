import { expect, test } from 'vitest';
import { pack } from '../../sync/protocol/envelope.ts';
import { loadHostKeys } from '../../sync/protocol/keys.ts';
import type { DownName } from '../../sync/protocol/topics.ts';
import { Keypad } from '../support/keypad.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions } from '../support/terminal.ts';
import { type TurnableClock, turnableClock } from '../support/turnable-clock.ts';

/** A scene at the counter, in the words of the counter. */
export interface Scenario {
  /** What is there before, and what the cashier, the customer, the wires and the host do. */
  readonly given: string;
  /** What must have come of it. */
  readonly expect: string;
  readonly system?: TestSystemOptions;
  readonly play: (system: TestSystem, clock: TurnableClock) => Promise<void>;
  /** The host holds an open difference at the end, because the scene is about one. */
  readonly endsWithDifference?: boolean;
}

/** A scene whose cashier, 01, has logged on at the keypad. */
export const atKeypad = (
  scene: Omit<Scenario, 'play'> & { readonly play: (keypad: Keypad, system: TestSystem) => Promise<void> },
): Scenario => ({ ...scene, play: async (system) => scene.play(await new Keypad(system).logOn(), system) });

/** Plays each scene on a system of its own; behind every one both books must be sound and agree. */
export function scenarios(...scenes: readonly Scenario[]): void {
  for (const scene of scenes) test(`${scene.given} → ${scene.expect}`, () => playScene(scene));
}

async function playScene(scene: Scenario): Promise<void> {
  const clock = turnableClock(scene.system?.now);
  const system = await startTestSystem({ clock, ...scene.system });
  try {
    await scene.play(system, clock);
    expect(await system.problems(scene.endsWithDifference)).toEqual([]);
  } finally {
    await system.stop();
  }
}

interface DownMessage {
  readonly [field: string]: unknown;
}

/** Changes what the host says on its way to the terminal; `key` signs the changed message, the host's own unless told. Undefined: it passes. */
export function rewriteDown(
  system: TestSystem,
  name: DownName,
  edit: (message: DownMessage) => object | undefined,
  key = loadHostKeys(`${system.home}/keys`).own,
): () => void {
  return system.wire.rule(({ towards, topic, payload }) => {
    if (towards !== 'client' || !topic.endsWith(`/down/${name}`)) return undefined;
    const edited = edit(JSON.parse(textOf(payload)));
    return edited && pack(topic, JSON.stringify(edited), key);
  });
}

/** The JSON behind the header line. */
export const textOf = (payload: Buffer): string => payload.subarray(payload.indexOf(10) + 1).toString('utf8');

/** Is it a request of this kind on its way up? */
export const isRequest = (topic: string, payload: Buffer, kind: 'sale' | 'reverse'): boolean =>
  topic.endsWith('/up/auth') && textOf(payload).includes(`"request":{"kind":"${kind}"`);

/** Calls `then` when the terminal's next request of this kind passes the wire. */
export function onRequest(system: TestSystem, kind: 'sale' | 'reverse', then: () => 'drop' | undefined): void {
  const off = system.wire.rule(({ topic, payload }) => {
    if (!isRequest(topic, payload, kind)) return undefined;
    off();
    return then();
  });
}

/** State and reversal of the newest sale: `REVERSED DONE 25`. */
export const lastSale = (system: TestSystem): string =>
  system.db
    .prepare<[], string>(
      "SELECT state || ' ' || coalesce(reversal, '-') || ' ' || coalesce(reversal_code, '-') FROM payment ORDER BY no DESC LIMIT 1",
    )
    .pluck()
    .get() ?? 'no sale';
