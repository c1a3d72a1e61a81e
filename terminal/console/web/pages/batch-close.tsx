import { Alert, Button, Card } from 'antd';
import type { Overview } from '../../contract.ts';
import { useOverview } from '../overview.tsx';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { goTo, linkTo, usePlace } from '../router.ts';
import { isWord, useWords } from '../words.ts';
import { BatchClosing } from './batch-closing.tsx';
import { type CheckLook, closeChecks } from './close-checks.ts';

/** 批结算: what is looked at before, then the close step by step (`#/batches/close/000012`), which goes on without the page. */
export function BatchClose() {
  const words = useWords();
  const { path } = usePlace();
  const overview = useOverview();
  const no = path[2];
  if (no !== undefined) return <BatchClosing no={no} />;
  return (
    <Answered answer={overview} what={words('wait.list', { what: words('page.batches') })}>
      {(data) => <BeforeClosing key={data.status.batch?.no} data={data} />}
    </Answered>
  );
}

const marks: Readonly<Record<CheckLook, string>> = { good: '✓', bad: '✕', careful: '!' };

function BeforeClosing({ data }: { data: Overview }) {
  const words = useWords();
  const askSecret = useSecret();
  const deed = useDeed();
  const { batch } = data.status;
  if (batch && batch.state !== 'OPEN' && batch.state !== 'CLOSED')
    return (
      <Alert
        type="info"
        showIcon
        title={words('close.running', { no: batch.no })}
        action={<Button href={linkTo(['batches', 'close', batch.no])}>{words('close.follow')}</Button>}
      />
    );
  const checks = closeChecks(data);
  const isPossible = batch !== undefined && checks.every(({ look }) => look !== 'bad');
  const close = async () => {
    const secret = await askSecret();
    if (secret === undefined || !batch) return;
    if (await deed.send('/batches/close', {}, { secret })) goTo(['batches', 'close', batch.no]);
  };
  return (
    <Card title={words('close.before', { no: batch?.no ?? '—' })}>
      <ul className="checks">
        {checks.map(({ name, look, value }) => {
          const said = `close.check.${name}.${look}`;
          return (
            <li key={name}>
              <span className={look} aria-hidden="true">
                {marks[look]}
              </span>
              <span>
                {words('colon', {
                  name: words(`close.check.${name}`),
                  value: isWord(said) ? words(said, { value }) : '',
                })}
                <span className="visually-hidden">{words(`close.look.${look}`)}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p className="quiet">{words('close.what')}</p>
      <Refusal error={deed.error} />
      <Button type="primary" disabled={!isPossible} loading={deed.busy} onClick={() => void close()}>
        {words('batch.close')}
      </Button>
    </Card>
  );
}
