import { App, Form, Input, Modal } from 'antd';
import { useDeed } from './parts/deed.ts';
import { Refusal } from './parts/refusal.tsx';
import { useWords } from './words.ts';

interface Entry {
  readonly secret: string;
  readonly newSecret: string;
}

/** Everybody changes the own password. */
export function OwnSecret({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Entry & { again: string }>();
  const deed = useDeed();
  const change = async ({ secret, newSecret }: Entry) => {
    if (!(await deed.send('/own-secret', {}, { secret, newSecret }))) return;
    message.success(words('own-secret.done'));
    onClose();
  };
  return (
    <Modal
      open={open}
      title={words('user.secret')}
      okText={words('save')}
      cancelText={words('cancel')}
      onCancel={onClose}
      onOk={form.submit}
      confirmLoading={deed.busy}
      afterClose={deed.forget}
      width={420}
      destroyOnHidden
    >
      <Form
        form={form}
        name="own-secret"
        layout="vertical"
        requiredMark={false}
        preserve={false}
        onFinish={(entry) => void change(entry)}
      >
        <Form.Item name="secret" label={words('own-secret.old')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <NewPassword />
        <Refusal error={deed.error} />
      </Form>
    </Modal>
  );
}

/** A new password, twice. The terminal has the last word on it. */
export function NewPassword() {
  const words = useWords();
  return (
    <>
      <Form.Item
        name="newSecret"
        label={words('own-secret.new')}
        extra={words('own-secret.rule')}
        rules={[{ required: true }, { min: 8, message: words('own-secret.rule') }]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
      <Form.Item
        name="again"
        label={words('own-secret.again')}
        dependencies={['newSecret']}
        rules={[
          { required: true },
          ({ getFieldValue }) => ({
            validator: (_, value: unknown) =>
              value === undefined || value === '' || value === getFieldValue('newSecret')
                ? Promise.resolve()
                : Promise.reject(new Error(words('own-secret.differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </>
  );
}
