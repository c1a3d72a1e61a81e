import { Button, Drawer, Flex } from 'antd';
import { useState } from 'react';
import type { StatementView } from '../../../flows/statement-desk.ts';
import type { StatementLine } from '../../../settlement/statement.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { isWord, useWords } from '../words.ts';

const mostLines = 200;

/** One day: opening, every movement with the balance after it, closing. */
export function StatementDrawer({ date, onClose }: { date: string | undefined; onClose: () => void }) {
  const words = useWords();
  return (
    <Drawer
      open={date !== undefined}
      onClose={onClose}
      size="min(100vw, 1080px)"
      className="details"
      title={words('stmt.title', { date: date ?? '' })}
      extra={
        date !== undefined && (
          <ExportButton
            ask={{ kind: 'statement', about: date }}
            label={words('list.download')}
            formats={['csv', 'xlsx', 'html']}
          />
        )
      }
    >
      {date !== undefined && <Statement key={date} date={date} />}
    </Drawer>
  );
}

function Statement({ date }: { date: string }) {
  const words = useWords();
  const [after, setAfter] = useState(0);
  const answer = useAnswer('/statements/:date', { date }, { limit: mostLines, after });
  return (
    <Answered answer={answer} what={words('stmt.waitingLines')}>
      {({ head, lines }) => {
        const last = lines.at(-1)?.line ?? after;
        return (
          <Flex vertical gap="middle">
            <Head head={head} />
            <Lines lines={lines} />
            <Flex wrap gap="small" justify="end" className="pager">
              {after > 0 && <Button onClick={() => setAfter(0)}>{words('stmt.first')}</Button>}
              {last < head.lines && (
                <Button onClick={() => setAfter(last)}>{words('list.more', { n: head.lines - last })}</Button>
              )}
            </Flex>
          </Flex>
        );
      }}
    </Answered>
  );
}

function Head({ head }: { head: StatementView }) {
  const words = useWords();
  return (
    <>
      <Facts
        look="grid"
        facts={[
          [words('stmt.opening'), <Yuan key="opening" fen={head.openingFen} />],
          [words('stmt.in'), <Yuan key="in" fen={head.inFen} />],
          [words('stmt.out'), <Yuan key="out" fen={head.outFen} />],
          [words('stmt.closing'), <Yuan key="closing" fen={head.closingFen} />],
          [words('stmt.no'), head.no],
          [words('stmt.lines'), head.lines],
          [words('stmt.made'), <When key="made" at={head.madeAt} />],
          [words('stmt.hash'), <Copyable key="hash" text={head.sha256} label={words('down.copySha')} />],
        ]}
      />
      <p className="quiet">{words('stmt.equal')}</p>
    </>
  );
}

function Lines({ lines }: { lines: readonly StatementLine[] }) {
  const words = useWords();
  const money = (fen: number | null) => (fen === null ? '—' : <Yuan fen={fen} />);
  const columns: readonly Column<StatementLine>[] = [
    {
      title: words('stmt.event'),
      cell: ({ line, event }) => <span className="wrap short">{`${line} · ${wordOr(words, 'event', event)}`}</span>,
    },
    { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
    { title: words('list.no'), cell: ({ no }) => <span className="wrap short">{no}</span>, wideOnly: true },
    { title: words('stmt.type'), cell: ({ type }) => (isWord(`type.${type}`) ? wordOr(words, 'type', type) : '—') },
    {
      title: words('stmt.instrument'),
      cell: ({ instrument }) => (instrument === null ? '—' : wordOr(words, 'entry', instrument)),
    },
    { title: words('stmt.gross'), cell: ({ grossFen }) => money(grossFen), isNumber: true },
    { title: words('stmt.fee'), cell: ({ feeFen }) => money(feeFen), isNumber: true },
    { title: words('stmt.amount'), cell: ({ amountFen }) => money(amountFen), isNumber: true },
    { title: words('stmt.balance'), cell: ({ balanceFen }) => money(balanceFen), isNumber: true },
  ];
  return (
    <Rows
      label={words('stmt.lines')}
      columns={columns}
      rows={lines}
      idOf={({ line }) => String(line)}
      empty={{ what: words('stmt.linesEmpty'), how: words('stmt.linesEmptyHow') }}
    />
  );
}
