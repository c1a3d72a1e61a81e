import { afterEach, beforeEach, expect } from 'vitest';
import { type HostOptions, startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

interface HostAndTill {
  readonly host: TestHost;
  readonly till: Till;
}

interface Options extends HostOptions {
  /** The till signs in before each test. */
  readonly isSignedIn?: boolean;
}

/**
 * A host and a till, new for each test of the file and handed to `take`; at the end nothing may have failed in the host. Resolves to what begins anew within a test, with
 * other options.
 */
export function hostAndTill(
  take: (both: HostAndTill) => void,
  { isSignedIn = true, ...first }: Options = {},
): (options: HostOptions) => Promise<void> {
  let current: TestHost | undefined;
  const begin = async (options: HostOptions): Promise<void> => {
    current = await startHost(options);
    const till = new Till(current);
    if (isSignedIn) await till.signIn();
    take({ host: current, till });
  };
  const end = async (): Promise<void> => {
    await current?.stop();
    expect(current?.failures).toEqual([]);
  };
  beforeEach(() => begin(first));
  afterEach(end);
  return async (options) => {
    await end();
    await begin(options);
  };
}
