import { request } from 'node:http';
import * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import type { LinkRequest } from './contract.ts';

const patienceMs = 5_000;

export type HostParameter = string | number | boolean;

/** The reference host's own socket for testers, where it runs on this machine. */
export interface HostControl {
  /** False when nobody answers there. */
  isThere(): Promise<boolean>;
  /** NOT_FOUND when nobody answers; BAD_REQUEST when the host refuses. */
  fault(order: Extract<LinkRequest, { fault: string }>): Promise<void>;
  /** Of the merchant. NOT_FOUND when nobody answers, or there is none of this name. */
  parameter(name: string): Promise<HostParameter>;
  /** As `fault`. */
  setParameter(name: string, value: HostParameter): Promise<void>;
  /** The customer of a code that waits. As `fault`. */
  customer(payment: string, pays: boolean): Promise<void>;
  reset(): Promise<void>;
}

const state = v.object({
  merchant: v.object({ parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])) }),
});

export function hostControl(socketPath: string): HostControl {
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<string> => {
    const answer = await ask(socketPath, method, path, body);
    if (answer === undefined) throw new TerminalError('NOT_FOUND', { what: 'host', no: socketPath });
    if (answer.status !== 200)
      throw new TerminalError('BAD_REQUEST', { what: `host: ${answer.status} ${answer.text}` });
    return answer.text;
  };
  return {
    isThere: async () => (await ask(socketPath, 'GET', '/state'))?.status === 200,
    async fault({ fault, ...rest }) {
      await call('POST', '/fault', { kind: fault, ...rest });
    },
    async parameter(name) {
      const { parameters } = v.parse(state, JSON.parse(await call('GET', '/state'))).merchant;
      const value = parameters[name];
      if (value === undefined) throw new TerminalError('NOT_FOUND', { what: 'parameter', no: name });
      return value;
    },
    async setParameter(name, value) {
      await call('POST', '/command', { command: 'set-parameter', name, value });
    },
    async customer(payment, pays) {
      await call('POST', '/command', { command: 'customer', payment, pays });
    },
    async reset() {
      await call('POST', '/reset');
    },
  };
}

interface HostAnswer {
  readonly status: number | undefined;
  readonly text: string;
}

/** Undefined: there was no answer. */
function ask(socketPath: string, method: string, path: string, body?: object): Promise<HostAnswer | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, agent: false, timeout: patienceMs }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('close', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') }));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end(body && JSON.stringify(body));
  });
}
