import { Alert, Button, Steps } from 'antd';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { Page } from '../parts/page.tsx';
import { useTop } from '../parts/top.ts';
import { goTo, linkTo, usePlace } from '../router.ts';
import { useWords } from '../words.ts';
import { SettleAmount } from './settle-amount.tsx';
import { SettleConfirm } from './settle-confirm.tsx';
import { SettleHome } from './settle-home.tsx';
import { useSettleIntent } from './settle-intent.ts';
import { SettleSetUp } from './settle-set-up.tsx';
import { SettlementDetails } from './settlement-details.tsx';
import { SettlementResult } from './settlement-result.tsx';

const stepNames = ['home', 'set-up', 'amount', 'result', 'details'] as const;
type StepName = (typeof stepNames)[number];
/** What the first three steps show is not yet a settlement; the others are of one. */
const ownSteps = 3;

const stepOf = (name: string | undefined): StepName => stepNames.find((one) => one === name) ?? 'home';

/** 结算 in five steps (B-008 to B-012). The step, and from the fourth on the number, stand in the address, so that a reload goes on. */
export function SettlementPage() {
  const words = useWords();
  const { path } = usePlace();
  const step = stepOf(path[1]);
  const no = path[2];
  return (
    <Page
      title={words('page.settlement')}
      extra={step === 'details' && <Button href={linkTo(['settlement'])}>{words('result.home')}</Button>}
    >
      <FiveSteps step={step} />
      {no === undefined && stepNames.indexOf(step) >= ownSteps && (
        <Alert
          type="info"
          showIcon
          title={words('settle.noResult')}
          action={<Button href={linkTo(['settlements'])}>{words('page.settlements')}</Button>}
        />
      )}
      {no !== undefined && step === 'result' && <SettlementResult no={no} />}
      {no !== undefined && step === 'details' && <SettlementDetails no={no} />}
      {stepNames.indexOf(step) < ownSteps && <BeforeSettling step={step} />}
    </Page>
  );
}

/** Steps 1 to 3 stand on the same answer, which stays fresh. */
function BeforeSettling({ step }: { step: StepName }) {
  const words = useWords();
  const home = useAnswer('/settlement/home');
  const [intent, hold] = useSettleIntent();
  useTop(intent === undefined ? 'amount' : 'confirm');
  return (
    <Answered answer={home} what={words('settle.wait.home')}>
      {(data) => {
        if (step === 'set-up') return <SettleSetUp home={data} />;
        if (step !== 'amount') return <SettleHome home={data} />;
        return intent ? (
          <SettleConfirm home={data} intent={intent} hold={hold} onStale={home.again} />
        ) : (
          <SettleAmount home={data} onConfirm={hold} />
        );
      }}
    </Answered>
  );
}

function FiveSteps({ step }: { step: StepName }) {
  const words = useWords();
  const isNarrow = useNarrow();
  const current = stepNames.indexOf(step);
  if (isNarrow)
    return (
      <p className="step-line">
        <strong>{words('settle.stepOf', { n: current + 1, of: stepNames.length })}</strong>{' '}
        {words(`settle.step.${step}`)}
      </p>
    );
  return (
    <Steps
      className="five-steps"
      current={current}
      size="small"
      onChange={(index) => goTo(['settlement', stepNames[index] ?? 'home'])}
      items={stepNames.map((name, index) => ({
        title: words(`settle.step.${name}`),
        disabled: index >= ownSteps || index === current,
      }))}
    />
  );
}
