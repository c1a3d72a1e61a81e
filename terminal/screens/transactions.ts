import type { Key } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { TransactionView } from '../flows/counter.ts';
import { go, idle, type Moment, menu, type Next, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import type { LastTransaction, Transactions } from './payment-places.ts';
import { alignRight, pair, type Screen } from './screen.ts';
import { say, wordsOf } from './texts.ts';
import { stateRows, stateWords, typeWords } from './transaction-words.ts';

const reprint = (at: Transactions | LastTransaction, stan: string, moment: Moment): Next => {
  const target = { kind: 'stan', stan } as const;
  const place = { is: 'waiting', id: moment.id, what: { is: 'reprint', target }, back: at } as const;
  return run(place, moment.id, { is: 'reprint', target });
};

export function keyInTransactions(at: Transactions, key: Key, moment: Moment): Next {
  const count = at.rows.length;
  const txn = at.rows[at.index];
  switch (key) {
    case 'cancel':
      return go(menu(moment, 'query'));
    case 'down':
      return go({ ...at, index: (at.index + 1) % count });
    case 'up':
      return go({ ...at, index: (at.index + count - 1) % count });
    case 'enter':
      return txn ? reprint(at, txn.stan, moment) : wrongKey(at);
    default:
      return wrongKey(at);
  }
}

export function keyAtLast(at: LastTransaction, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(idle(moment));
  return key === 'enter' && at.txn ? reprint(at, at.txn.stan, moment) : wrongKey(at);
}

function details(txn: TransactionView, look: Look): readonly string[] {
  const { day, time } = shanghai(txn.at);
  const label = (key: 'label.rrn' | 'label.auth') => wordsOf(look.language, key);
  return [
    pair(`${day.slice(5)} ${time.slice(0, 5)}`, `${txn.stan}`),
    alignRight(txn.card ?? ''),
    pair(label('label.rrn'), txn.rrn ?? '-'),
    pair(label('label.auth'), txn.authCode ?? txn.code ?? '-'),
  ];
}

export function viewTransactions(at: Transactions, look: Look): Screen {
  const txn = at.rows[at.index];
  return page(look, {
    title: say('transactions.head', { index: at.index + 1, count: at.rows.length }),
    body: txn ? [...details(txn, look), pair(typeWords(txn.type, look), stateWords(txn, look))] : [],
    amount: formatYuan(txn?.amountFen ?? 0),
    keys: 'keys.browsePrint',
  });
}

/** What became of the last transaction: state and advice before everything else. */
export function viewLast({ txn }: LastTransaction, look: Look): Screen {
  const title = say('title.last');
  if (!txn) return page(look, { title, body: ['', say('notice.noTransactions')], keys: 'keys.cancel' });
  const [head, card] = details(txn, look);
  const code = wordsOf(look.language, 'label.code');
  return page(look, {
    title,
    body: [
      ...stateRows(txn, look),
      head ?? '',
      card ?? '',
      pair(typeWords(txn.type, look), txn.code === undefined ? '' : `${code} ${txn.code}`),
    ],
    amount: formatYuan(txn.amountFen),
    keys: 'keys.print',
  });
}
