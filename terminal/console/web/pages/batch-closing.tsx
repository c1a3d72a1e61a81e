import { Button, Card, Flex, Result, Steps } from 'antd';
import type { BatchView } from '../../../flows/batch-desk.ts';
import { useAnswer } from '../api.ts';
import { type Progress, useProgress } from '../live.ts';
import { Answered } from '../parts/answered.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';
import { BatchStopped } from './batch-stopped.tsx';
import { VerdictOf } from './batch-verdict.tsx';
import { closeStepOf, closeSteps } from './close-checks.ts';

/** A close under way, step by step, and what it came to. Leaving the page does not stop it. */
export function BatchClosing({ no }: { no: string }) {
  const words = useWords();
  const answer = useAnswer('/batches/:no', { no });
  const progress = useProgress('batch-close')[no];
  return (
    <Answered answer={answer} what={words('wait.list', { what: words('page.batches') })}>
      {({ batch }) => (
        <Card title={words('close.of', { no })}>
          <CloseSteps batch={batch} progress={progress} />
          <BatchStopped batch={batch} />
          {batch.state === 'CLOSED' && <Closed batch={batch} />}
          {batch.state !== 'CLOSED' && batch.state !== 'NEEDS_HUMAN' && (
            <p className="quiet">{words('close.goesOn')}</p>
          )}
          <p role="status" className="visually-hidden">
            {batch.state === 'CLOSED' ? words(endOf(batch)) : words('close.running', { no })}
          </p>
        </Card>
      )}
    </Answered>
  );
}

function CloseSteps({ batch, progress }: { batch: BatchView; progress: Progress | undefined }) {
  const words = useWords();
  const isNarrow = useNarrow();
  const names: readonly string[] = closeSteps;
  const told = names.indexOf(progress?.at ?? '');
  // What the batch says is sure; what was told on the way may be ahead of it.
  const current = batch.state === 'NEEDS_HUMAN' ? closeStepOf(batch.state) : Math.max(told, closeStepOf(batch.state));
  const upload =
    progress?.at === 'uploading' && progress.total !== undefined
      ? `${progress.done ?? 0}/${progress.total}`
      : undefined;
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

const endOf = ({ differences, verdict }: BatchView): 'close.balanced' | 'close.notBalanced' =>
  differences.length === 0 && Object.values(verdict ?? {}).every((one) => one === 1)
    ? 'close.balanced'
    : 'close.notBalanced';

function Closed({ batch }: { batch: BatchView }) {
  const words = useWords();
  const end = endOf(batch);
  const isBalanced = end === 'close.balanced';
  return (
    <Result
      status={isBalanced ? 'success' : 'warning'}
      title={words(end)}
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
        <Flex wrap gap="small" justify="center">
          <Button type="primary" href={linkTo(['batches', batch.no])}>
            {words('close.details')}
          </Button>
          <Button href={linkTo(['overview'])}>{words('page.missing.go')}</Button>
        </Flex>
      }
    />
  );
}
