import * as v from 'valibot';
import {
  batchAnswer,
  errorAnswer,
  ledgerAnswer,
  type SettlementAnswer,
  settlementsAnswer,
  socketIn,
  statusAnswer,
  type TransactionAnswer,
  transactionsAnswer,
} from '../../terminal/cli/contract.ts';
import { callJson, callSocket } from '../stage/socket.ts';
import type { LedgerEvent } from './event.ts';

/** What the demo asks the running terminal on its socket: to tell of it, never to prove anything by it. */

const get = (home: string, path: string): Promise<unknown> => callJson(socketIn(home), 'GET', `/v1${path}`);

export async function newestTransaction(home: string): Promise<TransactionAnswer> {
  const [newest] = v.parse(transactionsAnswer, await get(home, '/transactions?limit=1')).transactions;
  if (!newest) throw new Error('there is no transaction');
  return newest;
}

export async function newestSettlement(home: string): Promise<SettlementAnswer> {
  const [newest] = v.parse(settlementsAnswer, await get(home, '/settlements')).settlements;
  if (!newest) throw new Error('there is no settlement');
  return newest;
}

export async function openBatchNo(home: string): Promise<string> {
  return v.parse(batchAnswer, await get(home, '/batch')).batch?.no ?? '';
}

/** Rows that the host has not acknowledged. */
export async function waitingRows(home: string): Promise<number> {
  return v.parse(statusAnswer, await get(home, '/status')).waitingRows;
}

/** Why nothing can be settled now; undefined when something can. */
export async function settlementRefusal(home: string): Promise<string | undefined> {
  const { status, text } = await callSocket(socketIn(home), 'GET', '/v1/settlement-offer');
  return status === 200 ? undefined : v.parse(errorAnswer, JSON.parse(text)).code;
}

export async function checkedLedger(home: string): Promise<LedgerEvent> {
  const { ok, journals, ledgerSumFen } = v.parse(ledgerAnswer, await get(home, '/ledger/check'));
  return { kind: 'ledger', ok, journals, ledgerSumFen };
}
