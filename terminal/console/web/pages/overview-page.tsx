import { Alert, Button, Card, Flex } from 'antd';
import type { Overview } from '../../contract.ts';
import { useOverview } from '../overview.tsx';
import { Answered } from '../parts/answered.tsx';
import { Facts } from '../parts/facts.tsx';
import { Page } from '../parts/page.tsx';
import { Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';
import { BalanceFigures } from './balance-figures.tsx';
import { OpenBatchCard } from './open-batch-card.tsx';
import { TurnoverByDay, TurnoverByInstrument } from './turnover-charts.tsx';

/** Where everything stands, and what asks for a person. */
export function OverviewPage() {
  const words = useWords();
  const overview = useOverview();
  return (
    <Page
      title={words('page.overview')}
      extra={
        <>
          <Button href={linkTo(['batches', 'close'])}>{words('batch.close')}</Button>
          <Button type="primary" href={linkTo(['settlement'])}>
            {words('overview.settle')}
          </Button>
        </>
      }
    >
      <Answered answer={overview} what={words('wait.list', { what: words('page.overview') })}>
        {(data) => (
          <Flex vertical gap="middle">
            <Alerts data={data} />
            <Card title={words('overview.money')}>
              <BalanceFigures balances={data.balances} />
            </Card>
            <div className="grid-2">
              <OpenBatchCard batch={data.openBatch} />
              <StandingCard data={data} />
            </div>
            <div className="grid-2">
              <Card title={words('overview.byDay')}>
                <TurnoverByDay days={data.turnover.byDay} />
              </Card>
              <Card title={words('overview.byInstrument')}>
                <TurnoverByInstrument instruments={data.turnover.byInstrument} />
              </Card>
            </div>
            <LastSettlements data={data} />
          </Flex>
        )}
      </Answered>
    </Page>
  );
}

function Alerts({ data: { alerts, remind } }: { data: Overview }) {
  const words = useWords();
  const { language } = useSession();
  return (
    <>
      {alerts.map((alert) => (
        <Alert
          key={`${alert.code} ${alert.en}`}
          type={alert.level}
          showIcon
          title={alert[language]}
          action={
            <Button size="small" href={linkTo([alert.page])}>
              {words('overview.goTo', { page: words(`page.${alert.page}`) })}
            </Button>
          }
        />
      ))}
      {remind && (
        <Alert
          type="info"
          showIcon
          title={words('overview.remind')}
          action={
            <Button size="small" href={linkTo(['settlement'])}>
              {words('overview.settle')}
            </Button>
          }
        />
      )}
    </>
  );
}

/** Link, queue and devices. */
function StandingCard({ data: { status } }: { data: Overview }) {
  const words = useWords();
  const ill = status.deviceProblems.map(({ device }) => words(`device.${device}`));
  return (
    <Card title={words('overview.standing')}>
      <Facts
        facts={[
          [words('overview.link'), words(`link.${status.link}`)],
          [words('overview.signedIn'), words(status.signedIn ? 'overview.signedIn.yes' : 'overview.signedIn.no')],
          [
            words('overview.queue'),
            status.waitingRows === 0
              ? words('overview.queue.none')
              : words('overview.queue.some', { count: status.waitingRows }),
          ],
          [
            words('overview.reversals'),
            status.reversalsDue === 0
              ? words('none')
              : words('overview.reversals.some', { count: status.reversalsDue, stuck: status.reversalsStuck }),
          ],
          [
            words('overview.devices'),
            <a key="devices" href={linkTo(['devices'])}>
              {ill.length === 0
                ? words('overview.devices.well')
                : words('overview.devices.ill', { names: ill.join(words('comma')) })}
            </a>,
          ],
        ]}
      />
    </Card>
  );
}

function LastSettlements({ data: { lastSettlements } }: { data: Overview }) {
  const words = useWords();
  return (
    <Card title={words('overview.lastSettlements')} extra={<a href={linkTo(['settlements'])}>{words('all')}</a>}>
      <Rows
        label={words('overview.lastSettlements')}
        rows={lastSettlements}
        idOf={({ no }) => no}
        empty={{ what: words('settlements.empty'), how: words('settlements.empty.how') }}
        columns={[
          {
            title: words('list.no'),
            cell: ({ no }) => (
              <a className="wrap short" href={linkTo(['settlements', no])}>
                {no}
              </a>
            ),
          },
          { title: words('details.requested'), cell: ({ requestedAt }) => <When at={requestedAt} /> },
          { title: words('settle.mode'), cell: ({ mode }) => wordOr(words, 'mode', mode) },
          { title: words('account'), cell: ({ maskedAccount }) => <span className="account">{maskedAccount}</span> },
          { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
          { title: words('confirm.net'), cell: ({ netFen }) => <Yuan fen={netFen} />, isNumber: true },
        ]}
      />
    </Card>
  );
}
