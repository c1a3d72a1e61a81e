import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/** Names and values under each other; `bill`: amounts on the right, the last one is what they come to. */
export function Facts({ facts, look = 'facts' }: { facts: readonly Fact[]; look?: 'facts' | 'bill' }) {
  if (look === 'facts')
    return (
      <dl className="fact-list">
        {facts.flatMap(([name, value]) => [<dt key={`${name}?`}>{name}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
    );
  return (
    <dl className="bill">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
