import { request } from 'node:http';
import { TerminalError } from '../base/errors.ts';
import type { LinkRequest } from './contract.ts';

const patienceMs = 5_000;

/** The reference host's own socket for testers, where it runs on this machine. */
export interface HostControl {
  /** False when nobody answers there. */
  isThere(): Promise<boolean>;
  /** NOT_FOUND when nobody answers; BAD_REQUEST when the host refuses. */
  fault(order: Extract<LinkRequest, { fault: string }>): Promise<void>;
  reset(): Promise<void>;
}

export function hostControl(socketPath: string): HostControl {
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<void> => {
    const status = await ask(socketPath, method, path, body);
    if (status === undefined) throw new TerminalError('NOT_FOUND', { what: 'host', no: socketPath });
    if (status !== 200) throw new TerminalError('BAD_REQUEST', { what: `host: ${status}` });
  };
  return {
    isThere: async () => (await ask(socketPath, 'GET', '/state')) === 200,
    fault: ({ fault, ...rest }) => call('POST', '/fault', { kind: fault, ...rest }),
    reset: () => call('POST', '/reset'),
  };
}

/** The status of the answer; undefined: there was none. */
function ask(socketPath: string, method: string, path: string, body?: object): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method, path, agent: false, timeout: patienceMs }, (answer) => {
      answer.resume().once('close', () => resolve(answer.statusCode));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end(body && JSON.stringify(body));
  });
}
