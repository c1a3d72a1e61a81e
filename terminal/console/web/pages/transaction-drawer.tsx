import { Alert, Drawer, Flex, Tag, Timeline } from 'antd';
import type { TransactionView } from '../../../flows/counter.ts';
import type { TimelineEntry } from '../../contract.ts';
import { useAnswer } from '../api.ts';
import { Answered } from '../parts/answered.tsx';
import { Facts } from '../parts/facts.tsx';
import { NothingYet } from '../parts/nothing-yet.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { When } from '../parts/when.tsx';
import { paidBy, wordOr } from '../parts/word-or.ts';
import { Yuan } from '../parts/yuan.tsx';
import { linkTo } from '../router.ts';
import { useSession } from '../session.tsx';
import { useWords, type Words } from '../words.ts';
import { detailsInWords } from './audit-details.ts';

/** All of one transaction, and what happened to it. Without `no` it is closed. */
export function TransactionDrawer({ no, onClose }: { no: string | undefined; onClose: () => void }) {
  const words = useWords();
  const answer = useAnswer(no === undefined ? undefined : '/transactions/:payment', { payment: no ?? '' });
  return (
    <Drawer
      open={no !== undefined}
      onClose={onClose}
      size={640}
      className="details"
      title={words('txn.title', { stan: answer.data?.transaction.stan ?? '' })}
    >
      <Answered answer={answer} what={words('txn.waitingOne')}>
        {({ transaction, timeline }) => (
          <Flex vertical gap="middle">
            {transaction.isFrozen && <Alert type="warning" showIcon title={words('txn.frozen')} />}
            <TransactionFacts txn={transaction} />
            <section>
              <h2>{words('txn.timeline')}</h2>
              <TimeLine entries={timeline} />
            </section>
          </Flex>
        )}
      </Answered>
    </Drawer>
  );
}

function TransactionFacts({ txn }: { txn: TransactionView }) {
  const words = useWords();
  const money = (fen: number) => (fen === 0 ? undefined : <Yuan fen={fen} />);
  const original = txn.original && (
    <a href={linkTo(['transactions', txn.original])}>{txn.originalStan ?? txn.original}</a>
  );
  return (
    <Facts
      look="grid"
      facts={[
        [words('txn.type'), words(`type.${txn.type}`)],
        [words('list.state'), <StateTag key="state" state={txn.state} />],
        [words('txn.amountOf'), <Yuan key="amount" fen={txn.amountFen} />],
        [words('txn.asked'), txn.askedFen === txn.amountFen ? undefined : money(txn.askedFen)],
        [words('txn.discount'), money(txn.discountFen)],
        [words('txn.fee'), <Yuan key="fee" fen={txn.feeFen} />],
        [words('txn.refunded'), money(txn.refundedFen)],
        [words('list.at'), <When key="at" at={txn.at} />],
        [words('txn.card'), paidBy(words, txn)],
        [words('txn.operator'), txn.operator],
        [words('txn.approvedBy'), txn.approvedBy],
        [
          words('txn.batch'),
          <a key="batch" href={linkTo(['batches', txn.batch])}>
            {txn.batch}
          </a>,
        ],
        [words('txn.original'), original],
        [words('txn.code'), txn.code],
        [words('txn.reason'), txn.reason],
        [words('txn.rrn'), txn.rrn],
        [words('txn.authCode'), txn.authCode],
        [words('txn.validUntil'), txn.validUntil === undefined ? undefined : <When key="until" at={txn.validUntil} />],
        [words('txn.prints'), txn.prints],
        [words('txn.no'), txn.payment],
      ]}
    />
  );
}

/** A word of the link, or what an audit line tells as `name=value name=value`. */
function detailInWords(words: Words, detail: string): string {
  const pairs = detail.split(' ').map((pair) => /^([a-z]\w*)=(.*)$/i.exec(pair));
  if (!pairs.every((pair) => pair !== null)) return wordOr(words, 'timeline', detail);
  return detailsInWords(
    words,
    Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, /Fen$|At$/.test(name) ? Number(value) : value])),
  );
}

const kindColours: Readonly<Record<TimelineEntry['kind'], string>> = {
  state: 'blue',
  message: 'cyan',
  journal: 'gold',
  print: 'green',
  audit: 'purple',
  link: 'gray',
};

function TimeLine({ entries }: { entries: readonly TimelineEntry[] }) {
  const words = useWords();
  const { language } = useSession();
  if (entries.length === 0) return <NothingYet what={words('txn.timelineEmpty')} how="" />;
  return (
    <Timeline
      items={entries.map((entry, i) => ({
        key: i,
        color: kindColours[entry.kind],
        content: (
          <>
            <div>
              <Tag color={kindColours[entry.kind]}>{words(`kind.${entry.kind}`)}</Tag>
              {entry[language]}
            </div>
            <div className="quiet">
              <When at={entry.at} />
              {entry.detail !== undefined && ` · ${detailInWords(words, entry.detail)}`}
            </div>
          </>
        ),
      }))}
    />
  );
}
