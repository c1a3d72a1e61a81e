import type { ApplicationView } from '../../../flows/settlement-desk.ts';
import { Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';
import { applicationAbout } from './application-about.ts';

/** What was applied for upstream and how it stands. */
export function Applications({
  applications,
  empty,
}: {
  applications: readonly ApplicationView[];
  empty?: { readonly what: string; readonly how: string };
}) {
  const words = useWords();
  return (
    <Rows
      label={words('applications')}
      rows={applications}
      idOf={({ no }) => no}
      empty={empty ?? { what: words('applications.empty'), how: words('applications.empty.how') }}
      columns={[
        { title: words('applications.kind'), cell: ({ kind }) => words(`application.${kind}`) },
        {
          title: words('applications.about'),
          cell: (one) => <span className="wrap">{applicationAbout(words, one)}</span>,
        },
        { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
        { title: words('list.by'), cell: ({ by }) => by },
        { title: words('list.state'), cell: ({ state }) => <StateTag state={state} of="application" /> },
        {
          title: words('applications.answer'),
          cell: ({ stage, reason, remark }) => (
            <span className="wrap">
              {[stage && wordOr(words, 'stage', stage), reason && wordOr(words, 'reason', reason), remark]
                .filter((part) => part !== undefined && part !== '')
                .join(' · ') || '—'}
            </span>
          ),
        },
      ]}
    />
  );
}
