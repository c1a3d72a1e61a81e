import * as v from 'valibot';
import {
  displayAnswer,
  type LedgerAnswer,
  ledgerAnswer,
  type ScreenAnswer,
  type SlipAnswer,
  type StateAnswer,
  screenAnswer,
  slipsAnswer,
  stateAnswer,
  type WireEvent,
  wireAnswer,
} from './contract.ts';

/** How a client reaches the contract: over pos.sock, or a page's address. Refusals throw. */
export interface Road {
  /** `path` begins behind `/sim`, with `/`. */
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** The contract with its types: the other end of bench-api.ts. */
export interface BenchClient {
  state(): Promise<StateAnswer>;
  screen(): Promise<ScreenAnswer>;
  slips(): Promise<readonly SlipAnswer[]>;
  /** Both lines, or nothing where there is no display. */
  display(): Promise<readonly string[]>;
  ledger(): Promise<LedgerAnswer>;
  wire(after: number): Promise<readonly WireEvent[]>;
  act(path: string, body: object): Promise<unknown>;
}

export const benchClient = ({ get, post }: Road): BenchClient => ({
  state: async () => v.parse(stateAnswer, await get('/state')),
  screen: async () => v.parse(screenAnswer, await get('/screen?lang=zh')),
  slips: async () => v.parse(slipsAnswer, await get('/slips')).slips,
  async display() {
    const { upper, lower } = v.parse(displayAnswer, await get('/display'));
    return upper === null || lower === null ? [] : [upper, lower];
  },
  ledger: async () => v.parse(ledgerAnswer, await get('/ledger')),
  wire: async (after) => v.parse(wireAnswer, await get(`/wire?last=2000&after=${after}`)).events,
  act: post,
});
