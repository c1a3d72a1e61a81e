import { Alert, Button, Card, Flex } from 'antd';
import type { SettlementHome } from '../../../flows/settlement-desk.ts';
import { Facts } from '../parts/facts.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { BalanceFigures } from './balance-figures.tsx';
import { modeWords } from './mode-words.ts';
import { Obstacles } from './obstacles.tsx';

/** Step 1: what there is to settle, how it is settled, and to where. */
export function SettleHome({ home }: { home: SettlementHome }) {
  const words = useWords();
  const { balances, mode, modeAsked, nextCut, lastCut, account, remind, clearingOverdue } = home;
  const isAuto = mode.mode === 'AUTO';
  return (
    <Flex vertical gap="middle">
      <Obstacles codes={home.obstacles} />
      {remind && <Alert type="info" showIcon title={words('overview.remind')} />}
      {clearingOverdue.map(({ batch, expected }) => (
        <Alert
          key={batch}
          type="warning"
          showIcon
          title={words('settle.clearingOverdue', { batch, expected })}
          description={words('settle.clearingOverdue.next')}
        />
      ))}
      <Card title={words('settle.balances')}>
        <BalanceFigures balances={balances} />
        <p className="quiet">{words('settle.balances.note')}</p>
      </Card>
      <div className="grid-2">
        <Card
          title={words('settle.mode')}
          extra={<a href={linkTo(['settlement', 'set-up'])}>{words('settle.change')}</a>}
        >
          <Facts
            facts={[
              [words('settle.mode.now'), modeWords(words, mode)],
              [words('settle.mode.asked'), modeAsked && modeWords(words, modeAsked)],
              [words('settle.nextCut'), isAuto && <When key="next" at={nextCut?.at} />],
              [words('settle.lastCut'), isAuto && (lastCut ?? words('settle.lastCut.none'))],
            ]}
          />
        </Card>
        <Card title={words('account')} extra={<a href={linkTo(['settlement', 'set-up'])}>{words('settle.change')}</a>}>
          {account ? (
            <Facts
              facts={[
                [words('account.name'), account.name],
                [
                  words('account.number'),
                  <span key="no" className="account">
                    {account.maskedNumber}
                  </span>,
                ],
                [words('account.bank'), account.bank],
                [words('list.state'), <StateTag key="state" state={account.state} />],
              ]}
            />
          ) : (
            <p>{words('account.none')}</p>
          )}
        </Card>
      </div>
      <Flex wrap gap="small">
        <Button type="primary" size="large" href={linkTo(['settlement', 'amount'])}>
          {words('settle.begin')}
        </Button>
        <Button size="large" href={linkTo(['settlement', 'set-up'])}>
          {words('settle.step.set-up')}
        </Button>
      </Flex>
    </Flex>
  );
}
