import { join } from 'node:path';
import type { Business } from '../../sync/host/business.ts';
import { HostLink } from '../../sync/host/link.ts';
import { noLinkFaults } from '../../sync/host/link-faults.ts';
import { type HostStore, openHostStore } from '../../sync/host/store.ts';
import { loadHostKeys, loadVerifyKey } from '../../sync/protocol/keys.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';

/** The host's link on a store and with keys in `folder`, with whatever business. */
export async function startLinkHost(
  url: string,
  folder: string,
  businessOn: (store: HostStore) => Promise<Business>,
): Promise<{ readonly link: HostLink; readonly store: HostStore }> {
  const store = await openHostStore(join(folder, 'host.db'));
  const key = loadVerifyKey(join(folder, 'keys', 'terminal.pub'));
  const link = new HostLink({
    url,
    clientId: 'host',
    keys: loadHostKeys(join(folder, 'keys')),
    keyOf: () => key,
    store,
    business: await businessOn(store),
    clock: systemClock,
    random: systemRandom,
    faults: noLinkFaults(),
    log: () => {},
  });
  await link.start();
  return { link, store };
}
