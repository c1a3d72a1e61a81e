import { Tag } from 'antd';
import type { TodoItem } from '../../contract.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { When } from '../parts/when.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

/** Where each is dealt with. */
const places: Readonly<Record<TodoItem['kind'], (no: string) => readonly string[]>> = {
  unknown: (no) => ['transactions', no],
  reversal: (no) => ['transactions', no],
  row: () => ['overview'],
  difference: (no) => ['reconciliation', no],
  settlement: (no) => ['settlements', no],
  export: () => ['downloads'],
  ticket: () => ['tickets'],
  print: (no) => ['batches', no],
  batch: (no) => ['batches', no],
  clearing: (no) => ['batches', no],
};

const colours: Readonly<Record<TodoItem['kind'], string>> = {
  unknown: 'red',
  reversal: 'red',
  row: 'orange',
  difference: 'orange',
  settlement: 'red',
  export: 'default',
  ticket: 'blue',
  print: 'default',
  batch: 'red',
  clearing: 'orange',
};

/** 待处理: what does not go on without a person, or has not yet, and what to do about it. */
export function TodoPage() {
  const words = useWords();
  const { language } = useSession();
  const columns: readonly Column<TodoItem>[] = [
    { title: words('todo.kind'), cell: ({ kind }) => <Tag color={colours[kind]}>{words(`todo.${kind}`)}</Tag> },
    { title: words('list.what'), cell: (item) => <span className="wrap">{item[language]}</span> },
    { title: words('todo.since'), cell: ({ at }) => <When at={at} /> },
    {
      title: words('list.amount'),
      cell: ({ amountFen }) => (amountFen === undefined ? '—' : <Yuan fen={amountFen} />),
      isNumber: true,
    },
    {
      title: words('todo.next'),
      cell: (item) => <span className="wrap">{language === 'zh' ? item.nextZh : item.nextEn}</span>,
    },
  ];
  return (
    <Page title={words('page.todo')}>
      <Answered answer={useAnswer('/todo')} what={words('todo.waiting')}>
        {({ items }) => (
          <>
            {items.length > 0 && <p role="status">{words('todo.count', { n: items.length })}</p>}
            <Rows
              label={words('page.todo')}
              columns={columns}
              rows={items}
              idOf={({ kind, no }) => `${kind} ${no}`}
              empty={{ what: words('todo.empty'), how: words('todo.emptyHow') }}
              acts={({ kind, no, ...item }) => (
                <a href={linkTo(places[kind](no))} aria-label={`${words('todo.go')}: ${item[language]}`}>
                  {words('todo.go')}
                </a>
              )}
            />
          </>
        )}
      </Answered>
    </Page>
  );
}
