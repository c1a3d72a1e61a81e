import { Button, Card, Flex } from 'antd';
import type { ApplicationView, SettlementHome } from '../../../flows/settlement-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { AccountForm } from './account-form.tsx';
import { AccountVersions } from './account-versions.tsx';
import { Applications } from './applications.tsx';
import { ModeForm } from './mode-form.tsx';

const shownApplications = 20;

const isOfStep = ({ kind }: ApplicationView): boolean => kind === 'mode' || kind === 'account';

/** Step 2: mode and account. The account is entered once; a later one comes by a change of the settler, a failed one is entered again. */
export function SettleSetUp({ home }: { home: SettlementHome }) {
  const words = useWords();
  const applications = useAnswer('/settlement/applications', {}, { limit: shownApplications });
  const mayEnter = !home.accounts.some(({ state }) => state === 'ACTIVE' || state === 'VERIFYING');
  return (
    <Flex vertical gap="middle">
      <Card title={words('settle.mode')}>
        <ModeForm key={JSON.stringify(home.mode)} mode={home.mode} asked={home.modeAsked} />
      </Card>
      <Card title={words('account')}>
        <AccountVersions accounts={home.accounts} />
        {mayEnter ? <AccountForm /> : <p className="quiet">{words('account.fixed')}</p>}
      </Card>
      <Card title={words('applications')}>
        <Answered answer={applications} what={words('applications.wait')}>
          {({ applications: all }) => <Applications applications={all.filter(isOfStep)} />}
        </Answered>
      </Card>
      <Flex wrap gap="small">
        <Button href={linkTo(['settlement'])}>{words('back')}</Button>
        <Button type="primary" href={linkTo(['settlement', 'amount'])}>
          {words('next')}
        </Button>
      </Flex>
    </Flex>
  );
}
