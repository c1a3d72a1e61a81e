import { Alert, Drawer, Flex } from 'antd';
import type { ReactNode } from 'react';
import type { DifferenceView } from '../../../flows/reconciliation-desk.ts';
import { yuan } from '../formats.ts';
import { Facts } from '../parts/facts.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords } from '../words.ts';
import { ExamineDifference } from './examine-difference.tsx';

/** One difference: here and there side by side, what was found, what was decided and by whom. `no` without a difference: it is not in the list that is shown. */
export function DifferenceDrawer({
  difference,
  no,
  onClose,
}: {
  difference: DifferenceView | undefined;
  no: string | undefined;
  onClose: () => void;
}) {
  const words = useWords();
  return (
    <Drawer
      open={no !== undefined}
      onClose={onClose}
      size={560}
      className="details"
      title={words('recon.title', { no: no ?? '' })}
    >
      {difference ? <Difference of={difference} /> : <Alert type="info" title={words('recon.notListed')} />}
    </Drawer>
  );
}

function Difference({ of }: { of: DifferenceView }) {
  const words = useWords();
  const { user } = useSession();
  const mayExamine = user?.role === 'O' || user?.role === 'MO';
  const isOpen = !of.waits && (of.state === 'FOUND' || of.state === 'INVESTIGATING');
  return (
    <Flex vertical gap="middle">
      <Facts
        look="grid"
        facts={[
          [words('recon.kind'), words(`difference.${of.kind}`)],
          [words('list.state'), <StateTag key="state" state={of.state} />],
          [words('recon.date'), of.date],
          [words('list.at'), <When key="at" at={of.at} />],
          [words('recon.batch'), of.batch && <a href={linkTo(['batches', of.batch])}>{of.batch}</a>],
          [
            words('recon.payment'),
            of.payment && <a href={linkTo(['transactions', of.payment])}>{words('recon.toPayment')}</a>,
          ],
        ]}
      />
      <SideBySide of={of} />
      <Facts
        look="grid"
        facts={[
          [words('recon.finding'), of.finding],
          [words('recon.decision'), of.decision && wordOr(words, 'decision', of.decision)],
          [
            words('recon.persons'),
            of.decidedBy && words('recon.personsOf', { a: of.decidedBy, b: of.approvedBy ?? '—' }),
          ],
        ]}
      />
      {of.waits && <Waits needsFen={of.waits.needsFen} />}
      {isOpen && (mayExamine ? <ExamineDifference of={of} /> : <Alert type="info" title={words('recon.mayNot')} />)}
      {isOpen && <p className="quiet">{words('recon.notDecided')}</p>}
    </Flex>
  );
}

/** Upstream has decided; the terminal books it by itself when it can. */
function Waits({ needsFen }: { needsFen: number | undefined }) {
  const words = useWords();
  const why =
    needsFen === undefined ? words('recon.waits.payment') : words('recon.waits.money', { amount: yuan(needsFen) });
  return <Alert type="warning" showIcon title={words('recon.waits')} description={why} />;
}

function SideBySide({ of }: { of: DifferenceView }) {
  const words = useWords();
  const state = (name: string): ReactNode => (name === '-' ? words('recon.absent') : wordOr(words, 'state', name));
  return (
    <table className="side-by-side">
      <thead>
        <tr>
          <th scope="col">{words('recon.side')}</th>
          <th scope="col">{words('recon.here')}</th>
          <th scope="col">{words('recon.there')}</th>
          <th scope="col">{words('param.mark')}</th>
        </tr>
      </thead>
      <tbody>
        <Pair name={words('list.state')} here={state(of.here)} there={state(of.there)} isSame={of.here === of.there} />
        <Pair
          name={words('list.amount')}
          here={<Yuan fen={of.hereFen} />}
          there={<Yuan fen={of.thereFen} />}
          isSame={of.hereFen === of.thereFen}
        />
        <tr>
          <th scope="row">{words('recon.delta')}</th>
          <td colSpan={3}>
            <Yuan fen={of.deltaFen} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** A sign and a word say whether both are the same, not colour alone. */
function Pair({ name, here, there, isSame }: { name: string; here: ReactNode; there: ReactNode; isSame: boolean }) {
  const words = useWords();
  return (
    <tr className={isSame ? undefined : 'differs'}>
      <th scope="row">{name}</th>
      <td>{here}</td>
      <td>{there}</td>
      <td>{isSame ? `= ${words('recon.same')}` : `≠ ${words('recon.differs')}`}</td>
    </tr>
  );
}
