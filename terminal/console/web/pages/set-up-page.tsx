import { Alert, Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { send } from '../api.ts';
import { DoorFrame } from '../door.tsx';
import { NewPassword } from '../own-secret.tsx';
import { useDeed } from '../parts/deed.ts';
import { useNow } from '../parts/now.ts';
import { Refusal } from '../parts/refusal.tsx';
import { Waiting } from '../parts/waiting.tsx';
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
  const { enter, needsSetUp } = useSession();
  const deed = useDeed();
  const [isSent, setIsSent] = useState(false);
  const setUp = ({ code, login, name, newSecret }: Entry) =>
    deed.run(async (key) => {
      goTo(['set-up']); // stays here while upstream has not confirmed the user
      enter(await send('/set-up', {}, { code: code.trim(), login, name: name.trim(), password: newSecret }, key));
      setIsSent(true);
    });
  if (isSent)
    return (
      <DoorFrame title={words('setup.title')}>
        <Confirmed />
      </DoorFrame>
    );
  return (
    <DoorFrame title={words('setup.title')}>
      <Alert
        type="info"
        className="door-hint"
        title={needsSetUp ? words('setup.first') : words('setup.later')}
        description={needsSetUp ? words('setup.where') : words('setup.fromMain')}
      />
      <Form<Entry> name="set-up" layout="vertical" requiredMark={false} onFinish={(entry) => void setUp(entry)}>
        <Form.Item name="code" label={words('setup.code')} rules={[{ required: true }]}>
          <Input autoFocus autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} maxLength={64} />
        </Form.Item>
        <Form.Item
          name="login"
          label={words('login.login')}
          extra={words('setup.loginRule')}
          rules={[{ required: true }, { pattern: /^[a-z][a-z0-9._-]{2,31}$/, message: words('setup.loginRule') }]}
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
function Confirmed() {
  const words = useWords();
  const { refresh } = useSession();
  const now = useNow(askEveryMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks whenever the time was read
  useEffect(refresh, [now]);
  return (
    <>
      <Waiting what={words('setup.waiting')} />
      <p className="door-foot">
        <a href={linkTo([])}>{words('setup.toLogin')}</a>
      </p>
    </>
  );
}
