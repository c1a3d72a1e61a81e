import { Card, Flex } from 'antd';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { BatchStopped } from './batch-stopped.tsx';
import { groups, Verdict, VerdictOf } from './batch-verdict.tsx';

export function BatchDetails({ no }: { no: string }) {
  const words = useWords();
  const answer = useAnswer('/batches/:no', { no });
  return (
    <Answered answer={answer} what={words('wait.list', { what: words('page.batches') })}>
      {({ batch }) => (
        <Flex vertical gap="middle">
          <BatchStopped batch={batch} />
          <Card
            title={words('details')}
            extra={
              <ExportButton
                ask={{ kind: 'batch', about: no }}
                label={words('batch.export')}
                formats={['csv', 'xlsx', 'html']}
              />
            }
          >
            <BatchFacts batch={batch} />
          </Card>
          <Card title={words('batch.totals')}>
            <Totals batch={batch} />
          </Card>
          <Card title={words('batch.differences')}>
            <Differences batch={batch} />
          </Card>
        </Flex>
      )}
    </Answered>
  );
}

function BatchFacts({ batch }: { batch: BatchView }) {
  const words = useWords();
  return (
    <div className="grid-2">
      <Facts
        facts={[
          [words('list.state'), <StateTag key="state" state={batch.state} of="batch" />],
          [words('batch.verdict'), <VerdictOf key="verdict" batch={batch} />],
          [words('batch.date'), batch.businessDate],
          [words('batch.records'), batch.records],
          [words('batch.uploaded'), batch.uploaded],
        ]}
      />
      <Facts
        facts={[
          [words('batch.openedAt'), <When key="opened" at={batch.openedAt} />],
          [words('batch.closedAt'), <When key="closed" at={batch.closedAt} />],
          [words('batch.closedBy'), batch.closedBy ?? '—'],
          [words('batch.clearedAt'), <When key="cleared" at={batch.clearedAt} />],
          [words('batch.next'), batch.nextBatch ?? '—'],
          [words('batch.prints'), batch.prints],
        ]}
      />
    </div>
  );
}

/** 内卡, 外卡, 扫码: debit and credit, and whether the host has the same. */
function Totals({ batch: { totals, verdict } }: { batch: BatchView }) {
  const words = useWords();
  return (
    <Rows
      label={words('batch.totals')}
      rows={groups}
      idOf={(group) => group}
      empty={{ what: '', how: '' }}
      columns={[
        { title: words('batch.group'), cell: (group) => words(`group.${group}`) },
        { title: words('batch.debitCount'), cell: (group) => totals[group].debitCount, isNumber: true },
        { title: words('batch.debit'), cell: (group) => <Yuan fen={totals[group].debitFen} />, isNumber: true },
        { title: words('batch.creditCount'), cell: (group) => totals[group].creditCount, isNumber: true },
        { title: words('batch.credit'), cell: (group) => <Yuan fen={totals[group].creditFen} />, isNumber: true },
        {
          title: words('batch.net'),
          cell: (group) => <Yuan fen={totals[group].debitFen - totals[group].creditFen} />,
          isNumber: true,
        },
        {
          title: words('batch.verdict'),
          cell: (group) => (verdict ? <Verdict verdict={verdict[group]} /> : <span className="quiet">—</span>),
        },
      ]}
      sums={[
        [
          words('list.total'),
          groups.reduce((sum, group) => sum + totals[group].debitCount, 0),
          <Yuan key="debit" fen={groups.reduce((sum, group) => sum + totals[group].debitFen, 0)} />,
          groups.reduce((sum, group) => sum + totals[group].creditCount, 0),
          <Yuan key="credit" fen={groups.reduce((sum, group) => sum + totals[group].creditFen, 0)} />,
          <Yuan
            key="net"
            fen={groups.reduce((sum, group) => sum + totals[group].debitFen - totals[group].creditFen, 0)}
          />,
          '',
        ],
      ]}
    />
  );
}

/** Terminal against host, record by record, and what the host made of each. */
function Differences({ batch: { differences, verdict } }: { batch: BatchView }) {
  const words = useWords();
  return (
    <Rows
      label={words('batch.differences')}
      rows={differences}
      idOf={({ payment, kind }) => `${payment} ${kind}`}
      empty={{
        what: words('batch.noDifferences'),
        how: words(verdict ? 'batch.noDifferences.how' : 'batch.noDifferences.yet'),
      }}
      columns={[
        {
          title: words('txn.stan'),
          cell: ({ stan, payment }) => (
            <a className="digits" href={linkTo(['transactions', payment])}>
              {stan ?? payment}
            </a>
          ),
        },
        { title: words('txn.type'), cell: ({ txn }) => (txn === undefined ? '—' : words(`type.${txn}`)) },
        { title: words('batch.difference'), cell: ({ kind }) => words(`differing.${kind}`) },
        {
          title: words('batch.here'),
          cell: ({ hereFen }) => (hereFen === null ? words('batch.notThere') : <Yuan fen={hereFen} />),
          isNumber: true,
        },
        {
          title: words('batch.there'),
          cell: ({ thereFen }) => (thereFen === null ? words('batch.notThere') : <Yuan fen={thereFen} />),
          isNumber: true,
        },
        { title: words('batch.decision'), cell: ({ decision }) => words(`differing.${decision}`) },
      ]}
    />
  );
}
