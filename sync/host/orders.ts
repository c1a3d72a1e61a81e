import type { ServerType } from '@hono/node-server';
import type { Context } from 'hono';
import * as v from 'valibot';
import type { Log } from '../log.ts';
import type { TerminalRef } from './business.ts';
import type { Outcome } from './commands.ts';
import type { Host } from './host.ts';
import type { HostTrx } from './store.ts';

/**
 * What people order, at the control socket and at the desk: checked, carried out in one transaction; then the link and the due work are told. And what these two
 * servers answer otherwise.
 */

export interface OrderTaker {
  readonly host: Host;
  /** The merchant that is steered, and its terminals. */
  readonly merchant: string;
  readonly terminals: readonly string[];
  /** Something may be due now. */
  readonly decided: () => void;
}

const refusals = {
  INVALID: [400, '内容不合规', 'the body is not what this path takes'],
  INVALID_PARAMETER: [400, '参数名或参数值不合规', 'no such parameter, or not a value of it'],
  UNAUTHENTICATED: [401, '未登录，或用户名、密码不对，或已锁定', 'not logged in, or a wrong name or secret, or locked'],
  FORBIDDEN: [403, '请求来源不对', 'this request did not come from the page'],
  SELF_APPROVAL_FORBIDDEN: [403, '提出的人不能自己批准', 'whoever proposed it may not approve it'],
  NOT_FOUND: [404, '没有找到', 'not found'],
  ILLEGAL_STATE: [409, '当前状态不允许', 'not in this state'],
  TOO_LARGE: [413, '内容过长', 'the body is too large'],
  TOO_MANY: [429, '请求过于频繁，请稍候', 'too many requests, wait a moment'],
} as const;
export type RefusalCode = keyof typeof refusals;

export interface Refusal {
  readonly status: (typeof refusals)[RefusalCode][0];
  readonly body: { readonly error: RefusalCode; readonly zh: string; readonly en: string; readonly field?: string };
}

export function refusal(error: RefusalCode, field?: string): Refusal {
  const [status, zh, en] = refusals[error];
  return { status, body: { error, zh, en, ...(field === undefined ? {} : { field }) } };
}

export function refuse(c: Context, error: RefusalCode): Response {
  const { status, body } = refusal(error);
  return c.json(body, status);
}

/** Answers what must not happen. */
export const failed =
  (log: Log, event: string) =>
  (error: Error, c: Context): Response => {
    log('error', event, { path: c.req.path, why: error.message });
    return c.json({ error: 'INTERNAL', zh: '系统故障', en: 'internal error' }, 500);
  };

/** Whoever still waits is cut off. */
export async function closeServer(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ('closeAllConnections' in server) server.closeAllConnections();
  await closed;
}

/** Undefined: it was done. */
export async function takeOrder<S extends v.GenericSchema<unknown, object>>(
  taker: OrderTaker,
  schema: S,
  body: unknown,
  act: (trx: HostTrx, to: TerminalRef, order: v.InferOutput<S>) => Promise<Outcome>,
): Promise<Refusal | undefined> {
  const parsed = v.safeParse(schema, body);
  if (!parsed.success) return refusal('INVALID', v.getDotPath(parsed.issues[0]) ?? undefined);
  const order = parsed.output;
  const named = 'terminal' in order && typeof order.terminal === 'string' ? order.terminal : undefined;
  const to = terminalRef(taker, named);
  if (!to) return refusal('NOT_FOUND');
  const outcome = await taker.host.store.transaction().execute((trx) => act(trx, to, order));
  if (outcome !== 'done') return refusal(outcome);
  for (const terminal of taker.terminals) taker.host.wake({ merchant: to.merchant, terminal });
  taker.decided();
  return undefined;
}

/** The terminal named, or the first one. */
export function terminalRef(
  { merchant, terminals }: Pick<OrderTaker, 'merchant' | 'terminals'>,
  named: string | undefined,
): TerminalRef | null {
  const chosen = named ?? terminals[0];
  return chosen !== undefined && terminals.includes(chosen) ? { merchant, terminal: chosen } : null;
}
