import type { BatchCleared, FundsReceived } from '../../sync/protocol/batch.ts';
import type { DownRow } from '../../sync/protocol/rows.ts';
import type { MerchantData, SettleResult } from '../../sync/protocol/settlement.ts';
import { send } from '../../sync/stream/send.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { setSetting } from '../base/settings.ts';
import { fundsReceived, type Journal, toWire } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import type { Payment } from '../payments/payment.ts';
import { approvedOfBatch } from '../payments/queries.ts';
import { type BatchRecord, recordClosed, recordVerdict } from '../settlement/close-batch.ts';
import { batchByNo } from '../settlement/queries.ts';
import { recordSettleResult } from '../settlement/settle.ts';
import { saveAccount } from '../settlement/store.ts';
import { clearBatch } from './clear-batch.ts';

/**
 * Applies one row from the host, inside the transaction that records it as applied. What it posts goes up in a `posted` row that names its cause
 * (accounting.md §1). A row that comes again is not applied again: the stream sees to it, and every step here would find its work done.
 */
export function applyNews(tx: Tx, clock: Clock, row: DownRow): void {
  const now = clock.now();
  switch (row.kind) {
    case 'batch-verdict':
      recordVerdict(tx, now, row.body, recordsOf(tx, row.body.batch));
      break;
    case 'batch-closed':
      recordClosed(tx, now, row.body);
      break;
    case 'batch-cleared':
      applyCleared(tx, now, row.seq, row.body);
      break;
    case 'funds-received':
      applyFunds(tx, now, row.seq, row.body);
      break;
    case 'settle-result':
      applySettleResult(tx, now, row.seq, row.body);
      break;
    case 'merchant-data':
      applyMerchantData(tx, now, row.body);
      break;
    case 'mirror-differs':
      setSetting(tx, 'mirror-differs', JSON.stringify(row.body));
      audit(tx, {
        at: now,
        by: 'SYS',
        action: 'mirror-differs',
        about: row.body.account,
        outcome: 'ok',
        details: { bookFen: row.body.bookFen, mirrorFen: row.body.mirrorFen },
      });
  }
}

function recordsOf(tx: Tx, batchNo: string): readonly BatchRecord[] {
  const batch = batchByNo(tx.db, batchNo);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: batchNo });
  return approvedOfBatch(tx.db, batch).map(batchRecord);
}

function batchRecord(payment: Payment): BatchRecord {
  const { no, stan, cardGroup, amountFen, feeFen, rateId, entry, rrn } = payment;
  assert(cardGroup && rateId && entry, 'an approved payment has group, rate and entry');
  return { payment: no, stan, group: cardGroup, amountFen, feeFen, rateId, entry, rrn };
}

function applyCleared(tx: Tx, now: number, seq: number, body: BatchCleared): void {
  const journals = clearBatch(tx, now, body);
  sendPosted(tx, now, { seq, kind: 'batch-cleared', batch: body.batch }, journals);
  at('clear.in-commit');
}

function applyFunds(tx: Tx, now: number, seq: number, body: FundsReceived): void {
  const journal = fundsReceived(
    { receivable: body.account, date: body.date, n: body.n, amountFen: fen(body.amountFen) },
    { at: now, by: 'SYS' },
  );
  if (!journal) return;
  post(tx, journal);
  sendPosted(tx, now, { seq, kind: 'funds-received', batch: null }, [journal]);
}

function applySettleResult(tx: Tx, now: number, seq: number, body: SettleResult): void {
  const journals = recordSettleResult(tx, now, body);
  sendPosted(tx, now, { seq, kind: 'settle-result', batch: null }, journals);
}

function applyMerchantData(tx: Tx, now: number, body: MerchantData): void {
  switch (body.kind) {
    case 'account':
      saveAccount(tx, body.record, body.rev);
      audit(tx, {
        at: now,
        by: 'SYS',
        action: 'account',
        about: String(body.record.version),
        outcome: 'ok',
        details: { state: body.record.state },
      });
      break;
    case 'parameters':
      setSetting(tx, 'parameters', JSON.stringify(body.record));
      break;
  }
}

const journalsPerRow = 50; // keeps a row far below the 60 KB that one may have

function sendPosted(
  tx: Tx,
  now: number,
  cause: { seq: number; kind: string; batch: string | null },
  journals: readonly Journal[],
): void {
  for (let first = 0; first < journals.length; first += journalsPerRow) {
    const no = `posted:${cause.seq}:${first}`;
    send(tx.db, {
      kind: 'posted',
      id: `${cause.kind}:${no}`,
      body: {
        no,
        at: now,
        by: 'SYS',
        facts: { causeSeq: cause.seq, causeKind: cause.kind, batch: cause.batch },
        journals: journals.slice(first, first + journalsPerRow).map(toWire),
      },
    });
  }
}
