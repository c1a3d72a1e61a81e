import { Card } from 'antd';
import type { ReactNode } from 'react';
import { useTitle } from './parts/title.ts';
import { useSession } from './session.tsx';
import { LanguageSwitch, SimulatedMark } from './top-bar.tsx';
import { useWords } from './words.ts';

/** The frame of what is seen before somebody is logged in: whose terminal this is, and whom to call. */
export function DoorFrame({ title, children }: { title: string; children: ReactNode }) {
  const words = useWords();
  useTitle(title);
  const { merchantName, terminal, simulated, hotline, version, schema } = useSession();
  return (
    <main className="door">
      <Card className="door-box">
        <div className="door-head">
          <span className="brand">{words('brand')}</span>
          {simulated && <SimulatedMark />}
          <span className="door-language">
            <LanguageSwitch />
          </span>
        </div>
        <p className="door-merchant">
          <strong>{merchantName}</strong> <span className="quiet">{words('terminal', { no: terminal })}</span>
        </p>
        <h1>{title}</h1>
        {children}
      </Card>
      <p className="quiet">
        {words('refusal.hotline', { hotline })} · {words('version', { version, schema })}
      </p>
    </main>
  );
}
