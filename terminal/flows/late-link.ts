import type { Clock } from '../base/clock.ts';
import type { HostLink } from './world.ts';

const notYet: ReturnType<HostLink['status']> = {
  state: 'connecting',
  gateOpen: false,
  clockOffsetMs: null,
  lastProblem: null,
};

/** Stands for the link until it is loaded, which is behind the first screen: so long nobody is online. */
export function lateLink(clock: Clock): { readonly link: HostLink; readonly becomes: (link: HostLink) => void } {
  let real: HostLink | undefined;
  const listeners = new Set<() => void>();
  return {
    link: {
      clock,
      request: (...request) => real?.request(...request) ?? null,
      probe: (waitMs) => real?.probe(waitMs) ?? Promise.resolve(false),
      status: () => real?.status() ?? notYet,
      onStatus(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      wake: () => real?.wake(),
    },
    becomes(link) {
      real = link;
      link.onStatus(() => {
        for (const listener of [...listeners]) listener();
      });
    },
  };
}
