import { App, Button, Flex } from 'antd';
import { useState } from 'react';
import type { ConsoleUserView } from '../../../flows/console-user-desk.ts';
import { useAnswer } from '../api.ts';
import { OwnSecret } from '../own-secret.tsx';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { Page } from '../parts/page.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { useWords } from '../words.ts';
import { Applications } from './applications.tsx';
import { KeypadOperators } from './keypad-operators.tsx';
import { SetUpCode, type ShownCode } from './set-up-code.tsx';
import { type UserEntry, UserForm } from './user-form.tsx';
import { UserTable } from './user-table.tsx';

/** 用户: who may use the console, by upstream's leave; a set-up code gives a user the first secret at this terminal. */
export function UsersPage() {
  const words = useWords();
  const { modal, message } = App.useApp();
  const askSecret = useSecret();
  const deed = useDeed();
  const answer = useAnswer('/users');
  const [form, setForm] = useState<{ readonly user?: ConsoleUserView }>();
  const [code, setCode] = useState<ShownCode>();
  const [changingOwn, setChangingOwn] = useState(false);

  const apply = async (entry: UserEntry & Pick<ConsoleUserView, 'state'>) => {
    const secret = await askSecret();
    if (secret === undefined) return false;
    const isDone = (await deed.send('/users', {}, { ...entry, secret })) !== undefined;
    if (isDone) message.success(words('users.sent'));
    return isDone;
  };
  const remove = async ({ login, name, role }: ConsoleUserView) => {
    const isSure = await modal.confirm({
      title: words('users.removeOf', { login }),
      content: words('users.removeWhat', { login }),
      okText: words('users.remove'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
    });
    if (isSure) await apply({ login, name, role, state: 'REMOVED' });
  };
  const makeCode = async ({ login }: ConsoleUserView) => {
    const secret = await askSecret();
    if (secret === undefined) return;
    const made = await deed.send('/users/:login/code', { login }, { secret });
    if (made) setCode({ login, ...made });
  };

  return (
    <Page
      title={words('page.users')}
      extra={
        <>
          <Button onClick={() => setChangingOwn(true)}>{words('user.secret')}</Button>
          <Button type="primary" onClick={() => setForm({})}>
            {words('users.add')}
          </Button>
        </>
      }
    >
      {form === undefined && <Refusal error={deed.error} />}
      <PageTabs
        items={[
          {
            key: 'console',
            label: words('users.console'),
            children: (
              <Answered answer={answer} what={words('users.waiting')}>
                {({ users, applications }) => (
                  <Flex vertical gap="middle">
                    <UserTable
                      users={users}
                      change={(user) => setForm({ user })}
                      remove={(user) => void remove(user)}
                      makeCode={(user) => void makeCode(user)}
                    />
                    <section aria-labelledby="applications">
                      <h2 id="applications">{words('users.applications')}</h2>
                      <Applications
                        applications={applications}
                        empty={{ what: words('users.applicationsEmpty'), how: words('users.applicationsEmptyHow') }}
                      />
                    </section>
                  </Flex>
                )}
              </Answered>
            ),
          },
          { key: 'keypad', label: words('users.keypad'), children: <KeypadOperators /> },
        ]}
      />
      <UserForm
        isOpen={form !== undefined}
        user={form?.user}
        taken={(answer.data?.users ?? []).map(({ login }) => login)}
        deed={deed}
        save={(entry) => apply({ ...entry, state: 'ACTIVE' })}
        onClose={() => {
          deed.forget();
          setForm(undefined);
        }}
      />
      <SetUpCode code={code} onClose={() => setCode(undefined)} />
      <OwnSecret open={changingOwn} onClose={() => setChangingOwn(false)} />
    </Page>
  );
}
