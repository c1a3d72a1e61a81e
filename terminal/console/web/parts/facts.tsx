import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

const isThere = ([, value]: Fact): boolean => value !== undefined && value !== null && value !== '' && value !== false;

/** Names and values: `list` under each other, `bill` with the values on the right, `grid` names over values where there is room. What is not there is left out. */
export function Facts({ facts, look = 'list' }: { facts: readonly Fact[]; look?: 'list' | 'bill' | 'grid' }) {
  return (
    <dl className={`facts-${look}`}>
      {facts.filter(isThere).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
