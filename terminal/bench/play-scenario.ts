import { sleep } from '../../drivers/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { BenchClient } from './bench-client.ts';
import { type Beginning, beginning, missing } from './expectations.ts';
import type { Doing, Expecting, Scenario, Step } from './scenario.ts';
import { keysOf } from './scenario-keys.ts';

export interface PlayOptions {
  readonly client: BenchClient;
  /** The real one of whoever plays. */
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Why a file failed: what was seen, so that nobody has to play it again to find out. */
export interface PlayFailure {
  /** From 1; 0: the terminal could not be brought to the beginning. */
  readonly step: number;
  readonly what: string;
  readonly missing: readonly string[];
  readonly screen: readonly string[];
  /** What was on the screen before, during this step, the oldest first: a message may have come and gone. */
  readonly screensBefore: readonly string[];
  readonly slip: readonly string[];
  readonly wire: readonly string[];
  readonly ledger: unknown;
  readonly seed: number;
}

const patienceMs = 15_000;
const shownWire = 15;
/** Devices that were reset are connected anew after a pause of at most this. */
const reconnectMs = 250;
/** Stands in keys for the voucher of the newest payment. */
const newestStan = '{stan}';
const secrets = { '01': '0000', '00': '123456', '99': '12345678' } as const;

/** Plays one file. Undefined: everything was as expected. What the terminal refuses (a fault that there is not) is a failure too. */
export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<PlayFailure | undefined> {
  const { client, screens } = rememberingScreens(options.client);
  const player = new Player({ ...options, client });
  const attempt = async (step: number, what: string, work: () => Promise<readonly string[]>) => {
    screens.length = 0;
    try {
      const wrong = await work();
      return wrong.length === 0 ? undefined : await failure(client, { step, what, missing: wrong }, screens);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return failure(client, { step, what, missing: [why] }, screens);
    }
  };
  const failed = await attempt(0, 'given', () => player.begin(scenario));
  if (failed) return failed;
  for (const [at, step] of scenario.steps.entries()) {
    const wrong = await attempt(at + 1, JSON.stringify(step), () => player.play(step));
    if (wrong) return wrong;
  }
  return undefined;
}

function rememberingScreens(client: BenchClient): { readonly client: BenchClient; readonly screens: string[] } {
  const screens: string[] = [];
  return {
    screens,
    client: {
      ...client,
      async screen() {
        const screen = await client.screen();
        const words = screen.rows
          .map((row) => row.trim())
          .filter(Boolean)
          .join(' / ');
        if (screens.at(-1) !== words) screens.push(words);
        return screen;
      },
    },
  };
}

class Player {
  readonly #client: BenchClient;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #turnable = false;
  #from: Beginning | undefined;

  constructor({ client, clock, signal }: PlayOptions) {
    this.#client = client;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** A good bench, the right operator at the idle screen, nothing on its way to the host; then what is given. */
  async begin({ given }: Scenario): Promise<readonly string[]> {
    const client = this.#client;
    await client.act('/reset', {});
    this.#turnable = (await client.state()).clock.turnable;
    if (this.#turnable) await this.#wait(reconnectMs);
    const wrong = (await this.#standAt(given.operator)) ?? (await this.#settle());
    if (wrong) return [wrong];
    if (given.clock) await this.#wait(given.clock.advanceMs);
    this.#from = await beginning(client);
    for (const fault of given.faults) await client.act('/fault', fault);
    for (const order of given.host) await client.act('/link', order);
    for (const card of given.cards) await client.act('/card', card);
    return [];
  }

  async play(step: Step): Promise<readonly string[]> {
    if ('expect' in step) return this.#expect(step.expect);
    await this.#do(step.do);
    return [];
  }

  async #do(doing: Doing): Promise<void> {
    const { act } = this.#client;
    if ('keys' in doing) await this.#press(await this.#withStan(doing.keys));
    else if ('card' in doing) await act('/card', doing.card);
    else if ('remove' in doing) await act('/card/remove', {});
    else if ('pin' in doing) await act('/pin', doing.pin === 'cancel' ? { cancel: true } : { digits: doing.pin });
    else if ('code' in doing) await act('/code', doing.code);
    else if ('fault' in doing) await act('/fault', doing.fault);
    else if ('unplug' in doing) await act('/unplug', { device: doing.unplug });
    else if ('plug' in doing) await act('/plug', typeof doing.plug === 'string' ? { device: doing.plug } : doing.plug);
    else if ('mend' in doing) await act('/mend', { device: doing.mend });
    else if ('reset' in doing) await act('/reset', {});
    else if ('link' in doing) await act('/link', { state: doing.link });
    else if ('host' in doing) await act('/link', doing.host);
    else await this.#wait(doing.wait);
  }

  async #expect(expecting: Expecting): Promise<readonly string[]> {
    const from = this.#from ?? (await beginning(this.#client));
    return this.#until(expecting.withinMs, () => missing(expecting, this.#client, from));
  }

  async #standAt(operator: keyof typeof secrets): Promise<string | undefined> {
    const wrong = await this.#until(patienceMs, async () => {
      const [{ atRest }, ledger] = await Promise.all([this.#client.screen(), this.#client.ledger()]);
      if (atRest && ledger.operator === operator) return [];
      if (!atRest) await this.#press('取消');
      else if (ledger.operator !== null)
        await this.#press('7 4 6 ⏎'); // a locked terminal would want the same operator
      else {
        await this.#press('取消'); // what was typed before
        await this.#press(`${operator} ⏎ ${secrets[operator]} ⏎`);
        await this.#until(patienceMs, async () => ((await this.#client.ledger()).operator === null ? ['nobody'] : []));
      }
      return [`operator ${operator} does not stand at the idle screen`];
    });
    return wrong[0];
  }

  async #settle(): Promise<string | undefined> {
    const wrong = await this.#until(patienceMs, async () => {
      const { link, devices } = await this.#client.state();
      const missing = devices.filter(({ simulated, state }) => simulated && state !== 'ready').map(({ name }) => name);
      const { signedIn, waitingRows, reversalsDue } = await this.#client.ledger();
      const quiet = link.state === 'online' && signedIn && waitingRows === 0 && reversalsDue === 0;
      if (quiet && missing.length === 0) return [];
      return [
        `not at rest: link ${link.state}, signed in ${signedIn}, ${waitingRows} rows waiting, not ready: ${missing}`,
      ];
    });
    return wrong[0];
  }

  async #withStan(keys: string): Promise<string> {
    if (!keys.includes(newestStan)) return keys;
    return keys.replaceAll(newestStan, (await this.#client.ledger()).payment?.stan ?? '');
  }

  async #press(keys: string): Promise<void> {
    for (const key of keysOf(keys)) await this.#client.act('/key', { key });
  }

  async #wait(ms: number): Promise<void> {
    if (this.#turnable) await this.#client.act('/clock', { advanceMs: ms });
    else await sleep(this.#clock, ms, this.#signal);
  }

  /** Looks again and again, soon at first, until nothing is missing any more. */
  async #until(limitMs: number, look: () => Promise<readonly string[]>): Promise<readonly string[]> {
    const endMs = this.#clock.now() + limitMs;
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
      const wrong = await look();
      if (wrong.length === 0 || this.#clock.now() >= endMs) return wrong;
      if (this.#signal?.aborted) return ['interrupted'];
      await sleep(this.#clock, pauseMs, this.#signal);
    }
  }
}

async function failure(
  client: BenchClient,
  about: Pick<PlayFailure, 'step' | 'what' | 'missing'>,
  screens: readonly string[],
): Promise<PlayFailure> {
  const [{ rows }, slips, wire, ledger, { seed }] = await Promise.all([
    client.screen(),
    client.slips(),
    client.wire(0),
    client.ledger(),
    client.state(),
  ]);
  return {
    ...about,
    screen: rows,
    screensBefore: screens.slice(-6, -1),
    slip: slips.at(-1)?.lines ?? [],
    wire: wire.slice(-shownWire).map(({ n, device, dir, words }) => `${n} ${device} ${dir} ${words}`),
    ledger,
    seed,
  };
}

/** For a person: the step, what is missing, and what was there instead. */
export const failureLines = (failure: PlayFailure): readonly string[] => [
  `step ${failure.step}: ${failure.what}`,
  ...failure.missing.map((text) => `  ✗ ${text}`),
  ...(failure.screensBefore.length > 0 ? ['before:', ...failure.screensBefore.map((text) => `  ${text}`)] : []),
  'screen:',
  ...failure.screen.map((row) => `  │${row}│`),
  ...(failure.slip.length > 0 ? ['last slip:', ...failure.slip.map((line) => `  │${line}`)] : []),
  'wire:',
  ...failure.wire.map((line) => `  ${line}`),
  `ledger: ${JSON.stringify(failure.ledger)}`,
  `seed: ${failure.seed}`,
];
