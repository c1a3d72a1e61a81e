import { Alert, App, Button, Card, Flex } from 'antd';
import { useState } from 'react';
import type { SettledPayment, SettlementDetail, TicketView } from '../../../flows/settlement-desk.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { ExportButton } from '../parts/export-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { useWords } from '../words.ts';
import { DisputeForm } from './dispute-form.tsx';
import { SettledPayments } from './settled-payments.tsx';
import { StopSettlement } from './settlement-result.tsx';
import { TicketList } from './ticket-list.tsx';

/** Step 5 (B-012, B-014): everything about one settlement, every payment in it, and whether it was confirmed or disputed. */
export function SettlementDetails({ no }: { no: string }) {
  const words = useWords();
  const answer = useAnswer('/settlements/:no', { no });
  return (
    <Answered answer={answer} what={words('wait.list', { what: words('page.settlement') })}>
      {({ settlement, tickets }) => <Details settlement={settlement} tickets={tickets} />}
    </Answered>
  );
}

function Details({ settlement, tickets }: { settlement: SettlementDetail; tickets: readonly TicketView[] }) {
  const words = useWords();
  const [disputed, setDisputed] = useState<SettledPayment | 'whole'>();
  return (
    <Flex vertical gap="middle">
      <CheckBox settlement={settlement} onDispute={() => setDisputed('whole')} />
      <Card
        title={words('details.of', { no: settlement.no })}
        extra={
          <ExportButton
            ask={{ kind: 'settlement-payments', about: settlement.no }}
            label={words('details.export')}
            formats={['csv', 'xlsx', 'html']}
          />
        }
      >
        <SettlementFacts settlement={settlement} />
      </Card>
      <Card title={words('details.payments')}>
        <SettledPayments settlement={settlement} onDispute={setDisputed} />
      </Card>
      {tickets.length > 0 && (
        <Card title={words('page.tickets')}>
          <TicketList tickets={tickets} />
        </Card>
      )}
      <DisputeForm settlement={settlement.no} of={disputed} onClose={() => setDisputed(undefined)} />
    </Flex>
  );
}

function SettlementFacts({ settlement }: { settlement: SettlementDetail }) {
  const words = useWords();
  const { state, reason, issued } = settlement;
  return (
    <div className="grid-2">
      <Facts
        look="bill"
        facts={[
          [words('confirm.gross'), <Yuan key="gross" fen={settlement.amountFen} />],
          [words('confirm.fee'), <Yuan key="fee" fen={settlement.serviceFeeFen} />],
          [
            words('confirm.net'),
            <strong key="net">
              <Yuan fen={settlement.netFen} />
            </strong>,
          ],
          [
            words('account'),
            <span key="account" className="account">
              {settlement.maskedAccount} · {words('account.version.n', { n: settlement.accountVersion })}
            </span>,
          ],
        ]}
      />
      <Facts
        look="bill"
        facts={[
          [words('list.state'), <StateTag key="state" state={state} />],
          [words('reason'), reason && wordOr(words, 'reason', reason)],
          [words('settle.mode'), wordOr(words, 'mode', settlement.mode)],
          [words('details.requested'), <When key="requested" at={settlement.requestedAt} />],
          [words('list.by'), settlement.by],
          [words('details.ended'), <When key="ended" at={settlement.endedAt} />],
          [words('details.valueDate'), settlement.valueDate ?? '—'],
          [words('details.transferRef'), settlement.transferRef ?? settlement.hostRef ?? '—'],
          [
            words('details.issued'),
            issued
              ? `${words(`issued.${issued.channel}`)}${issued.to === undefined ? '' : ` ${issued.to}`}`
              : words('issued.notYet'),
          ],
        ]}
      />
    </div>
  );
}

/** The mark of step 5: confirmed, disputed, or still to be looked at. */
function CheckBox({ settlement, onDispute }: { settlement: SettlementDetail; onDispute: () => void }) {
  const words = useWords();
  const { message } = App.useApp();
  const deed = useDeed();
  const { no, state, checked, checkedBy, disputed } = settlement;
  if (state === 'REQUESTED')
    return (
      <Flex wrap gap="small">
        <StopSettlement settlement={settlement} />
      </Flex>
    );
  if (state !== 'SUCCESS' && state !== 'RETURNED') return null;
  const check = async () => {
    if (await deed.send('/settlements/:no/check', { no }, {})) message.success(words('check.done'));
  };
  const dispute = (
    <Button danger onClick={onDispute}>
      {words('dispute.whole')}
    </Button>
  );
  return (
    <>
      {disputed && (
        <Alert type="warning" showIcon title={words('check.disputed')} description={words('check.disputed.next')} />
      )}
      {state === 'RETURNED' ? (
        <Alert
          type="info"
          showIcon
          title={words('check.returned')}
          description={words('check.returned.next')}
          action={disputed ? undefined : dispute}
        />
      ) : checked ? (
        <Alert
          type="success"
          showIcon
          title={words('check.checked', { by: checkedBy ?? '' })}
          action={disputed ? undefined : dispute}
        />
      ) : (
        <Alert
          type="info"
          showIcon
          title={words('check.ask')}
          description={words('check.why')}
          action={
            <Flex wrap gap="small">
              <Button type="primary" loading={deed.busy} onClick={() => void check()}>
                {words('check.go')}
              </Button>
              {dispute}
            </Flex>
          }
        />
      )}
      <Refusal error={deed.error} />
    </>
  );
}
