import { Alert, Button, Flex, Input, Tag } from 'antd';
import { type FormEvent, useState } from 'react';
import type { AuditEntry } from '../../contract.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { ExportOfDays } from '../parts/export-of-days.tsx';
import { Page } from '../parts/page.tsx';
import { Pager, usePageRows } from '../parts/pager.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { goTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { detailsInWords } from './audit-details.ts';

/** 审计: who did what, and what was refused; and whether the chain of it is whole. */
export function AuditPage() {
  const words = useWords();
  const place = usePlace();
  const { by, before } = place.query;
  const answer = useAnswer('/audit', {}, { by, before, limit: usePageRows() });
  const columns: readonly Column<AuditEntry>[] = [
    { title: words('audit.action'), cell: ({ action }) => wordOr(words, 'action', action) },
    { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
    { title: words('list.by'), cell: (line) => (line.by === 'SYS' ? words('audit.system') : line.by) },
    { title: words('audit.outcome'), cell: ({ outcome }) => <Outcome outcome={outcome} /> },
    { title: words('audit.about'), cell: ({ about }) => <span className="wrap short">{about || '—'}</span> },
    {
      title: words('audit.details'),
      cell: ({ details }) => <span className="wrap">{detailsInWords(words, details) || '—'}</span>,
    },
    { title: words('audit.seq'), cell: ({ seq }) => seq, isNumber: true, wideOnly: true },
  ];
  return (
    <Page title={words('page.audit')}>
      <By key={by ?? ''} by={by ?? ''} />
      <ExportOfDays kind="audit" label={words('audit.export')} />
      <Answered answer={answer} what={words('audit.waiting')}>
        {({ lines, intact, brokenAt }) => (
          <Flex vertical gap="middle">
            <Chain intact={intact} brokenAt={brokenAt} />
            <div>
              <Rows
                label={words('page.audit')}
                columns={columns}
                rows={lines}
                idOf={({ seq }) => String(seq)}
                empty={{ what: words('audit.empty'), how: words('audit.emptyHow') }}
              />
              <Pager place={place} rows={lines.length} last={lines.at(-1)?.seq.toString()} />
            </div>
          </Flex>
        )}
      </Answered>
    </Page>
  );
}

function By({ by }: { by: string }) {
  const words = useWords();
  const [typed, setTyped] = useState(by);
  const find = (event: FormEvent) => {
    event.preventDefault();
    goTo(['audit'], { by: typed.trim() });
  };
  return (
    <search>
      <form className="filter" onSubmit={find}>
        <label>
          {words('audit.byWhom')}
          <Input value={typed} maxLength={32} autoCapitalize="none" onChange={({ target }) => setTyped(target.value)} />
        </label>
        <Button htmlType="submit">{words('txn.find')}</Button>
      </form>
    </search>
  );
}

function Chain({ intact, brokenAt }: { intact: boolean; brokenAt: number | undefined }) {
  const words = useWords();
  if (intact) return <Alert type="success" showIcon title={words('audit.intact')} />;
  const where = brokenAt === undefined ? words('audit.brokenHow') : words('audit.brokenAt', { seq: brokenAt });
  return <Alert type="error" showIcon role="alert" title={words('audit.broken')} description={where} />;
}

function Outcome({ outcome }: { outcome: string }) {
  const words = useWords();
  return outcome === 'ok' ? (
    <Tag color="success">✓ {words('audit.ok')}</Tag>
  ) : (
    <Tag color="error">✕ {words('audit.refused')}</Tag>
  );
}
