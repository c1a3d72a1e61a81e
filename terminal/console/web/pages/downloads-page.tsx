import { App, Button, Progress } from 'antd';
import type { ExportView } from '../../../flows/export-desk.ts';
import { useAnswer } from '../api.ts';
import { type Progress as Step, useProgress } from '../live.ts';
import { Answered } from '../parts/answered.tsx';
import { Copyable } from '../parts/copyable.tsx';
import { useDeed } from '../parts/deed.ts';
import { fileSize } from '../parts/file-size.ts';
import { Page } from '../parts/page.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { type Column, Rows } from '../parts/rows.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';

/** 下载中心: files that were asked for, while they are made and for seven days after. */
export function DownloadsPage() {
  const words = useWords();
  const { language } = useSession();
  const { message } = App.useApp();
  const deed = useDeed();
  const steps = useProgress('export');
  const answer = useAnswer('/exports', {}, { limit: 100 });
  const redo = async ({ kind, format, from, to, about, filter }: ExportView) => {
    if (await deed.send('/exports', {}, { kind, format, from, to, about, filter, language }))
      message.success(words('down.redone'));
  };
  const columns: readonly Column<ExportView>[] = [
    { title: words('down.file'), cell: (job) => <FileName job={job} /> },
    { title: words('list.state'), cell: (job) => <HowFar job={job} step={steps[job.id]} /> },
    { title: words('down.rows'), cell: ({ rows }) => rows ?? '—', isNumber: true },
    {
      title: words('down.size'),
      cell: ({ bytes }) => (bytes === undefined ? '—' : fileSize(bytes)),
      isNumber: true,
    },
    {
      title: words('down.sha'),
      cell: ({ sha256 }) => (sha256 === undefined ? '—' : <Copyable text={sha256} label={words('down.copySha')} />),
    },
    { title: words('down.until'), cell: ({ validUntil }) => <When at={validUntil} /> },
  ];
  return (
    <Page title={words('page.downloads')}>
      <p className="quiet">{words('down.note')}</p>
      <Refusal error={deed.error} />
      <Answered answer={answer} what={words('down.waiting')}>
        {({ exports }) => (
          <Rows
            label={words('page.downloads')}
            columns={columns}
            rows={exports}
            idOf={({ id }) => id}
            empty={{ what: words('down.empty'), how: words('down.emptyHow') }}
            acts={(job) => <Fetch job={job} busy={deed.busy} redo={() => void redo(job)} />}
          />
        )}
      </Answered>
    </Page>
  );
}

function FileName({ job: { kind, name, by, at } }: { job: ExportView }) {
  const words = useWords();
  return (
    <span className="wrap">
      {words(`exportKind.${kind}`)}
      <br />
      {name}
      <br />
      <span className="quiet">
        <When at={at} /> {by}
      </span>
    </span>
  );
}

function Fetch({ job, busy, redo }: { job: ExportView; busy: boolean; redo: () => void }) {
  const words = useWords();
  if (job.state === 'READY')
    return (
      <Button
        type="primary"
        size="small"
        href={`/api/exports/${encodeURIComponent(job.id)}/file`}
        download={job.name}
        aria-label={`${words('down.get')} ${job.name}`}
      >
        {words('list.download')}
      </Button>
    );
  if (job.state === 'EXPIRED' || job.state === 'FAILED')
    return (
      <Button size="small" disabled={busy} onClick={redo} aria-label={`${words('down.redo')} ${job.name}`}>
        {words('down.redo')}
      </Button>
    );
  return null;
}

function HowFar({ job: { state, done, of, problem }, step }: { job: ExportView; step: Step | undefined }) {
  const words = useWords();
  const isUnderWay = state === 'QUEUED' || state === 'RUNNING';
  const [now, all] = [Math.max(done, step?.done ?? 0), step?.total ?? of];
  return (
    <span className="how-far">
      <StateTag state={state} of="export" />
      {isUnderWay && all > 0 && (
        <>
          <Progress
            percent={Math.min(99, Math.floor((now * 100) / all))}
            size="small"
            showInfo={false}
            aria-label={words('down.progress', { done: now, of: all })}
          />
          <span className="quiet digits">{words('down.progress', { done: now, of: all })}</span>
        </>
      )}
      {problem !== undefined && <span className="wrap">{problem}</span>}
    </span>
  );
}
