import { Button, Card, Progress } from 'antd';
import type { Overview } from '../../contract.ts';
import { ageWords } from '../parts/age.ts';
import { Facts } from '../parts/facts.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { useNow } from '../parts/now.ts';
import { When } from '../parts/when.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';

const ageStepMs = 30_000;
/** From here on a batch should be closed soon (faces.md: at 80 %, after a day). */
const nearlyFull = 80;

export function OpenBatchCard({ batch }: { batch: Overview['openBatch'] }) {
  const words = useWords();
  const now = useNow(ageStepMs);
  if (!batch)
    return (
      <Card title={words('overview.batch')}>
        <NothingYet what={words('batch.age.none')} how={words('overview.batch.none.how')} />
      </Card>
    );
  const percent = Math.min(100, Math.round((batch.records * 100) / Math.max(1, batch.maxRecords)));
  return (
    <Card
      title={words('overview.batch')}
      extra={
        <Button size="small" href={linkTo(['batches', 'close'])}>
          {words('batch.close')}
        </Button>
      }
    >
      <Facts
        facts={[
          [
            words('batch.no'),
            <a key="no" href={linkTo(['batches', batch.no])}>
              {batch.no}
            </a>,
          ],
          [words('batch.openedAt'), <When key="at" at={batch.openedAt} />],
          [words('batch.ageOf'), ageWords(words, now - batch.openedAt)],
          [words('batch.gross'), <Yuan key="gross" fen={batch.grossFen} />],
          [words('batch.records'), words('batch.recordsOf', { count: batch.records, limit: batch.maxRecords })],
        ]}
      />
      <Progress
        percent={percent}
        status={percent >= nearlyFull ? 'exception' : 'normal'}
        format={(value) => `${value}%`}
        aria-label={words('batch.recordsOf', { count: batch.records, limit: batch.maxRecords })}
      />
    </Card>
  );
}
