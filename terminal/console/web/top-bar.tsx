import { Badge, Button, Dropdown, Tag, Tooltip } from 'antd';
import { useState } from 'react';
import type { Session } from '../contract.ts';
import { send, useAnswer } from './api.ts';
import { useOverview } from './overview.tsx';
import { OwnSecret } from './own-secret.tsx';
import { ageWords } from './parts/age.ts';
import { BellIcon, MenuIcon } from './parts/icons.tsx';
import { useNow } from './parts/now.ts';
import { linkTo } from './router.ts';
import { useSession } from './session.tsx';
import { useWords } from './words.ts';

const linkLooks = { online: 'success', connecting: 'processing', offline: 'error' } as const;
const ageStepMs = 30_000;

export function SimulatedMark() {
  const words = useWords();
  return (
    <Tooltip title={words('simulated.why')}>
      <Tag color="orange" className="simulated">
        {words('simulated')}
      </Tag>
    </Tooltip>
  );
}

export function LanguageSwitch() {
  const words = useWords();
  const { language, setLanguage } = useSession();
  return (
    <Button
      type="text"
      lang={language === 'zh' ? 'en' : 'zh-CN'}
      aria-label={words('language.switch')}
      onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
    >
      {words('language.other')}
    </Button>
  );
}

function LinkState() {
  const words = useWords();
  const { data } = useOverview();
  if (!data) return null;
  const text = words(`link.${data.status.link}`);
  return (
    <span role="status" aria-label={words('link.of', { state: text })}>
      <Badge status={linkLooks[data.status.link]} text={text} />
    </span>
  );
}

function BatchAge() {
  const words = useWords();
  const { data } = useOverview();
  const now = useNow(ageStepMs);
  if (!data) return null;
  const batch = data.openBatch;
  if (!batch) return <span className="batch-age quiet">{words('batch.age.none')}</span>;
  return (
    <a className="batch-age" href={linkTo(['batches'])}>
      {words('batch.age', { no: batch.no, age: ageWords(words, now - batch.openedAt) })}
    </a>
  );
}

function Unread() {
  const words = useWords();
  const { data } = useAnswer('/notices', {}, { limit: 1 });
  const count = data?.unread ?? 0;
  const label = count > 0 ? words('unread.count', { count }) : words('unread.none');
  return (
    <Badge count={count} size="small" title={label} className="unread">
      <Button type="text" href={linkTo(['notices'])} aria-label={label} icon={<BellIcon />} />
    </Badge>
  );
}

function UserMenu({ user }: { user: NonNullable<Session['user']> }) {
  const words = useWords();
  const { refresh } = useSession();
  const [changing, setChanging] = useState(false);
  const leave = () => {
    send('/log-out', {}, {}).then(refresh, refresh);
  };
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'who', disabled: true, label: `${user.login} · ${words(`role.${user.role}`)}` },
            { type: 'divider' },
            { key: 'secret', label: words('user.secret'), onClick: () => setChanging(true) },
            { key: 'out', label: words('user.out'), onClick: leave },
          ],
        }}
      >
        <Button type="text" aria-label={words('user', { name: user.name })}>
          {user.name} <span aria-hidden="true">▾</span>
        </Button>
      </Dropdown>
      <OwnSecret open={changing} onClose={() => setChanging(false)} />
    </>
  );
}

/** Who this terminal is, how it stands, and who is at it. */
export function TopBar({ user, onMenu }: { user: NonNullable<Session['user']>; onMenu: () => void }) {
  const words = useWords();
  const { merchantName, terminal, simulated } = useSession();
  return (
    <header className="top">
      <Button
        type="text"
        className="menu-button"
        aria-label={words('menu.open')}
        icon={<MenuIcon />}
        onClick={onMenu}
      />
      <a className="brand" href={linkTo([])}>
        {words('brand')}
      </a>
      {simulated && <SimulatedMark />}
      <span className="merchant">
        <strong>{merchantName}</strong> <span className="quiet">{words('terminal', { no: terminal })}</span>
      </span>
      <span className="top-status">
        {user.role !== 'S' && (
          <>
            <BatchAge />
            <LinkState />
          </>
        )}
        <Unread />
      </span>
      <span className="top-user">
        <LanguageSwitch />
        <UserMenu user={user} />
      </span>
    </header>
  );
}
