import { Alert, Button, Drawer } from 'antd';
import { Suspense, useRef, useState } from 'react';
import type { Session } from '../contract.ts';
import { useLiveState } from './live.ts';
import { OverviewProvider } from './overview.tsx';
import { PageGuard } from './page-guard.tsx';
import { Page } from './parts/page.tsx';
import { SecretProvider } from './parts/secret.tsx';
import { useTop } from './parts/top.ts';
import { Waiting } from './parts/waiting.tsx';
import { linkTo, usePlace } from './router.ts';
import { routesFor } from './routes.tsx';
import { SideMenu } from './side-menu.tsx';
import { TopBar } from './top-bar.tsx';
import { useWords } from './words.ts';

/** Everything around the pages, for who is logged in. */
export function Shell({ user }: { user: NonNullable<Session['user']> }) {
  const words = useWords();
  const live = useLiveState();
  const allowed = routesFor(user.role);
  const { path } = usePlace();
  const name = path[0] === undefined || path[0] === 'set-up' ? allowed[0]?.name : path[0];
  const route = allowed.find((one) => one.name === name);
  const here = route?.opensDetails ? route.name : path.join('/');
  const [menuAt, setMenuAt] = useState<string>();
  const closeMenu = () => setMenuAt(undefined);
  const main = useRef<HTMLElement>(null);
  useTop(here);

  return (
    <OverviewProvider may={user.role !== 'S'}>
      <SecretProvider>
        <button type="button" className="skip" onClick={() => main.current?.focus()}>
          {words('skip')}
        </button>
        <TopBar user={user} onMenu={() => setMenuAt(here)} />
        {live === 'lost' && <Alert banner type="warning" role="status" title={words('live.lost')} />}
        <div className="body">
          <SideMenu className="side" routes={allowed} current={route?.name} />
          <Drawer
            open={menuAt === here}
            onClose={closeMenu}
            placement="left"
            size={260}
            title={words('menu')}
            className="menu-drawer"
          >
            <SideMenu routes={allowed} current={route?.name} onChoice={closeMenu} />
          </Drawer>
          <main ref={main} tabIndex={-1}>
            <PageGuard key={name}>
              <Suspense fallback={<Waiting what={words('wait.list', { what: route ? words(route.title) : '' })} />}>
                {route ? (
                  <route.Page />
                ) : (
                  <Page title={words('page.missing')}>
                    <Button href={linkTo([])}>{words('page.missing.go')}</Button>
                  </Page>
                )}
              </Suspense>
            </PageGuard>
          </main>
        </div>
      </SecretProvider>
    </OverviewProvider>
  );
}
