import { pack } from '../../sync/protocol/envelope.ts';
import { loadHostKeys } from '../../sync/protocol/keys.ts';
import { downTopic } from '../../sync/protocol/topics.ts';
import { textOf } from '../scenarios/scenario.ts';
import type { TappedMessage, TapRule } from '../support/mqtt-tap.ts';
import type { TestSystem } from '../support/terminal.ts';

/** What testers do to what terminal and host say to each other. Each promise is kept when it has happened for the first time; `mend` ends all. */
export class HostWire {
  readonly #system: TestSystem;

  constructor(system: TestSystem) {
    this.#system = system;
  }

  /** A request, or an answer, of this kind passes. */
  passes(way: 'up' | 'down', kind: string): Promise<void> {
    return this.#each(isAuth(way, kind), () => undefined);
  }

  /** Requests, or answers, of this kind are lost. */
  lose(way: 'up' | 'down', kind: string): Promise<void> {
    return this.#each(isAuth(way, kind), () => 'drop');
  }

  /** The answer is on its way for longer than anybody waits. Resolves with what delivers it at last. */
  hold(kind: string): Promise<() => void> {
    return new Promise((resolve) => {
      void this.#each(isAuth('down', kind), ({ topic, payload }) => {
        resolve(() => this.#system.wire.inject('client', topic, payload));
        return 'drop';
      });
    });
  }

  /** Somebody changed a byte of the answer. */
  async breakSignature(name: 'auth' | 'rows', kind = ''): Promise<void> {
    const dropped = this.#dropped();
    const isIt = name === 'auth' ? isAuth('down', kind) : isRows('down');
    await this.#each(isIt, ({ payload }) => broken(payload));
    await this.#system.eventually('the terminal has not believed it', () => this.#dropped() > dropped);
  }

  /** The host signs another answer. */
  async changeAnswer(kind: string, change: (answer: Fields) => Fields): Promise<void> {
    const key = loadHostKeys(`${this.#system.home}/keys`).own;
    await this.#each(isAuth('down', kind), ({ topic, payload }) => {
      const message = JSON.parse(textOf(payload)) as { readonly answer: Fields };
      return pack(topic, JSON.stringify({ ...message, answer: change(message.answer) }), key);
    });
    await this.heard();
  }

  /** What is for this terminal comes signed for another one, or for another merchant. */
  async misdirect(name: 'auth' | 'rows', whose: (typeof otherAddresses)[number], kind = ''): Promise<void> {
    const key = loadHostKeys(`${this.#system.home}/keys`).own;
    const isIt = name === 'auth' ? isAuth('down', kind) : isRows('down');
    const dropped = this.#dropped();
    await this.#each(isIt, ({ topic, payload }) => {
      const other = topic.replace(this.#system.config[whose], '9'.repeat(8));
      this.#say(other, pack(other, textOf(payload), key));
      return 'drop';
    });
    await this.#system.eventually('the terminal has refused it', () => this.#dropped() > dropped);
  }

  /** Everything of this kind is delivered twice. */
  twice(way: 'up' | 'down', name: 'auth' | 'rows', kind = ''): Promise<void> {
    const isIt = name === 'auth' ? isAuth(way, kind) : isRows(way);
    return this.#each(isIt, ({ topic, payload }) => {
      setImmediate(() => this.#system.wire.inject(way === 'up' ? 'broker' : 'client', topic, payload));
      return undefined;
    });
  }

  /** What is written down on one side does not reach the other. */
  loseRows(way: 'up' | 'down'): void {
    void this.#each(isRows(way), () => 'drop');
  }

  /** Messages come in their order: when the terminal has dropped one that is not signed, it has heard what came before. */
  async heard(): Promise<void> {
    const dropped = this.#dropped();
    this.#say(downTopic(this.#system.config, 'auth'), Buffer.from('{"v":1}\n{}'));
    await this.#system.eventually('the terminal has heard it', () => this.#dropped() > dropped);
  }

  mend(): void {
    this.#system.wire.mend();
  }

  #each(isIt: (message: TappedMessage) => boolean, rule: TapRule): Promise<void> {
    return new Promise((resolve) => {
      this.#system.wire.rule((message) => {
        if (!isIt(message)) return undefined;
        resolve();
        return rule(message);
      });
    });
  }

  #say(topic: string, message: Buffer): void {
    setImmediate(() => this.#system.wire.inject('client', topic, message));
  }

  #dropped(): number {
    return this.#system.logged.filter((line) => line.includes('"link.message-dropped"')).length;
  }
}

/** Of an answer. */
export interface Fields {
  readonly [field: string]: unknown;
}

/** What a message may be for instead of this terminal. */
export const otherAddresses = ['terminal', 'merchant'] as const;

const isAuth =
  (way: 'up' | 'down', kind: string) =>
  ({ towards, topic, payload }: TappedMessage): boolean =>
    towards === (way === 'up' ? 'broker' : 'client') &&
    topic.endsWith(`/${way}/auth`) &&
    textOf(payload).includes(`"${way === 'up' ? 'request' : 'answer'}":{"kind":"${kind}"`);

const isRows =
  (way: 'up' | 'down') =>
  ({ towards, topic }: TappedMessage): boolean =>
    towards === (way === 'up' ? 'broker' : 'client') && topic.endsWith(`/${way}/rows`);

/** One letter of the signature is another one. */
function broken(payload: Buffer): Buffer {
  const other = Buffer.from(payload);
  const at = payload.indexOf('"sig":"') + 10;
  other[at] = payload[at] === 0x41 ? 0x42 : 0x41;
  return other;
}
