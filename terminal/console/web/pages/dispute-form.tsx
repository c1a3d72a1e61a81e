import { App, Form, Input, Modal } from 'antd';
import type { SettledPayment } from '../../../flows/settlement-desk.ts';
import { yuanWithSign } from '../formats.ts';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useWords } from '../words.ts';

/** B-014: a ticket about a whole settlement or one payment in it, which support answers. */
export function DisputeForm({
  settlement,
  of,
  onClose,
}: {
  settlement: string;
  of: SettledPayment | 'whole' | undefined;
  onClose: () => void;
}) {
  const words = useWords();
  const { message } = App.useApp();
  const deed = useDeed();
  const [form] = Form.useForm<{ readonly text: string }>();
  const payment = of === 'whole' ? undefined : of;
  const dispute = async ({ text }: { readonly text: string }) => {
    const body = { text, ...(payment && { payment: payment.payment }) };
    if (!(await deed.send('/settlements/:no/dispute', { no: settlement }, body))) return;
    message.success(words('dispute.done'));
    onClose();
  };
  return (
    <Modal
      open={of !== undefined}
      title={words('dispute.title')}
      okText={words('dispute.send')}
      cancelText={words('cancel')}
      confirmLoading={deed.busy}
      onOk={form.submit}
      onCancel={onClose}
      afterClose={deed.forget}
      destroyOnHidden
    >
      <p>
        {payment
          ? words('dispute.about.payment', { stan: payment.stan, amount: yuanWithSign(payment.netFen) })
          : words('dispute.about.whole', { no: settlement })}
      </p>
      <Form
        form={form}
        name="dispute"
        layout="vertical"
        requiredMark={false}
        preserve={false}
        onFinish={(entry) => void dispute(entry)}
      >
        <Form.Item name="text" label={words('dispute.text')} rules={[{ required: true, whitespace: true }]}>
          <Input.TextArea rows={4} maxLength={2_000} showCount placeholder={words('dispute.hint')} />
        </Form.Item>
      </Form>
      <Refusal error={deed.error} />
    </Modal>
  );
}
