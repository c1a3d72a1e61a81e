import { Alert, Button, Card, Checkbox, Flex, Form } from 'antd';
import { useState } from 'react';
import type { ProfileRecord } from '../../../../sync/protocol/merchant-data.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Facts } from '../parts/facts.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Page } from '../parts/page.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';
import { Applications } from './applications.tsx';
import { useProfileChange } from './profile-change.ts';
import { ProfileForm } from './profile-form.tsx';

const shownApplications = 20;

/** 商户资料: where notices and statements go, and the agreement (B-017, B-020, B-021). The main account changes it; upstream decides. */
export function ProfilePage() {
  const words = useWords();
  const { user, merchant, merchantName, terminal } = useSession();
  const home = useAnswer('/settlement/home');
  const applications = useAnswer('/settlement/applications', {}, { limit: shownApplications });
  const mayChange = user?.role === 'M' || user?.role === 'MO';
  const [isChanging, setIsChanging] = useState(false);
  return (
    <Page
      title={words('page.profile')}
      extra={mayChange && !isChanging && <Button onClick={() => setIsChanging(true)}>{words('profile.change')}</Button>}
    >
      <Answered answer={home} what={words('wait.list', { what: words('page.profile') })}>
        {({ profile }) => (
          <Flex vertical gap="middle">
            <Card title={merchantName}>
              <Facts
                facts={[
                  [words('profile.merchant'), merchant],
                  [words('profile.terminal'), terminal],
                  [words('profile.idValidUntil'), profile?.idValidUntil ?? '—'],
                  [words('profile.advance'), words(profile?.advance ? 'profile.advance.yes' : 'profile.advance.no')],
                ]}
              />
            </Card>
            <Card title={words('profile.contact')}>
              {isChanging ? (
                <ProfileForm profile={profile} onDone={() => setIsChanging(false)} />
              ) : (
                <ContactFacts profile={profile} />
              )}
            </Card>
            <Card title={words('agreement')}>
              <Agreement profile={profile} mayAccept={mayChange} />
            </Card>
            <Card title={words('applications')}>
              <Answered answer={applications} what={words('applications.wait')}>
                {({ applications: all }) => (
                  <Applications applications={all.filter(({ kind }) => kind === 'profile')} />
                )}
              </Answered>
            </Card>
          </Flex>
        )}
      </Answered>
    </Page>
  );
}

function ContactFacts({ profile }: { profile: ProfileRecord | undefined }) {
  const words = useWords();
  if (!profile) return <NothingYet what={words('profile.none')} how={words('profile.none.how')} />;
  const given = (value: string | null) => value ?? <span className="quiet">{words('profile.missing')}</span>;
  return (
    <Facts
      facts={[
        [words('profile.contactName'), given(profile.contact)],
        [words('profile.mobile'), given(profile.mobile)],
        [words('profile.email'), given(profile.email)],
        [words('profile.address'), given(profile.address)],
        [
          words('profile.remindFrom'),
          profile.remindFromFen === 0 ? (
            words('profile.remind.never')
          ) : (
            <Yuan key="remind" fen={profile.remindFromFen} />
          ),
        ],
      ]}
    />
  );
}

/** B-017: who has not accepted the version in force can not settle. */
function Agreement({ profile, mayAccept }: { profile: ProfileRecord | undefined; mayAccept: boolean }) {
  const words = useWords();
  const change = useProfileChange();
  if (!profile) return <NothingYet what={words('profile.none')} how={words('profile.none.how')} />;
  const { agreement, agreementInForce } = profile;
  if (agreement === agreementInForce)
    return <Alert type="success" showIcon title={words('agreement.accepted', { version: agreementInForce })} />;
  return (
    <>
      <Alert
        type="warning"
        showIcon
        className="hint"
        title={words('agreement.missing', { version: agreementInForce })}
        description={words(mayAccept ? 'agreement.why' : 'agreement.byMain')}
      />
      {mayAccept && (
        <Form name="agreement" layout="vertical" onFinish={() => void change.apply({ agreement: agreementInForce })}>
          <p>{words('agreement.text')}</p>
          <Form.Item
            name="read"
            valuePropName="checked"
            rules={[
              {
                validator: (_, isRead) =>
                  isRead === true ? Promise.resolve() : Promise.reject(new Error(words('agreement.mustRead'))),
              },
            ]}
          >
            <Checkbox>{words('agreement.read', { version: agreementInForce })}</Checkbox>
          </Form.Item>
          <Refusal error={change.error} />
          <Button type="primary" htmlType="submit" loading={change.busy}>
            {words('agreement.accept')}
          </Button>
        </Form>
      )}
    </>
  );
}
