import { Alert, Button, Card, Result, Steps } from 'antd';
import { useEffect, useState } from 'react';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useAnswer } from '../api.ts';
import { onProgress, type Progress } from '../live.ts';
import { Answered } from '../parts/answered.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { VerdictOf } from './batch-verdict.tsx';
import { closeStepOf, closeSteps } from './close-checks.ts';

/** A close under way, step by step, and what it came to. Leaving the page does not stop it. */
export function BatchClosing({ no }: { no: string }) {
  const words = useWords();
  const answer = useAnswer('/batches/:no', { no });
  const progress = useCloseProgress(no);
  return (
    <Answered answer={answer} what={words('wait.list', { what: words('page.batches') })}>
      {({ batch }) => (
        <Card title={words('close.of', { no })}>
          <CloseSteps batch={batch} progress={progress} />
          {batch.state === 'CLOSED' && <Closed batch={batch} />}
          {batch.state === 'NEEDS_HUMAN' && (
            <Alert
              type="error"
              showIcon
              role="alert"
              title={words(batch.isDecided ? 'batch.decided' : 'batch.needsHuman')}
              description={words(batch.isDecided ? 'batch.decided.next' : 'batch.needsHuman.next')}
            />
          )}
          {batch.state !== 'CLOSED' && batch.state !== 'NEEDS_HUMAN' && (
            <p className="quiet" role="status">
              {words('close.goesOn')}
            </p>
          )}
        </Card>
      )}
    </Answered>
  );
}

function useCloseProgress(no: string): Progress | undefined {
  const [progress, setProgress] = useState<Progress>();
  useEffect(
    () =>
      onProgress((told) => {
        if (told.of === 'batch-close' && told.no === no) setProgress(told);
      }),
    [no],
  );
  return progress;
}

function CloseSteps({ batch, progress }: { batch: BatchView; progress: Progress | undefined }) {
  const words = useWords();
  const isNarrow = useNarrow();
  const names: readonly string[] = closeSteps;
  const told = names.indexOf(progress?.at ?? '');
  // What the batch says is sure; what was told on the way may be ahead of it.
  const current = batch.state === 'NEEDS_HUMAN' ? closeStepOf(batch.state) : Math.max(told, closeStepOf(batch.state));
  const upload =
    progress?.at === 'uploading' && progress.of_ !== undefined ? `${progress.done ?? 0}/${progress.of_}` : undefined;
  return (
    <Steps
      className="five-steps"
      orientation={isNarrow ? 'vertical' : 'horizontal'}
      size="small"
      current={current}
      status={batch.state === 'NEEDS_HUMAN' ? 'error' : 'process'}
      items={closeSteps.map((step) => ({
        title: words(`close.step.${step}`),
        ...(step === 'uploading' && upload !== undefined && { content: upload }),
      }))}
    />
  );
}

function Closed({ batch }: { batch: BatchView }) {
  const words = useWords();
  const isBalanced = batch.differences.length === 0 && Object.values(batch.verdict ?? {}).every((one) => one === 1);
  return (
    <Result
      status={isBalanced ? 'success' : 'warning'}
      title={words(isBalanced ? 'close.balanced' : 'close.notBalanced')}
      subTitle={
        <>
          <VerdictOf batch={batch} />
          <p>
            {words('close.done', { records: batch.records, next: batch.nextBatch ?? '—' })}
            {batch.prints === 0 && ` ${words('close.notPrinted')}`}
          </p>
          {!isBalanced && <p>{words('close.notBalanced.next')}</p>}
        </>
      }
      extra={
        <div className="actions result-actions">
          <Button type="primary" href={linkTo(['batches', batch.no])}>
            {words('close.details')}
          </Button>
          <Button href={linkTo(['overview'])}>{words('page.missing.go')}</Button>
        </div>
      }
    />
  );
}
