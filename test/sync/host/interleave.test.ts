import { describe, expect, it } from 'vitest';
import { type DownRowOut, interleave, type SentRow } from '../../../sync/host/interleave.ts';

const sent = (kind: string, id: string, facts: object = {}, causedBy: string | null = null): SentRow => ({
  kind,
  id,
  body: JSON.stringify({ no: id, facts }),
  causedBy,
});
const down = (seq: number, kind: string, id: string, body: object = {}): DownRowOut => ({
  seq,
  kind,
  id,
  body: JSON.stringify({ no: id, ...body }),
});

/** `> id` a row sent, `< id` one from above, `# batch` its opening. */
function order(rows: readonly SentRow[], news: readonly DownRowOut[]): readonly [happened: string, applied: number] {
  const { happened, applied } = interleave(rows, news);
  const words = happened.map((one) =>
    one.is === 'batch' ? `#${one.batch}` : one.is === 'up' ? `>${one.row.id}` : `<${one.row.id}`,
  );
  return [words.join(' '), applied];
}

const verdict = down(1, 'batch-verdict', 'verdict:1', { batch: '1' });
const closed = down(2, 'batch-closed', 'closed:1', { batch: '1', nextBatch: '2' });
const cleared = down(3, 'batch-cleared', 'cleared:1', { batch: '1' });
const sale = (id: string, batch: string) => sent('payment-recorded', id, { batch });
const totals = sent('batch-totals', 'totals', { batch: '1' });
const end = sent('batch-end', 'end', { batch: '1' });

describe('what a terminal did, in its order', () => {
  it.each([
    ['nothing from above', [sale('a', '1'), sale('b', '1')], [], '#1 >a >b', 0],
    ['a verdict before the end that it asked for', [totals, end], [verdict], '#1 >totals <verdict:1 >end', 1],
    [
      'the end of a batch before the first row of the next',
      [totals, end, sale('b', '2')],
      [verdict, closed],
      '#1 >totals <verdict:1 >end <closed:1 #2 >b',
      2,
    ],
    [
      'a clearing before what it posted',
      [totals, end, sale('b', '2'), sent('posted', 'p', { causeSeq: 3 }, 'seq 3'), sale('c', '2')],
      [verdict, closed, cleared],
      '#1 >totals <verdict:1 >end <closed:1 #2 >b <cleared:1 >p >c',
      3,
    ],
    [
      'what nothing shows to have been applied is left: it comes as it is',
      [totals, end],
      [verdict, closed, cleared],
      '#1 >totals <verdict:1 >end',
      1,
    ],
    [
      'a result without an answer of its own, before the totals of its batch',
      [sent('refund', 'r', { batch: '1' }), totals, end],
      [down(7, 'refund-result', 'r:accepted'), { ...verdict, seq: 8 }],
      '#1 >r <r:accepted >totals <verdict:1 >end',
      2,
    ],
    [
      'a result that was posted after the totals stays there, with what follows it',
      [totals, sent('posted', 'p', { causeSeq: 7 }, 'seq 7'), end],
      [down(7, 'settle-result', 's:succeeded'), down(8, 'merchant-data', 'account:2'), { ...verdict, seq: 9 }],
      '#1 >totals <s:succeeded >p <account:2 <verdict:1 >end',
      3,
    ],
    [
      'the account that a settlement names',
      [sent('settle', 's', { rev: 2 })],
      [
        down(1, 'merchant-data', 'account:1:1', { rev: 1 }),
        down(2, 'merchant-data', 'account:1:2', { rev: 2 }),
        down(3, 'merchant-data', 'account:2:2', { rev: 2 }),
        down(4, 'merchant-data', 'mode:3', { rev: 3 }),
        down(5, 'merchant-data', 'account:2:2:e2', { rev: 2 }),
      ],
      '<account:1:1 <account:1:2 <account:2:2 >s',
      3,
    ],
    [
      'the answer before its ticket is closed',
      [sent('ticket-closed', 'c', { ticket: 't' })],
      [down(1, 'ticket-answered', 't:ANSWERED'), down(2, 'ticket-answered', 't:CLOSED')],
      '<t:ANSWERED >c',
      1,
    ],
    [
      'a clearing that did not add up',
      [sent('difference-found', 'cleared:1', { batch: '1' })],
      [cleared],
      '#1 <cleared:1 >cleared:1',
      1,
    ],
  ] as const)('%s', (_, rows, news, happened, applied) => {
    expect(order(rows, news)).toEqual([happened, applied]);
  });
});
