import { Alert, Flex } from 'antd';
import type { StatementView } from '../../../flows/statement-desk.ts';
import { useAnswer } from '../api.ts';
import { nowMs } from '../browser.ts';
import { shanghaiDay } from '../formats.ts';
import { Answered } from '../parts/answered.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { daysOf, presetRange } from '../parts/day-presets.ts';
import { DayRange } from '../parts/day-range.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Page } from '../parts/page.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { goTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { PaperStatements } from './paper-statements.tsx';
import { StatementDrawer } from './statement-drawer.tsx';

/** 对账单 of the days in the address, this month's otherwise; `#/statements/<day>` opens one. */
export function StatementsPage() {
  const words = useWords();
  const { path, query } = usePlace();
  const range = { ...presetRange('thisMonth', shanghaiDay(nowMs())), ...daysOf(query) };
  const isBackwards = range.from > range.to;
  const answer = useAnswer(isBackwards ? undefined : '/statements', {}, { ...range });
  const columns: readonly Column<StatementView>[] = [
    { title: words('stmt.date'), cell: ({ date }) => <span className="digits">{date}</span> },
    { title: words('stmt.no'), cell: ({ no }) => <span className="digits">{no}</span> },
    { title: words('stmt.opening'), cell: ({ openingFen }) => <Yuan fen={openingFen} />, isNumber: true },
    { title: words('stmt.in'), cell: ({ inFen }) => <Yuan fen={inFen} />, isNumber: true },
    { title: words('stmt.out'), cell: ({ outFen }) => <Yuan fen={outFen} />, isNumber: true },
    { title: words('stmt.closing'), cell: ({ closingFen }) => <Yuan fen={closingFen} />, isNumber: true },
    { title: words('stmt.lines'), cell: ({ lines }) => lines, isNumber: true },
    {
      title: words('stmt.hash'),
      cell: ({ sha256 }) => <Copyable text={sha256} label={words('down.copySha')} />,
      wideOnly: true,
    },
  ];
  const open = (date?: string) =>
    goTo(date === undefined ? ['statements'] : ['statements', date], { from: query['from'], to: query['to'] });
  return (
    <Page title={words('page.statements')}>
      <Flex vertical gap="middle">
        <section>
          <div className="filter">
            <DayRange value={range} onChange={(days) => goTo(['statements'], { ...days })} />
            <ExportButton
              ask={{ kind: 'statement', ...range }}
              label={words('list.download')}
              formats={['csv', 'xlsx', 'html']}
              missing={answer.data?.statements.length === 0 ? words('stmt.empty') : undefined}
            />
          </div>
          {isBackwards && <Alert type="warning" showIcon title={words('txn.badRange')} />}
          <Answered answer={answer} what={words('stmt.waiting')}>
            {({ statements }) => (
              <Rows
                label={words('page.statements')}
                columns={columns}
                rows={statements}
                idOf={({ date }) => date}
                empty={{ what: words('stmt.empty'), how: words('stmt.emptyHow') }}
                open={{ act: ({ date }) => open(date), name: ({ date }) => date }}
              />
            )}
          </Answered>
        </section>
        <PaperStatements />
      </Flex>
      <StatementDrawer date={path[1]} onClose={() => open()} />
    </Page>
  );
}
