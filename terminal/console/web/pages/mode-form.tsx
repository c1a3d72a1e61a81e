import { Alert, App, Button, Form, Radio, Select } from 'antd';
import type { Cycle, ModeRecord } from '../../../../sync/protocol/merchant-data.ts';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { useWords } from '../words.ts';
import { modeWords } from './mode-words.ts';

const modes = ['AUTO', 'MANUAL', 'REALTIME'] as const;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const monthDays = Array.from({ length: 28 }, (_, i) => i + 1);

interface Entry {
  readonly mode: ModeRecord['mode'];
  readonly every: Cycle['every'];
  readonly weekday: (typeof weekdays)[number];
  readonly monthDay: number;
}

const entryOf = ({ mode, cycle }: ModeRecord): Entry => ({
  mode,
  every: cycle.every,
  weekday: cycle.every === 'WEEKLY' ? cycle.weekday : 1,
  monthDay: cycle.every === 'MONTHLY' ? cycle.monthDay : 1,
});

function cycleOf({ every, weekday, monthDay }: Entry): Cycle {
  if (every === 'WEEKLY') return { every, weekday };
  return every === 'MONTHLY' ? { every, monthDay } : { every };
}

/** B-001 to B-007. */
export function ModeForm({ mode, asked }: { mode: ModeRecord; asked: ModeRecord | undefined }) {
  const words = useWords();
  const { message } = App.useApp();
  const askSecret = useSecret();
  const deed = useDeed();
  const [form] = Form.useForm<Entry>();
  const chosen = Form.useWatch('mode', form);
  const every = Form.useWatch('every', form);
  const apply = async () => {
    // Fields that are not on the page keep what the mode had, so that a return to AUTO finds its cycle.
    const entry = { ...entryOf(mode), ...form.getFieldsValue(true) };
    const secret = await askSecret();
    if (secret === undefined) return;
    if (await deed.send('/settlement/mode', {}, { secret, mode: entry.mode, cycle: cycleOf(entry) }))
      message.success(words('mode.sent'));
  };
  return (
    <Form<Entry>
      form={form}
      name="mode"
      layout="vertical"
      requiredMark={false}
      initialValues={entryOf(mode)}
      onFinish={() => void apply()}
    >
      {asked && (
        <Alert type="info" showIcon className="hint" title={words('mode.pending', { mode: modeWords(words, asked) })} />
      )}
      <Form.Item name="mode" label={words('settle.mode')}>
        <Radio.Group className="modes">
          {modes.map((one) => (
            <Radio key={one} value={one}>
              {words(`mode.${one}`)}
              <span className="quiet mode-why">{words(`mode.${one}.why`)}</span>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      {chosen === 'AUTO' && (
        <div className="cycle">
          <Form.Item name="every" label={words('cycle')} rules={[{ required: true }]}>
            <Select
              style={{ width: 160 }}
              options={(['DAILY', 'WEEKLY', 'MONTHLY'] as const).map((value) => ({
                value,
                label: words(`cycle.${value}`),
              }))}
            />
          </Form.Item>
          {every === 'WEEKLY' && (
            <Form.Item name="weekday" label={words('cycle.weekday')} rules={[{ required: true }]}>
              <Select
                style={{ width: 160 }}
                options={weekdays.map((value) => ({ value, label: words(`weekday.${value}`) }))}
              />
            </Form.Item>
          )}
          {every === 'MONTHLY' && (
            <Form.Item name="monthDay" label={words('cycle.monthDay')} rules={[{ required: true }]}>
              <Select
                style={{ width: 160 }}
                options={monthDays.map((value) => ({ value, label: words('cycle.monthDay.n', { day: value }) }))}
              />
            </Form.Item>
          )}
        </div>
      )}
      <p className="quiet">{words('mode.note')}</p>
      <Refusal error={deed.error} />
      <Button type="primary" htmlType="submit" loading={deed.busy}>
        {words('mode.apply')}
      </Button>
    </Form>
  );
}
