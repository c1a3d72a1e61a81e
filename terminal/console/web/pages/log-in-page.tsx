import { Button, Form, Input } from 'antd';
import { DoorFrame } from '../door.tsx';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

interface Entry {
  readonly login: string;
  readonly password: string;
}

export function LogInPage() {
  const words = useWords();
  const { enter } = useSession();
  const deed = useDeed();
  const logIn = async (entry: Entry) => {
    const session = await deed.send('/log-in', {}, entry);
    if (session) enter(session);
  };
  return (
    <DoorFrame title={words('login.title')}>
      <Form<Entry> name="log-in" layout="vertical" requiredMark={false} onFinish={(entry) => void logIn(entry)}>
        <Form.Item name="login" label={words('login.login')} rules={[{ required: true }]}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={32} />
        </Form.Item>
        <Form.Item name="password" label={words('login.password')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <Refusal error={deed.error} />
        <Button type="primary" htmlType="submit" block loading={deed.busy}>
          {words('login.go')}
        </Button>
      </Form>
      <p className="door-foot">
        <a href={linkTo(['set-up'])}>{words('login.code')}</a>
      </p>
    </DoorFrame>
  );
}
