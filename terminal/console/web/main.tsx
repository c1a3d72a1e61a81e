import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { type ReactNode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { cspNonce, giveStylesTheNonce } from './browser.ts';
import './door.css';
import './lists.css';
import './parts.css';
import './shell.css';
import { LogInPage } from './pages/log-in-page.tsx';
import { SetUpPage } from './pages/set-up-page.tsx';
import { Waiting } from './parts/waiting.tsx';
import { usePlace } from './router.ts';
import { SessionProvider, useSession } from './session.tsx';
import { Shell } from './shell.tsx';
import { theme as moving } from './theme.ts';

const csp = { nonce: cspNonce() };
/** Who asked the system for less motion gets none. */
const motion = !matchMedia('(prefers-reduced-motion: reduce)').matches;
const theme = { ...moving, token: { ...moving.token, motion } };

function Localised({ children }: { children: ReactNode }) {
  const { language } = useSession();
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
  }, [language]);
  return (
    <ConfigProvider
      locale={language === 'zh' ? zhCN : enUS}
      csp={csp}
      theme={theme}
      button={{ autoInsertSpace: false }}
    >
      <App>{children}</App>
    </ConfigProvider>
  );
}

function Door() {
  const { user, needsSetUp } = useSession();
  const { path } = usePlace();
  if (user) return <Shell key={user.login} user={user} />;
  return needsSetUp || path[0] === 'set-up' ? <SetUpPage /> : <LogInPage />;
}

const place = document.getElementById('console');
if (!place) throw new Error('console.html has no place for the console');
giveStylesTheNonce(csp.nonce);
createRoot(place).render(
  <ConfigProvider csp={csp} theme={theme}>
    <SessionProvider
      waiting={
        <App>
          <Waiting what="正在连接终端程序… Connecting to the terminal program…" />
        </App>
      }
    >
      <Localised>
        <Door />
      </Localised>
    </SessionProvider>
  </ConfigProvider>,
);
