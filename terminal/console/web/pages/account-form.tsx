import { Alert, App, Button, Form, Input, Radio } from 'antd';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { useWords } from '../words.ts';

interface Entry {
  readonly name: string;
  readonly number: string;
  readonly id: string;
  readonly bank: string;
  readonly destination: 'bank' | 'payment';
}

const compact = (text: string): string => text.replace(/[\s-]/g, '');

/** B-013: name, number, bank and the number of the identity document, checked upstream before they are used. Number and document are not kept on the page. */
export function AccountForm() {
  const words = useWords();
  const { message } = App.useApp();
  const askSecret = useSecret();
  const deed = useDeed();
  const [form] = Form.useForm<Entry>();
  const apply = async (entry: Entry) => {
    const secret = await askSecret();
    if (secret === undefined) return;
    const account = {
      ...entry,
      name: entry.name.trim(),
      bank: entry.bank.trim(),
      number: compact(entry.number),
      id: compact(entry.id),
    };
    if (!(await deed.send('/settlement/account', {}, { ...account, secret }))) return;
    form.resetFields();
    message.success(words('account.sent'));
  };
  return (
    <Form<Entry>
      form={form}
      name="account"
      layout="vertical"
      requiredMark={false}
      className="narrow-form"
      initialValues={{ destination: 'bank' }}
      onFinish={(entry) => void apply(entry)}
    >
      <Alert type="warning" showIcon className="hint" title={words('account.care')} />
      <Form.Item
        name="name"
        label={words('account.name')}
        extra={words('account.name.rule')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input autoComplete="off" maxLength={100} />
      </Form.Item>
      <Form.Item
        name="number"
        label={words('account.number')}
        rules={[
          { required: true },
          { transform: compact, pattern: /^\d{8,32}$/, message: words('account.number.rule') },
        ]}
      >
        <Input autoComplete="off" inputMode="numeric" maxLength={40} />
      </Form.Item>
      <Form.Item
        name="id"
        label={words('account.id')}
        extra={words('account.id.rule')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input autoComplete="off" maxLength={30} />
      </Form.Item>
      <Form.Item
        name="bank"
        label={words('account.bank')}
        extra={words('account.bank.rule')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input autoComplete="off" maxLength={100} />
      </Form.Item>
      <Form.Item name="destination" label={words('account.destination')}>
        <Radio.Group
          options={[
            { value: 'bank', label: words('destination.bank') },
            { value: 'payment', label: words('destination.payment') },
          ]}
        />
      </Form.Item>
      <Refusal error={deed.error} />
      <Button type="primary" htmlType="submit" loading={deed.busy}>
        {words('account.apply')}
      </Button>
    </Form>
  );
}
