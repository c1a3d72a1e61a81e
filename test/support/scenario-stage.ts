import { serveTerminal } from '../../scripts/run-terminal.ts';
import { callJson } from '../../scripts/stage/socket.ts';
import { type BenchClient, benchClient } from '../../terminal/bench/bench-client.ts';
import { socketIn } from '../../terminal/cli/contract.ts';
import type { LocalServer } from '../../terminal/cli/server.ts';
import { startTestSystem, type TestSystem } from './terminal.ts';
import { turnableClock } from './turnable-clock.ts';

/** The waits that a person sees are those of the product: the clock is turned. What goes on behind the screen is quick. */
export const turnedLimits = {
  cardWaitMs: 60_000,
  hostWaitMs: 30_000,
  reversalWaitMs: 10_000,
  reversalRetryMs: 20,
  reversalRetryMaxMs: 100,
  resendMs: 60,
  resendMaxMs: 300,
  backoffMs: 10,
  backoffMaxMs: 60,
  idleMs: 30_000,
};
export const allSimulated = {
  reader: 'sim',
  pinPad: 'sim',
  scanner: 'sim',
  display: 'sim',
  printer: 'sim',
};

/** A whole terminal whose devices are all simulated in its own process, its bench reached over the socket as a tester reaches it. */
export class ScenarioStage {
  readonly system: TestSystem;
  readonly client: BenchClient;
  readonly #server: LocalServer;

  private constructor(system: TestSystem, server: LocalServer) {
    this.system = system;
    this.#server = server;
    const socket = socketIn(system.home);
    this.client = benchClient({
      get: (path) => callJson(socket, 'GET', `/v1/sim${path}`),
      post: (path, body) => callJson(socket, 'POST', `/v1/sim${path}`, body),
    });
  }

  static async start(config: Readonly<Record<string, unknown>> = {}): Promise<ScenarioStage> {
    const system = await startTestSystem({
      clock: turnableClock(),
      config: { ...allSimulated, limits: turnedLimits, ...config },
    });
    const { home, terminal, bugs } = system;
    const quiet = () => undefined;
    const server = await serveTerminal(home, terminal, quiet, (error) => bugs.push(error));
    return new ScenarioStage(system, server);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await this.system.stop();
  }
}
