import type { SettleResult, StatementIssued } from '../../sync/protocol/settlement.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { notice, noticeIssued } from '../notices/notice.ts';
import { settlementByNo } from '../settlement/queries.ts';
import { recordSettleResult } from '../settlement/settle.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { updateSettlement } from '../settlement/store.ts';
import { type Cause, sendPosted } from './send-posted.ts';

/** What upstream says of settlements, and who is told of it (N-06 to N-08; B-011, B-048). */

export function applySettleResult(tx: Tx, now: number, cause: Cause, body: SettleResult): void {
  const before = settlementByNo(tx.db, body.no)?.state;
  const journals = recordSettleResult(tx, now, body);
  sendPosted(tx, now, cause, journals);
  const settlement = settlementByNo(tx.db, body.no);
  if (settlement && settlement.state !== before) tell(tx, now, settlement);
}

/** Not of what a person stopped, nor of a refusal that is made good by itself. */
function tell(tx: Tx, now: number, settlement: Settlement): void {
  const { no, state, amountFen, serviceFeeFen, maskedAccount: account, againFromRev } = settlement;
  const values = { no, account, amount: formatYuan(amountFen) };
  const reason = settlement.reason ?? '';
  if (state === 'SUCCESS') notice(tx, now, { text: 'N-06', about: no, values, level: 'info' });
  if (state === 'FAILED' && againFromRev === null)
    notice(tx, now, { text: 'N-07', about: no, values: { ...values, reason }, level: 'warning' });
  if (state === 'RETURNED') {
    const amount = formatYuan(amountFen - serviceFeeFen);
    notice(tx, now, { text: 'N-07r', about: no, values: { ...values, amount, reason }, level: 'warning' });
  }
}

/** B-029, B-030: where the settlement slip went. NOT_FOUND. */
export function applyStatementIssued(tx: Tx, now: number, body: StatementIssued): void {
  const settlement = settlementByNo(tx.db, body.settlement);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: body.settlement });
  updateSettlement(tx, { ...settlement, issuedChannel: body.channel, issuedTo: body.to });
  noticeIssued(tx, now, body);
}
