import { Button, Card, Flex, Form, Input, Radio } from 'antd';
import type { SettlementHome } from '../../../flows/settlement-desk.ts';
import { fenOf, yuan } from '../formats.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { Obstacles } from './obstacles.tsx';
import { intentOf, type SettleIntent } from './settle-intent.ts';

interface Entry {
  readonly how: 'all' | 'part';
  readonly amount?: string;
}

/** Step 3, first half: all of what is available, or a part (B-005). */
export function SettleAmount({ home, onConfirm }: { home: SettlementHome; onConfirm: (intent: SettleIntent) => void }) {
  const words = useWords();
  const [form] = Form.useForm<Entry>();
  const how = Form.useWatch('how', form);
  const { availableFen } = home.balances;
  const accountVersion = home.account?.version;
  const isPossible = availableFen > 0 && accountVersion !== undefined;
  const goOn = (entry: Entry) => {
    const amountFen = entry.how === 'all' ? availableFen : fenOf(entry.amount ?? '');
    if (amountFen === undefined || accountVersion === undefined) return;
    onConfirm(intentOf({ amountFen, seenAvailableFen: availableFen, accountVersion }));
  };
  const checkAmount = (_: unknown, text: string | undefined) => {
    const fen = fenOf(text ?? '');
    if (fen === undefined || fen <= 0) return Promise.reject(new Error(words('amount.bad')));
    return fen > availableFen
      ? Promise.reject(new Error(words('amount.tooMuch', { limit: yuan(availableFen) })))
      : Promise.resolve();
  };
  return (
    <Flex vertical gap="middle">
      <Obstacles codes={home.obstacles} />
      <Card title={words('settle.step.amount')}>
        <div className="figure-label">{words('balance.available')}</div>
        <div className="figure">
          <Yuan fen={availableFen} />
        </div>
        {availableFen <= 0 && <p>{words('amount.nothing')}</p>}
        <Form<Entry>
          form={form}
          name="amount"
          layout="vertical"
          requiredMark={false}
          className="narrow-form figure-form"
          initialValues={{ how: 'all' }}
          onFinish={goOn}
        >
          <Form.Item name="how" label={words('amount.how')}>
            <Radio.Group
              options={[
                { value: 'all', label: words('amount.all', { amount: yuan(availableFen) }) },
                { value: 'part', label: words('amount.part') },
              ]}
            />
          </Form.Item>
          {how === 'part' && (
            <Form.Item name="amount" label={words('amount.yuan')} rules={[{ validator: checkAmount }]}>
              <Input autoFocus autoComplete="off" inputMode="decimal" prefix="¥" placeholder="0.00" maxLength={15} />
            </Form.Item>
          )}
          <Flex wrap gap="small">
            <Button href={linkTo(['settlement', 'set-up'])}>{words('back')}</Button>
            <Button type="primary" htmlType="submit" disabled={!isPossible}>
              {words('next')}
            </Button>
          </Flex>
        </Form>
      </Card>
    </Flex>
  );
}
