import type { SettleResult, StatementIssued } from '../../sync/protocol/settlement.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { notice, noticeIssued } from '../notices/notice.ts';
import { settlementByNo } from '../settlement/queries.ts';
import { recordSettleResult } from '../settlement/settle.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { updateSettlement } from '../settlement/store.ts';
import { noteAccepted } from './mirror.ts';
import { type Cause, sendPosted } from './send-posted.ts';

/** What upstream says of settlements, and who is told of it (N-06 to N-08; B-011, B-048). */

export function applySettleResult(tx: Tx, now: number, cause: Cause, body: SettleResult): void {
  const before = settlementByNo(tx.db, body.no)?.state;
  const journals = recordSettleResult(tx, now, body);
  sendPosted(tx, now, cause, journals);
  if (body.outcome === 'accepted') noteAccepted(tx);
  const settlement = settlementByNo(tx.db, body.no);
  if (settlement && settlement.state !== before) tell(tx, now, settlement, body.outcome);
}

/** Not of what a person stopped, nor, yet, of a refusal that is to be made good by itself. */
function tell(tx: Tx, now: number, settlement: Settlement, outcome: SettleResult['outcome']): void {
  const { no, state, amountFen, serviceFeeFen, againFromRev } = settlement;
  const values = valuesOf(settlement);
  if (state === 'SUCCESS') notice(tx, now, { text: 'N-06', about: no, values, level: 'info' });
  if (state === 'FAILED' && !(outcome === 'refused' && againFromRev !== null)) tellFailed(tx, now, settlement);
  if (state === 'RETURNED') {
    const amount = formatYuan(amountFen - serviceFeeFen);
    notice(tx, now, { text: 'N-07r', about: no, values: { ...values, amount }, level: 'warning' });
  }
}

/** N-07: it is not made good without a person, or not at all. */
export const tellFailed = (tx: Tx, now: number, settlement: Settlement): void =>
  notice(tx, now, { text: 'N-07', about: settlement.no, values: valuesOf(settlement), level: 'warning' });

const valuesOf = ({ no, amountFen, maskedAccount: account, reason }: Settlement) => ({
  no,
  account,
  amount: formatYuan(amountFen),
  reason: reason ?? '',
});

/** B-029, B-030: where the settlement slip went. NOT_FOUND. */
export function applyStatementIssued(tx: Tx, now: number, body: StatementIssued): void {
  const settlement = settlementByNo(tx.db, body.settlement);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: body.settlement });
  updateSettlement(tx, { ...settlement, issuedChannel: body.channel, issuedTo: body.to });
  noticeIssued(tx, now, body);
}
