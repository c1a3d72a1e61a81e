import { Alert, Button, Card, Flex } from 'antd';
import type { SettlementHome } from '../../../flows/settlement-desk.ts';
import { send } from '../api.ts';
import { asConsoleError } from '../console-error.ts';
import { yuan } from '../formats.ts';
import { useDeed } from '../parts/deed.ts';
import { Facts } from '../parts/facts.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useSecret } from '../parts/secret.tsx';
import { Yuan } from '../parts/yuan.tsx';
import { goTo } from '../router.ts';
import { useWords } from '../words.ts';
import { intentOf, isStillUnanswered, type SettleIntent } from './settle-intent.ts';

/** Step 3, second half (B-010): what will be paid, to whom and when. A balance or account that changed since is shown and must be looked at again. */
export function SettleConfirm({
  home,
  intent,
  hold,
  onStale,
}: {
  home: SettlementHome;
  intent: SettleIntent;
  hold: (intent: SettleIntent | undefined) => void;
  onStale: () => void;
}) {
  const words = useWords();
  const askSecret = useSecret();
  const deed = useDeed();
  const { account } = home;
  const { availableFen } = home.balances;
  const { key, isUnanswered, ...wish } = intent;
  const isOld = availableFen !== wish.seenAvailableFen || account?.version !== wish.accountVersion;
  const settle = async () => {
    const secret = await askSecret();
    if (secret === undefined) return;
    hold({ ...intent, isUnanswered: true });
    await deed.run(async () => {
      try {
        const { no } = await send('/settlements', {}, { ...wish, secret }, key);
        hold(undefined);
        goTo(['settlement', 'result', no]);
      } catch (error) {
        hold({ ...intent, isUnanswered: isStillUnanswered(isUnanswered, asConsoleError(error).code) });
        throw error;
      } finally {
        onStale();
      }
    });
  };
  const lookAgain = () => {
    const wasAll = wish.amountFen === wish.seenAvailableFen;
    if (!account || (!wasAll && wish.amountFen > availableFen) || availableFen <= 0) return hold(undefined);
    deed.forget();
    hold(
      intentOf({
        amountFen: wasAll ? availableFen : wish.amountFen,
        seenAvailableFen: availableFen,
        accountVersion: account.version,
      }),
    );
  };
  return (
    <Card title={words('confirm.title')}>
      <Facts
        look="bill"
        facts={[
          [words('confirm.gross'), <Yuan key="gross" fen={wish.amountFen} />],
          [words('confirm.fee'), <Yuan key="fee" fen={0} />],
          [
            words('confirm.net'),
            <strong key="net" className="figure">
              <Yuan fen={wish.amountFen} />
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
          [words('confirm.left'), <Yuan key="left" fen={wish.seenAvailableFen - wish.amountFen} />],
        ]}
      />
      <p className="quiet">{words('confirm.feeNote')}</p>
      {!deed.busy && isUnanswered && <Alert type="warning" showIcon role="alert" title={words('confirm.unanswered')} />}
      {!deed.busy && !isUnanswered && isOld && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={words('confirm.changed', { before: yuan(wish.seenAvailableFen), now: yuan(availableFen) })}
          action={<Button onClick={lookAgain}>{words('confirm.lookAgain')}</Button>}
        />
      )}
      <Refusal error={isOld && deed.error?.code === 'STALE_BALANCE' ? undefined : deed.error} />
      <Flex wrap gap="small" className="bill-actions">
        {!isUnanswered && <Button onClick={() => hold(undefined)}>{words('back')}</Button>}
        <Button type="primary" disabled={isOld && !isUnanswered} loading={deed.busy} onClick={() => void settle()}>
          {words('confirm.go')}
        </Button>
      </Flex>
    </Card>
  );
}
