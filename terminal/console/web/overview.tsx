import { createContext, type ReactNode, useContext } from 'react';
import { type Answer, useAnswer } from './api.ts';

const OverviewContext = createContext<Answer<'/overview'> | undefined>(undefined);

/** The overview, asked once for the top bar and the page; customer service may not see it. */
export function OverviewProvider({ may, children }: { may: boolean; children: ReactNode }) {
  return <OverviewContext value={useAnswer(may ? '/overview' : undefined)}>{children}</OverviewContext>;
}

export function useOverview(): Answer<'/overview'> {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error('no OverviewProvider around this page');
  return overview;
}
