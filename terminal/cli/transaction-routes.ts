import type { Hono } from 'hono';
import { TerminalError } from '../base/errors.ts';
import { checked } from '../base/refuse.ts';
import type { Counter } from '../flows/counter.ts';
import {
  actRequest,
  listQuery,
  listRequest,
  stanParameter,
  type TransactionAnswer,
  type TransactionsAnswer,
} from './contract.ts';
import type { Acting } from './device-routes.ts';

/** 交易查询 (B-037). With an operator: what that one may see; without: what the one at the keypad may see. */
export function addTransactionRoutes(app: Hono, counter: () => Counter, { read, act }: Acting): void {
  app.get('/transactions', (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json(listOf(counter(), limit));
  });
  app.get('/transactions/:stan', (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    return c.json(oneOf(counter(), stan));
  });
  app.post('/transactions', async (c) => {
    const { limit, ...who } = await read(c, listRequest);
    return act(c, who, async (desk) => listOf(desk, limit));
  });
  app.post('/transactions/:stan', async (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    return act(c, await read(c, actRequest), async (desk) => oneOf(desk, stan));
  });
}

const listOf = (desk: Counter, limit: number): TransactionsAnswer => ({
  scope: desk.listScope(),
  transactions: [...desk.transactions(limit)],
});

function oneOf(desk: Counter, stan: string): TransactionAnswer {
  const found = desk.query(stan);
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  return found;
}
