import type { ReactNode } from 'react';
import { useTitle } from './title.ts';

/** The frame of a page: its title, what can be done with it (`extra`), and what is on it. */
export function Page({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        {extra && <div className="page-extra">{extra}</div>}
      </div>
      {children}
    </>
  );
}
