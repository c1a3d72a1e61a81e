import { Form, Input, Modal, Radio } from 'antd';
import type { ConsoleUserView } from '../../../flows/console-user-desk.ts';
import { loginForm } from '../login-form.ts';
import type { Deed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useWords } from '../words.ts';

export type UserEntry = Pick<ConsoleUserView, 'login' | 'name' | 'role'>;

const roles = ['M', 'O', 'MO', 'S'] as const;

/** A new user, or another role for `user`. */
export function UserForm({
  isOpen,
  user,
  taken,
  deed,
  save,
  onClose,
}: {
  isOpen: boolean;
  user: ConsoleUserView | undefined;
  taken: readonly string[];
  deed: Deed;
  save: (entry: UserEntry) => Promise<boolean>;
  onClose: () => void;
}) {
  const words = useWords();
  const [form] = Form.useForm<UserEntry>();
  // Of a user who is there only the role is asked.
  const finish = async ({ login = user?.login ?? '', name = user?.name ?? '', role }: Partial<UserEntry>) => {
    if (role && (await save({ login, name, role }))) onClose();
  };
  return (
    <Modal
      open={isOpen}
      title={user ? words('users.changeOf', { login: user.login }) : words('users.add')}
      okText={words('next')}
      cancelText={words('cancel')}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={deed.busy}
      width={460}
      destroyOnHidden
    >
      <Form
        form={form}
        name="user"
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={user ?? { role: 'O' }}
        onFinish={(entry) => void finish(entry)}
      >
        {!user && (
          <>
            <Form.Item
              name="login"
              label={words('users.login')}
              extra={words('users.loginRule')}
              rules={[
                { required: true, pattern: loginForm, message: words('users.loginRule') },
                {
                  validator: (_, login: unknown) =>
                    taken.some((one) => one === login)
                      ? Promise.reject(new Error(words('users.loginTaken')))
                      : Promise.resolve(),
                },
              ]}
            >
              <Input maxLength={32} autoComplete="off" autoCapitalize="none" spellCheck={false} />
            </Form.Item>
            <Form.Item
              name="name"
              label={words('users.name')}
              rules={[{ required: true, whitespace: true, message: words('users.nameNeeded') }]}
            >
              <Input maxLength={60} autoComplete="off" />
            </Form.Item>
          </>
        )}
        <Form.Item name="role" label={words('users.role')}>
          <Radio.Group
            className="choices"
            options={roles.map((role) => ({
              value: role,
              label: (
                <>
                  {words(`role.${role}`)} <span className="quiet">— {words(`roleMay.${role}`)}</span>
                </>
              ),
            }))}
          />
        </Form.Item>
        <Refusal error={deed.error} />
      </Form>
    </Modal>
  );
}
