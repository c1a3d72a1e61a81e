import { Alert, Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { every } from '../browser.ts';
import { DoorFrame } from '../door.tsx';
import { loginForm } from '../login-form.ts';
import { NewPassword } from '../own-secret.tsx';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { wordOr } from '../parts/word-or.ts';
import { goTo, linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

interface Entry {
  readonly code: string;
  readonly login: string;
  readonly name: string;
  readonly newSecret: string;
}

const askEveryMs = 3_000;

/** A set-up code gives a user the first secret here: the terminal's own code makes the first user, later ones come from the main account. */
export function SetUpPage() {
  const words = useWords();
  const { enter, needsSetUp, setUp: asked } = useSession();
  const deed = useDeed();
  const setUp = async ({ code, login, name, newSecret }: Entry) => {
    goTo(['set-up']); // stays here while upstream has not confirmed the user
    const body = { code: code.trim(), login, name: name.trim(), password: newSecret };
    const session = await deed.send('/set-up', {}, body);
    if (session) enter(session);
  };
  if (asked?.state === 'waiting')
    return (
      <DoorFrame title={words('setup.title')}>
        <AwaitUpstream />
      </DoorFrame>
    );
  const why = [asked?.reason && wordOr(words, 'reason', asked.reason), asked?.remark].filter(Boolean).join(' · ');
  return (
    <DoorFrame title={words('setup.title')}>
      {asked ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          className="hint"
          title={words('setup.refused')}
          description={
            <>
              {why !== '' && <p>{words('colon', { name: words('reason'), value: why })}</p>}
              <p>{words('setup.refused.next')}</p>
            </>
          }
        />
      ) : (
        <Alert
          type="info"
          className="hint"
          title={needsSetUp ? words('setup.first') : words('setup.later')}
          description={needsSetUp ? words('setup.where') : words('setup.fromMain')}
        />
      )}
      <Form<Entry> name="set-up" layout="vertical" requiredMark={false} onFinish={(entry) => void setUp(entry)}>
        <Form.Item name="code" label={words('setup.code')} rules={[{ required: true }]}>
          <Input autoFocus autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} />
        </Form.Item>
        <Form.Item
          name="login"
          label={words('login.login')}
          extra={words('users.loginRule')}
          rules={[{ required: true }, { pattern: loginForm, message: words('users.loginRule') }]}
        >
          <Input autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={32} />
        </Form.Item>
        <Form.Item name="name" label={words('setup.name')} rules={[{ required: true, whitespace: true }]}>
          <Input autoComplete="name" maxLength={40} />
        </Form.Item>
        <NewPassword />
        <Refusal error={deed.error} />
        <Button type="primary" htmlType="submit" block loading={deed.busy}>
          {words('setup.go')}
        </Button>
      </Form>
      {!needsSetUp && (
        <p className="door-foot">
          <a href={linkTo([])}>{words('setup.toLogin')}</a>
        </p>
      )}
    </DoorFrame>
  );
}

/** Upstream decides who uses the console: it is asked until it has. */
function AwaitUpstream() {
  const words = useWords();
  const { refresh } = useSession();
  useEffect(() => every(askEveryMs, refresh), [refresh]);
  return (
    <>
      <Waiting what={words('setup.waiting')} />
      <p className="door-foot">
        <a href={linkTo([])}>{words('setup.toLogin')}</a>
      </p>
    </>
  );
}
