import { Alert, Button, Card } from 'antd';
import type { SettlementHome } from '../../../flows/settlement-desk.ts';
import { send } from '../api.ts';
import { yuan } from '../formats.ts';
import { useDeed } from '../parts/deed.ts';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { goTo } from '../router.ts';
import { useWords } from '../words.ts';

/** An amount, with the balance and the account that were shown when it was chosen. */
export interface ToConfirm {
  readonly amountFen: number;
  readonly seenAvailableFen: number;
  readonly accountVersion: number;
}

/** Step 3, second half (B-010): what will be paid, to whom and when. A balance or account that changed since is shown and must be looked at again. */
export function SettleConfirm({
  home,
  ask,
  onBack,
  onLookAgain,
  onStale,
}: {
  home: SettlementHome;
  ask: ToConfirm;
  onBack: () => void;
  onLookAgain: (ask: ToConfirm) => void;
  onStale: () => void;
}) {
  const words = useWords();
  const askSecret = useSecret();
  const deed = useDeed();
  const { account } = home;
  const { availableFen } = home.balances;
  const isOld = availableFen !== ask.seenAvailableFen || account?.version !== ask.accountVersion;
  const settle = async () => {
    const secret = await askSecret();
    if (secret === undefined) return;
    await deed.run(async (key) => {
      try {
        const { no } = await send('/settlements', {}, { ...ask, secret }, key);
        goTo(['settlement', 'result', no]);
      } finally {
        onStale();
      }
    });
  };
  const lookAgain = () => {
    deed.forget();
    const wasAll = ask.amountFen === ask.seenAvailableFen;
    if (!account || (!wasAll && ask.amountFen > availableFen) || availableFen <= 0) return onBack();
    onLookAgain({
      amountFen: wasAll ? availableFen : ask.amountFen,
      seenAvailableFen: availableFen,
      accountVersion: account.version,
    });
  };
  return (
    <Card title={words('confirm.title')}>
      <Facts
        look="bill"
        facts={[
          [words('confirm.gross'), <Yuan key="gross" fen={ask.amountFen} />],
          [words('confirm.fee'), <Yuan key="fee" fen={0} />],
          [
            words('confirm.net'),
            <strong key="net" className="figure">
              <Yuan fen={ask.amountFen} />
            </strong>,
          ],
          [words('account.name'), account?.name ?? '—'],
          [
            words('account.number'),
            <span key="no" className="account">
              {account?.maskedNumber ?? '—'}
            </span>,
          ],
          [words('account.bank'), account?.bank ?? '—'],
          [words('confirm.arrival'), home.expectedArrival],
          [words('confirm.left'), <Yuan key="left" fen={ask.seenAvailableFen - ask.amountFen} />],
        ]}
      />
      <p className="quiet">{words('confirm.feeNote')}</p>
      {isOld && !deed.busy && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={words('confirm.changed', { before: yuan(ask.seenAvailableFen), now: yuan(availableFen) })}
          action={<Button onClick={lookAgain}>{words('confirm.lookAgain')}</Button>}
        />
      )}
      <Refusal error={isOld && deed.error?.code === 'STALE_BALANCE' ? undefined : deed.error} />
      <div className="actions bill-actions">
        <Button onClick={onBack}>{words('back')}</Button>
        <Button type="primary" disabled={isOld} loading={deed.busy} onClick={() => void settle()}>
          {words('confirm.go')}
        </Button>
      </div>
    </Card>
  );
}
