import type { TransactionView } from '../../../flows/counter.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Page } from '../parts/page.tsx';
import { Pager, usePageRows } from '../parts/pager.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { paidBy } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { goTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { TransactionDrawer } from './transaction-drawer.tsx';
import { filterOf, queryOf } from './transaction-filter.ts';
import { TransactionFilterForm } from './transaction-filter-form.tsx';

/** 交易: of the days, kinds and amounts in the address; `#/transactions/<number>` opens the details of one. */
export function TransactionsPage() {
  const words = useWords();
  const place = usePlace();
  const filter = filterOf(place.query);
  const before = place.query['before'];
  const list = useAnswer('/transactions', {}, { ...filter, before, limit: usePageRows() });
  const { from, to, ...narrowing } = filter;
  const days = from !== undefined && to !== undefined ? { from, to } : undefined;
  const columns: readonly Column<TransactionView>[] = [
    { title: words('txn.type'), cell: ({ type }) => words(`type.${type}`) },
    { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
    { title: words('txn.stan'), cell: ({ stan }) => <span className="digits">{stan}</span> },
    { title: words('txn.amountOf'), cell: (txn) => <Yuan fen={txn.amountFen || txn.askedFen} />, isNumber: true },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
    { title: words('txn.card'), cell: (txn) => <span className="wrap short">{paidBy(words, txn)}</span> },
    { title: words('txn.operator'), cell: ({ operator }) => operator },
    { title: words('txn.batch'), cell: ({ batch }) => <span className="digits">{batch}</span>, wideOnly: true },
  ];
  const open = (no?: string) => goTo(no === undefined ? ['transactions'] : ['transactions', no], place.query);
  return (
    <Page
      title={words('page.transactions')}
      extra={
        <ExportButton
          ask={{ kind: 'transactions', ...days, filter: narrowing }}
          label={words('txn.export')}
          missing={days ? undefined : words('txn.exportNeedsDays')}
        />
      }
    >
      <TransactionFilterForm
        key={JSON.stringify(filter)}
        filter={filter}
        onFind={(found) => goTo(['transactions'], queryOf(found))}
      />
      <Answered answer={list} what={words('txn.waiting')}>
        {({ transactions }) => (
          <>
            <Rows
              label={words('page.transactions')}
              columns={columns}
              rows={transactions}
              idOf={({ payment }) => payment}
              empty={{ what: words('txn.empty'), how: words('txn.emptyHow') }}
              open={{ act: ({ payment }) => open(payment), name: ({ stan }) => stan }}
            />
            <Pager
              place={{ ...place, path: ['transactions'] }}
              rows={transactions.length}
              last={transactions.at(-1)?.payment}
            />
          </>
        )}
      </Answered>
      <TransactionDrawer no={place.path[1]} onClose={() => open()} />
    </Page>
  );
}
