import { App, Button, Form, Input, Radio } from 'antd';
import type { DifferenceView } from '../../../flows/reconciliation-desk.ts';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useWords } from '../words.ts';

interface Entry {
  readonly finding: 'investigating' | 'explained';
  readonly text: string;
}

/** Who settles says that it is looked at, or what it was. */
export function ExamineDifference({ of: { no, state } }: { of: DifferenceView }) {
  const words = useWords();
  const { message } = App.useApp();
  const deed = useDeed();
  const examine = async ({ finding, text }: Entry) => {
    if (await deed.send('/differences/:no/examine', { no }, { finding, text: text.trim() }))
      message.success(words('recon.saved'));
  };
  return (
    <Form<Entry>
      key={state}
      layout="vertical"
      requiredMark={false}
      initialValues={{ finding: state === 'FOUND' ? 'investigating' : 'explained', text: '' }}
      onFinish={(entry) => void examine(entry)}
    >
      <Form.Item name="finding" label={words('recon.examine')}>
        <Radio.Group
          options={[
            ...(state === 'FOUND' ? [{ value: 'investigating', label: words('recon.investigating') }] : []),
            { value: 'explained', label: words('recon.explained') },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="text"
        label={words('recon.text')}
        dependencies={['finding']}
        rules={[
          ({ getFieldValue }) => ({
            required: getFieldValue('finding') === 'explained',
            whitespace: true,
            message: words('recon.textNeeded'),
          }),
        ]}
      >
        <Input.TextArea rows={3} maxLength={200} showCount placeholder={words('recon.textHint')} />
      </Form.Item>
      <Refusal error={deed.error} />
      <Button type="primary" htmlType="submit" loading={deed.busy}>
        {words('save')}
      </Button>
    </Form>
  );
}
