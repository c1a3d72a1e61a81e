import { App, Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import { useAnswer } from '../api.ts';
import { nowMs } from '../browser.ts';
import { shanghaiDay } from '../formats.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useWords } from '../words.ts';
import { Applications } from './applications.tsx';

interface Entry {
  readonly month: Dayjs;
  readonly address?: string;
}

const monthForm = 'YYYY-MM';

/** B-035: asked for here, printed and mailed upstream. */
export function PaperStatements() {
  const words = useWords();
  const answer = useAnswer('/settlement/applications', {}, { limit: 50 });
  return (
    <section aria-labelledby="paper">
      <h2 id="paper">{words('stmt.paper')}</h2>
      <p className="quiet">{words('stmt.paperHow')}</p>
      <AskForPaper />
      <Answered answer={answer} what={words('stmt.waiting')}>
        {({ applications }) => (
          <Applications
            applications={applications.filter(({ kind }) => kind === 'paper-statement')}
            empty={{ what: words('stmt.paperEmpty'), how: words('stmt.paperEmptyHow') }}
          />
        )}
      </Answered>
    </section>
  );
}

function AskForPaper() {
  const words = useWords();
  const { message } = App.useApp();
  const deed = useDeed();
  const [form] = Form.useForm<Entry>();
  const thisMonth = shanghaiDay(nowMs()).slice(0, 7);
  const ask = async ({ month, address }: Entry) => {
    const body = { month: month.format(monthForm), ...(address?.trim() && { address: address.trim() }) };
    if (!(await deed.send('/settlement/paper-statement', {}, body))) return;
    message.success(words('stmt.paperAsked'));
    form.resetFields();
  };
  return (
    <Form<Entry>
      form={form}
      className="filter"
      layout="vertical"
      requiredMark={false}
      onFinish={(entry) => void ask(entry)}
    >
      <Form.Item
        name="month"
        label={words('stmt.paperMonth')}
        rules={[{ required: true, message: words('stmt.monthBad') }]}
      >
        <DatePicker picker="month" format={monthForm} disabledDate={(day) => day.format(monthForm) >= thisMonth} />
      </Form.Item>
      <Form.Item name="address" label={words('stmt.paperAddress')}>
        <Input
          className="long"
          maxLength={200}
          placeholder={words('stmt.paperAddressHint')}
          autoComplete="street-address"
        />
      </Form.Item>
      <Form.Item>
        <Button htmlType="submit" loading={deed.busy}>
          {words('stmt.paperAsk')}
        </Button>
      </Form.Item>
      <Refusal error={deed.error} />
    </Form>
  );
}
