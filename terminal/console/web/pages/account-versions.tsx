import type { AccountView } from '../../../flows/settlement-desk.ts';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { wordOr } from '../parts/word-or.ts';
import { useWords } from '../words.ts';

/** Every version of the settlement account; only one is active. */
export function AccountVersions({ accounts }: { accounts: readonly AccountView[] }) {
  const words = useWords();
  if (accounts.length === 0) return <NothingYet what={words('account.none')} how={words('account.none.how')} />;
  return (
    <Rows
      label={words('account.versions')}
      rows={accounts}
      idOf={({ version }) => String(version)}
      empty={{ what: words('account.none'), how: words('account.none.how') }}
      columns={[
        { title: words('account.version'), cell: ({ version }) => words('account.version.n', { n: version }) },
        { title: words('list.state'), cell: ({ state }) => <StateTag state={state} /> },
        { title: words('account.name'), cell: ({ name }) => name },
        { title: words('account.number'), cell: ({ maskedNumber }) => <span className="account">{maskedNumber}</span> },
        { title: words('account.bank'), cell: ({ bank }) => bank },
        { title: words('account.destination'), cell: ({ destination }) => words(`destination.${destination}`) },
        {
          title: words('reason'),
          cell: ({ reason }) => (reason === undefined ? '—' : wordOr(words, 'reason', reason)),
        },
      ]}
    />
  );
}
