import { Form, Input, type InputRef, Modal } from 'antd';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

type AskSecret = () => Promise<string | undefined>;
const SecretContext = createContext<AskSecret | undefined>(undefined);

/** Asks who is logged in for the secret again, before money moves or a setting changes. Undefined: they thought better of it. */
export function useSecret(): AskSecret {
  const ask = useContext(SecretContext);
  if (!ask) throw new Error('no SecretProvider around this page');
  return ask;
}

export function SecretProvider({ children }: { children: ReactNode }) {
  const words = useWords();
  const { user } = useSession();
  const [answer, setAnswer] = useState<(secret: string | undefined) => void>();
  const [secret, setSecret] = useState('');
  const input = useRef<InputRef>(null);
  const ask = useCallback<AskSecret>(
    () =>
      new Promise((resolve) => {
        setSecret('');
        setAnswer(() => resolve);
      }),
    [],
  );
  const end = (given: string | undefined) => {
    answer?.(given);
    setAnswer(undefined);
    setSecret('');
  };
  return (
    <SecretContext value={ask}>
      {children}
      <Modal
        open={answer !== undefined}
        title={words('secret.title')}
        okText={words('secret.go')}
        cancelText={words('cancel')}
        okButtonProps={{ disabled: secret === '', htmlType: 'submit', form: 'secret' }}
        onCancel={() => end(undefined)}
        afterOpenChange={(open) => open && input.current?.focus()}
        width={420}
        destroyOnHidden
      >
        <Form id="secret" layout="vertical" onFinish={() => secret !== '' && end(secret)}>
          <p>{words('secret.why')}</p>
          <input type="text" autoComplete="username" value={user?.login ?? ''} readOnly hidden />
          <Form.Item label={words('secret.of', { name: user?.name ?? '' })}>
            <Input.Password
              ref={input}
              aria-label={words('secret.of', { name: user?.name ?? '' })}
              autoComplete="current-password"
              maxLength={128}
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
            />
          </Form.Item>
        </Form>
      </Modal>
    </SecretContext>
  );
}
