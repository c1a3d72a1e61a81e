import { Button, Flex } from 'antd';
import { useEffect, useState } from 'react';
import type { SettledPayment, SettlementDetail } from '../../../flows/settlement-desk.ts';
import type { Answers } from '../../contract.ts';
import { read, useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { useDeed } from '../parts/deed.ts';
import { Refusal } from '../parts/refusal.tsx';
import { Rows } from '../parts/rows.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useWords } from '../words.ts';

const pageRows = 100;

/** The payments whose money is in the settlement, in the order in which they cleared. */
export function SettledPayments({
  settlement,
  onDispute,
}: {
  settlement: SettlementDetail;
  onDispute: (payment: SettledPayment) => void;
}) {
  const words = useWords();
  const first = useAnswer('/settlements/:no/payments', { no: settlement.no }, { limit: pageRows });
  return (
    <Answered answer={first} what={words('details.wait')}>
      {(answer) => <PaymentRows settlement={settlement} first={answer} onDispute={onDispute} />}
    </Answered>
  );
}

const sumOf = (payments: readonly SettledPayment[], of: 'grossFen' | 'feeFen' | 'netFen'): number =>
  payments.reduce((sum, payment) => sum + payment[of], 0);

function PaymentRows({
  settlement: { no, amountFen, state },
  first: { payments: first, otherFen },
  onDispute,
}: {
  settlement: SettlementDetail;
  first: Answers['/settlements/:no/payments'];
  onDispute: (payment: SettledPayment) => void;
}) {
  const words = useWords();
  const deed = useDeed();
  const [later, setLater] = useState<readonly SettledPayment[]>([]);
  const [isWhole, setIsWhole] = useState(first.length < pageRows);
  // A new first page (a ticket came) begins anew, so that no row is shown twice.
  useEffect(() => {
    setLater([]);
    setIsWhole(first.length < pageRows);
  }, [first]);
  const payments = [...first, ...later];
  const last = payments.at(-1)?.payment;
  const more = () =>
    deed.run(async () => {
      const page = await read('/settlements/:no/payments', { no }, { limit: pageRows, after: last });
      setLater([...later, ...page.payments]);
      setIsWhole(page.payments.length < pageRows);
    });
  // What belongs to no payment is of the whole settlement, so it is added when all of it is here.
  const netFen = sumOf(payments, 'netFen') + (isWhole ? otherFen : 0);
  return (
    <>
      <Rows
        label={words('details.payments')}
        rows={payments}
        idOf={({ payment }) => payment}
        empty={{ what: words('details.empty'), how: words('details.empty.how') }}
        columns={[
          {
            title: words('txn.stan'),
            cell: ({ stan, payment }) => <a href={linkTo(['transactions', payment])}>{stan}</a>,
          },
          { title: words('txn.type'), cell: ({ type }) => words(`type.${type}`) },
          { title: words('list.at'), cell: ({ at }) => <When at={at} /> },
          {
            title: words('details.entry'),
            cell: ({ entry }) => (entry === undefined ? '—' : wordOr(words, 'entry', entry)),
          },
          { title: words('details.gross'), cell: ({ grossFen }) => <Yuan fen={grossFen} />, isNumber: true },
          { title: words('details.fee'), cell: ({ feeFen }) => <Yuan fen={feeFen} />, isNumber: true },
          { title: words('details.net'), cell: ({ netFen: fen }) => <Yuan fen={fen} />, isNumber: true },
        ]}
        sums={[
          ...(isWhole && otherFen !== 0
            ? [[words('details.other'), '', '', '', '', '', <Yuan key="other" fen={otherFen} />]]
            : []),
          [
            words(isWhole ? 'details.sum' : 'details.sumSoFar', { count: payments.length }),
            '',
            '',
            '',
            <Yuan key="gross" fen={sumOf(payments, 'grossFen')} />,
            <Yuan key="fee" fen={sumOf(payments, 'feeFen')} />,
            <Yuan key="net" fen={netFen} />,
          ],
        ]}
        acts={(payment) =>
          payment.ticket === undefined ? (
            (state === 'SUCCESS' || state === 'RETURNED') && (
              <Button
                size="small"
                onClick={() => onDispute(payment)}
                aria-label={words('dispute.of', { stan: payment.stan })}
              >
                {words('dispute')}
              </Button>
            )
          ) : (
            <a href={linkTo(['tickets'])}>{words('dispute.isOpen')}</a>
          )
        }
      />
      <Refusal error={deed.error} />
      {!isWhole && (
        <Flex wrap gap="small" justify="center" className="list-more">
          <Button loading={deed.busy} onClick={() => void more()}>
            {words('more')}
          </Button>
        </Flex>
      )}
      {isWhole && payments.length > 0 && (
        <>
          {otherFen !== 0 && <p className="quiet">{words('details.other.why')}</p>}
          <p className={netFen === amountFen ? 'quiet' : 'negative'}>
            {words(netFen === amountFen ? 'details.fits' : 'details.fitsNot')}
          </p>
        </>
      )}
    </>
  );
}
