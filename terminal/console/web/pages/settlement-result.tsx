import { Button, Card, Flex, Result, Spin } from 'antd';
import type { SettlementDetail } from '../../../flows/settlement-desk.ts';
import { useAnswer } from '../api.ts';
import { yuanWithSign } from '../formats.ts';
import { ageWords } from '../parts/age.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { useNow } from '../parts/now.ts';
import { Refusal } from '../parts/refusal.tsx';
import { wordOr } from '../parts/word-or.ts';
import { linkTo } from '../router.ts';
import { isWord, useWords } from '../words.ts';

/** Step 4: how the settlement stands; it changes by itself as the host says something. */
export function SettlementResult({ no }: { no: string }) {
  const words = useWords();
  const answer = useAnswer('/settlements/:no', { no });
  return (
    <Card>
      <Answered answer={answer} what={words('settle.wait.result')}>
        {({ settlement }) => <Outcome settlement={settlement} />}
      </Answered>
    </Card>
  );
}

const looks = {
  REQUESTED: 'info',
  PROCESSING: 'info',
  SUCCESS: 'success',
  FAILED: 'error',
  RETURNED: 'error',
  CANCELLED: 'warning',
} as const;

function Outcome({ settlement }: { settlement: SettlementDetail }) {
  const words = useWords();
  const { no, state, reason } = settlement;
  const isUnderWay = state === 'REQUESTED' || state === 'PROCESSING';
  const next = `next.${reason}`;
  return (
    <Result
      status={looks[state]}
      icon={isUnderWay ? <Spin size="large" /> : undefined}
      title={<span role="status">{words(`result.${state}`, { amount: yuanWithSign(settlement.netFen) })}</span>}
      subTitle={
        <>
          <p>{words('result.no', { no })}</p>
          {isUnderWay ? <Elapsed since={settlement.requestedAt} /> : <p>{words(`result.${state}.next`)}</p>}
          {reason !== undefined && (
            <p>
              {words('colon', { name: words('reason'), value: wordOr(words, 'reason', reason) })}{' '}
              {isWord(next) && words(next)}
            </p>
          )}
          {settlement.valueDate !== undefined && <p>{words('result.valueDate', { day: settlement.valueDate })}</p>}
        </>
      }
      extra={
        <Flex wrap gap="small" justify="center">
          {isUnderWay && <StopSettlement settlement={settlement} />}
          <Button type="primary" href={linkTo(['settlement', 'details', no])}>
            {words('settle.step.details')}
          </Button>
          <Button href={linkTo(['settlement'])}>{words('result.home')}</Button>
        </Flex>
      }
    />
  );
}

function Elapsed({ since }: { since: number }) {
  const words = useWords();
  const now = useNow(1_000);
  return (
    <>
      <p>{words('result.waiting', { age: ageWords(words, now - since) })}</p>
      <p className="quiet">{words('result.leave')}</p>
    </>
  );
}

/** Asks the host to give it back, which it does as long as it has not accepted it. */
export function StopSettlement({ settlement }: { settlement: SettlementDetail }) {
  const words = useWords();
  const deed = useDeed();
  const { no, state, stopping } = settlement;
  if (state !== 'REQUESTED') return null;
  return (
    <>
      <Button
        danger
        disabled={stopping}
        loading={deed.busy}
        onClick={() => void deed.send('/settlements/:no/stop', { no }, {})}
      >
        {words(stopping ? 'result.stopping' : 'result.stop')}
      </Button>
      <Refusal error={deed.error} />
    </>
  );
}
