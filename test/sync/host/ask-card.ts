import type {
  CardAnswer,
  CompletionRequest,
  PreauthRequest,
  VoidRequest,
} from '../../../sync/protocol/card-requests.ts';
import type { TxnKind } from '../../../sync/protocol/common.ts';
import type { Answer } from '../../../sync/protocol/requests.ts';
import { sealed, unionpay } from './start-host.ts';
import type { Till } from './till.ts';

/** Card transactions beside the sale, as a terminal asks for them; what a test does not care about is filled in. */

export type Asked = VoidRequest | PreauthRequest | CompletionRequest;

const base = (till: Till, amountFen: number) => ({ ...till.next(), batch: till.batch, operator: '01', amountFen });

export function preauthRequest(till: Till, amountFen = 10_000): PreauthRequest {
  const common = base(till, amountFen);
  return { kind: 'preauth', ...common, entry: 'MAG', card: sealed(unionpay, common.payment) };
}

export const voidRequest = (
  till: Till,
  kind: VoidRequest['kind'],
  of: { readonly payment: string; readonly amountFen: number },
  change: Partial<Pick<VoidRequest, 'amountFen' | 'batch' | 'original' | 'payment' | 'card'>> = {},
): VoidRequest => ({ kind, ...base(till, of.amountFen), original: of.payment, card: null, ...change });

export const completionRequest = (
  till: Till,
  original: string | null,
  amountFen: number,
  change: Partial<CompletionRequest> = {},
): CompletionRequest => ({
  kind: 'completion',
  ...base(till, amountFen),
  entry: 'MAG',
  card: null,
  original,
  authCode: null,
  ...change,
});

export async function ask(till: Till, request: Asked): Promise<CardAnswer | null> {
  const answer = await till.ask(`${request.payment}:${request.kind}:${request.stan}`, request);
  if (answer !== null && !isCardAnswer(answer)) throw new Error('another kind of answer');
  return answer;
}

const isCardAnswer = (answer: Answer): answer is CardAnswer => 'approvedFen' in answer;

/** The code that a reversal of it is answered with. */
export async function reverse(
  till: Till,
  request: { readonly payment: string; readonly stan: string; readonly amountFen: number; readonly batch: string },
  of: TxnKind,
): Promise<string | null> {
  const { payment, stan, batch, amountFen } = request;
  const asked = { kind: 'reverse', payment, of, stan, batch, amountFen, reason: 'NO_ANSWER' } as const;
  const answer = await till.ask(`${payment}:reverse:${stan}`, asked);
  return answer?.kind === 'reverse' ? answer.code : null;
}
