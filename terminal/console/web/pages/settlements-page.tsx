import { Button } from 'antd';
import type { SettlementDetail } from '../../../flows/settlement-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { ExportOfDays } from '../parts/export-of-days.tsx';
import { Page } from '../parts/page.tsx';
import { Pager, usePageRows } from '../parts/pager.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { SettlementDetails } from './settlement-details.tsx';

/** 结算记录, and `#/settlements/<number>` one of them. */
export function SettlementsPage() {
  const words = useWords();
  const { path } = usePlace();
  const no = path[1];
  if (no === undefined) return <List />;
  return (
    <Page
      title={words('page.settlement')}
      extra={<Button href={linkTo(['settlements'])}>{words('settlements.toList')}</Button>}
    >
      <SettlementDetails no={no} />
    </Page>
  );
}

function Mark({ settlement: { state, checked, disputed } }: { settlement: SettlementDetail }) {
  const words = useWords();
  if (disputed) return <span className="negative">{words('mark.disputed')}</span>;
  if (checked) return <span>{words('mark.checked')}</span>;
  return <span className="quiet">{state === 'SUCCESS' ? words('mark.toCheck') : '—'}</span>;
}

function List() {
  const words = useWords();
  const place = usePlace();
  const list = useAnswer('/settlements', {}, { before: place.query['before'], limit: usePageRows() });
  const columns: readonly Column<SettlementDetail>[] = [
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
    { title: words('confirm.gross'), cell: ({ amountFen }) => <Yuan fen={amountFen} />, isNumber: true },
    { title: words('confirm.fee'), cell: ({ serviceFeeFen }) => <Yuan fen={serviceFeeFen} />, isNumber: true },
    { title: words('confirm.net'), cell: ({ netFen }) => <Yuan fen={netFen} />, isNumber: true },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
    { title: words('mark'), cell: (settlement) => <Mark settlement={settlement} /> },
  ];
  return (
    <Page
      title={words('page.settlements')}
      extra={
        <Button type="primary" href={linkTo(['settlement'])}>
          {words('overview.settle')}
        </Button>
      }
    >
      <ExportOfDays kind="settlements" label={words('settlements.export')} />
      <Answered answer={list} what={words('wait.list', { what: words('page.settlements') })}>
        {({ settlements }) => (
          <>
            <Rows
              label={words('page.settlements')}
              columns={columns}
              rows={settlements}
              idOf={({ no }) => no}
              empty={{ what: words('settlements.empty'), how: words('settlements.empty.how') }}
            />
            <Pager place={place} rows={settlements.length} last={settlements.at(-1)?.no} />
          </>
        )}
      </Answered>
    </Page>
  );
}
