import type { BalanceAnswer, BalanceRequest } from '../protocol/card-requests.ts';
import type { Reply } from './answers.ts';
import type { TerminalRef } from './business.ts';
import { checkCard } from './check-card.ts';
import type { Host } from './host.ts';
import { readParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';

/** 余额查询. Answered afresh each time, and nothing of it is kept. */
export async function tellBalance(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: BalanceRequest,
): Promise<Reply> {
  const { payment, stan } = request;
  const code = host.faults.take('decline', 'balance')?.code ?? checkCard(host, payment, request.card).code ?? '00';
  const balanceFen = code === '00' ? (await readParameters(trx, from.merchant))['host.balanceFen'] : null;
  const answer: BalanceAnswer = { kind: 'balance', payment, stan, code, balanceFen };
  const lateMs = host.faults.take('delay-answer', 'balance')?.ms ?? 0;
  return { answer, notBefore: host.clock.now() + lateMs, silent: false };
}
