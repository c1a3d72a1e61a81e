import { Alert, Flex } from 'antd';
import type { RunView } from '../../../flows/reconciliation-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { useWords } from '../words.ts';
import { Differences } from './differences.tsx';

/** 对账: how each day came out, and the differences. `#/reconciliation/<number>` opens one. */
export function ReconciliationPage() {
  const words = useWords();
  const runs = useAnswer('/reconciliation', {}, { limit: 31 });
  return (
    <Page title={words('page.reconciliation')}>
      <Flex vertical gap="middle">
        <section aria-labelledby="differences">
          <h2 id="differences">{words('recon.differences')}</h2>
          <Differences />
        </section>
        <section aria-labelledby="runs">
          <h2 id="runs">{words('recon.runs')}</h2>
          <Answered answer={runs} what={words('recon.waiting')}>
            {({ runs: days }) => (
              <Flex vertical gap="middle">
                {days
                  .filter(({ state }) => state === 'BLOCKED')
                  .map((run) => (
                    <Blocked key={run.date} run={run} />
                  ))}
                <Runs runs={days} />
              </Flex>
            )}
          </Answered>
        </section>
      </Flex>
    </Page>
  );
}

/** A bill that could not be used is never passed over. */
function Blocked({ run }: { run: RunView }) {
  const words = useWords();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={`${run.date} · ${words('recon.blocked')}`}
      description={words('recon.blockedWhy', { problem: run.problem ?? '' })}
    />
  );
}

function Runs({ runs }: { runs: readonly RunView[] }) {
  const words = useWords();
  const columns: readonly Column<RunView>[] = [
    { title: words('recon.date'), cell: ({ date }) => <span className="digits">{date}</span> },
    { title: words('list.state'), cell: ({ state }) => <StateTag state={state} of="run" /> },
    { title: words('recon.rows'), cell: ({ rows }) => rows, isNumber: true },
    { title: words('recon.matched'), cell: ({ matched }) => matched, isNumber: true },
    { title: words('recon.found'), cell: ({ differences }) => differences, isNumber: true },
    { title: words('recon.open'), cell: ({ openDifferences }) => openDifferences, isNumber: true },
    { title: words('recon.version'), cell: ({ version }) => version, isNumber: true, wideOnly: true },
    { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
  ];
  return (
    <Rows
      label={words('recon.runs')}
      columns={columns}
      rows={runs}
      idOf={({ date }) => date}
      empty={{ what: words('recon.runsEmpty'), how: words('recon.runsEmptyHow') }}
    />
  );
}
