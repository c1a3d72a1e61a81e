import { Segmented } from 'antd';
import type { DifferenceView } from '../../../flows/reconciliation-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { ExportOfDays } from '../parts/export-of-days.tsx';
import { Pager, usePageRows } from '../parts/pager.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { goTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { DifferenceDrawer } from './difference-drawer.tsx';

/** The differences of all days: the open ones, or all (`?all=1`). */
export function Differences() {
  const words = useWords();
  const { path, query } = usePlace();
  const isAll = query['all'] === '1';
  const ask = { open: isAll ? undefined : 1, before: query['before'], limit: usePageRows() };
  const answer = useAnswer('/differences', {}, ask);
  const columns: readonly Column<DifferenceView>[] = [
    { title: words('recon.kind'), cell: ({ kind }) => words(`difference.${kind}`) },
    { title: words('recon.date'), cell: ({ date }) => <span className="digits">{date}</span> },
    { title: words('recon.here'), cell: ({ hereFen }) => <Yuan fen={hereFen} />, isNumber: true },
    { title: words('recon.there'), cell: ({ thereFen }) => <Yuan fen={thereFen} />, isNumber: true },
    { title: words('recon.delta'), cell: ({ deltaFen }) => <Yuan fen={deltaFen} />, isNumber: true },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
  ];
  const open = (no?: string) => goTo(no === undefined ? ['reconciliation'] : ['reconciliation', no], query);
  return (
    <>
      <div className="filter">
        <Segmented
          aria-label={words('recon.differences')}
          value={isAll ? 'all' : 'open'}
          options={[
            { value: 'open', label: words('recon.onlyOpen') },
            { value: 'all', label: words('recon.allDifferences') },
          ]}
          onChange={(value) => goTo(['reconciliation'], { all: value === 'all' ? '1' : undefined })}
        />
      </div>
      <ExportOfDays kind="differences" label={words('recon.export')} />
      <Answered answer={answer} what={words('recon.waiting')}>
        {({ differences }) => (
          <>
            <Rows
              label={words('recon.differences')}
              columns={columns}
              rows={differences}
              idOf={({ no }) => no}
              empty={{ what: words('recon.differencesEmpty'), how: words('recon.differencesEmptyHow') }}
              open={{ act: ({ no }) => open(no), name: ({ no }) => no }}
            />
            <Pager
              place={{ path: ['reconciliation'], query }}
              rows={differences.length}
              last={differences.at(-1)?.no}
            />
            <DifferenceDrawer
              difference={differences.find(({ no }) => no === path[1])}
              no={path[1]}
              onClose={() => open()}
            />
          </>
        )}
      </Answered>
    </>
  );
}
