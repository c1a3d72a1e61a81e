import { Button } from 'antd';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { Pager, usePageRows } from '../parts/pager.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { BatchClose } from './batch-close.tsx';
import { BatchDetails } from './batch-details.tsx';
import { netOf, VerdictOf } from './batch-verdict.tsx';

/** 批次: the list, `#/batches/000012` one of them, `#/batches/close` 批结算. */
export function BatchesPage() {
  const words = useWords();
  const { path } = usePlace();
  const no = path[1];
  if (no === undefined) return <List />;
  const toList = <Button href={linkTo(['batches'])}>{words('batch.toList')}</Button>;
  return no === 'close' ? (
    <Page title={words('batch.close')} extra={toList}>
      <BatchClose />
    </Page>
  ) : (
    <Page title={words('batch.of', { no })} extra={toList}>
      <BatchDetails no={no} />
    </Page>
  );
}

function List() {
  const words = useWords();
  const place = usePlace();
  const list = useAnswer('/batches', {}, { before: place.query['before'], limit: usePageRows() });
  const columns: readonly Column<BatchView>[] = [
    {
      title: words('batch.no'),
      cell: ({ no }) => (
        <a className="digits" href={linkTo(['batches', no])}>
          {no}
        </a>
      ),
    },
    { title: words('batch.date'), cell: ({ businessDate }) => <span className="digits">{businessDate}</span> },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} of="batch" /> },
    { title: words('batch.records'), cell: ({ records }) => records, isNumber: true },
    { title: words('batch.net'), cell: ({ totals }) => <Yuan fen={netOf(totals)} />, isNumber: true },
    { title: words('batch.verdict'), cell: (batch) => <VerdictOf batch={batch} /> },
    { title: words('batch.closedAt'), cell: ({ closedAt }) => <When at={closedAt} /> },
    { title: words('batch.clearedAt'), cell: ({ clearedAt }) => <When at={clearedAt} />, wideOnly: true },
  ];
  return (
    <Page
      title={words('page.batches')}
      extra={
        <Button type="primary" href={linkTo(['batches', 'close'])}>
          {words('batch.close')}
        </Button>
      }
    >
      <Answered answer={list} what={words('wait.list', { what: words('page.batches') })}>
        {({ batches }) => (
          <>
            <Rows
              label={words('page.batches')}
              columns={columns}
              rows={batches}
              idOf={({ no, openedAt }) => `${no} ${openedAt}`}
              empty={{ what: words('batch.empty'), how: words('overview.batch.none.how') }}
            />
            <Pager place={place} rows={batches.length} last={batches.at(-1)?.no} />
          </>
        )}
      </Answered>
    </Page>
  );
}
