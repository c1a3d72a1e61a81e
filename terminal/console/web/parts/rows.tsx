import { Button, Table, type TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../words.ts';
import { Facts } from './facts.tsx';
import { useNarrow } from './narrow.ts';
import { NothingYet } from './nothing-yet.tsx';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand under each other. */
  readonly isNumber?: boolean;
  /** Left out of the cards of a phone; the details have it. */
  readonly wideOnly?: boolean;
}

interface Listed<Row> {
  /** What the list is, for who cannot see it. */
  readonly label: string;
  /** The first column is the head of a card. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly empty: { readonly what: string; readonly how: string };
  /** Opens the details of a row; `name` says which in the name of the button. */
  readonly open?: { readonly act: (row: Row) => void; readonly name: (row: Row) => string };
  /** What can be done with a row. */
  readonly acts?: (row: Row) => ReactNode;
  /** Lines under the columns. */
  readonly sums?: readonly (readonly ReactNode[])[];
}

/** A list: a table where there is room, cards on a phone. */
export function Rows<Row>(listed: Listed<Row>) {
  const isNarrow = useNarrow();
  if (listed.rows.length === 0) return <NothingYet {...listed.empty} />;
  return isNarrow ? <Cards {...listed} /> : <Wide {...listed} />;
}

function Wide<Row>({ label, columns, rows, idOf, open, acts, sums }: Listed<Row>) {
  const hasActs = open !== undefined || acts !== undefined;
  const shown: TableColumnsType<{ id: string; row: Row }> = [
    ...columns.map(({ title, cell, isNumber }, i) => ({
      key: i,
      title,
      align: isNumber ? ('right' as const) : ('left' as const),
      render: (_: unknown, { row }: { row: Row }) => cell(row),
    })),
    ...(hasActs
      ? [
          {
            key: 'acts',
            title: '',
            fixed: 'right' as const,
            align: 'right' as const,
            render: (_: unknown, { row }: { row: Row }) => <Acts row={row} open={open} acts={acts} />,
          },
        ]
      : []),
  ];
  return (
    <Table<{ id: string; row: Row }>
      aria-label={label}
      className="rows"
      size="middle"
      columns={shown}
      dataSource={rows.map((row) => ({ id: idOf(row), row }))}
      rowKey="id"
      pagination={false}
      tableLayout="auto"
      scroll={{ x: true }}
      {...(sums && {
        summary: () =>
          sums.map((sum) => (
            <Table.Summary.Row key={String(sum[0])} className="sum">
              {sum.map((cell, i) => (
                <Table.Summary.Cell
                  key={columns[i]?.title ?? i}
                  index={i}
                  align={columns[i]?.isNumber ? 'right' : 'left'}
                >
                  {cell}
                </Table.Summary.Cell>
              ))}
              {hasActs && <Table.Summary.Cell index={sum.length} />}
            </Table.Summary.Row>
          )),
      })}
    />
  );
}

function Cards<Row>({ label, columns, rows, idOf, open, acts, sums = [] }: Listed<Row>) {
  const [head, ...others] = columns;
  const facts = others.filter(({ wideOnly }) => !wideOnly);
  return (
    <ul className="row-cards" aria-label={label}>
      {rows.map((row) => (
        <li key={idOf(row)}>
          <div className="row-head">
            <div>{head?.cell(row)}</div>
            <Acts row={row} open={open} acts={acts} />
          </div>
          <Facts look="grid" facts={facts.map(({ title, cell }) => [title, cell(row)])} />
        </li>
      ))}
      {sums.map((sum) => (
        <li key={String(sum[0])} className="sum">
          <div className="row-head">{sum[0]}</div>
          <Facts look="grid" facts={others.map(({ title }, i) => [title, sum[i + 1]])} />
        </li>
      ))}
    </ul>
  );
}

function Acts<Row>({ row, open, acts }: { row: Row } & Pick<Listed<Row>, 'open' | 'acts'>) {
  const words = useWords();
  return (
    <div className="row-acts">
      {acts?.(row)}
      {open && (
        <Button size="small" onClick={() => open.act(row)} aria-label={words('list.detailsOf', { no: open.name(row) })}>
          {words('details')}
        </Button>
      )}
    </div>
  );
}
