import type { DownRow } from '../../sync/protocol/rows.ts';
import { send } from '../../sync/stream/send.ts';
import type { Tx } from '../base/database.ts';
import { type Journal, toWire } from '../ledger/journal.ts';

const journalsPerRow = 50; // keeps a row far below the 60 KB that one may have

/** The row from above that posts; its id is its own for ever, its seq only as long as the epoch. */
export type Cause = Pick<DownRow, 'seq' | 'kind' | 'id'>;

/** What a row from above caused goes up in `posted` rows that name it; `always`: without journals too. */
export function sendPosted(
  tx: Tx,
  now: number,
  { seq, kind, id }: Cause,
  journals: readonly Journal[],
  batch: string | null = null,
  always = false,
): void {
  const rows = Math.max(Math.ceil(journals.length / journalsPerRow), always ? 1 : 0);
  for (let first = 0; first < rows * journalsPerRow; first += journalsPerRow) {
    send(tx.db, {
      kind: 'posted',
      id: `${kind}:${id}:${first}`,
      body: {
        no: `posted:${seq}:${first}`,
        at: now,
        by: 'SYS',
        facts: { causeSeq: seq, causeKind: kind, causeId: id, batch },
        journals: journals.slice(first, first + journalsPerRow).map(toWire),
      },
    });
  }
}
