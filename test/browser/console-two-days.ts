import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { openDatabase } from '../../terminal/base/database.ts';
import { type ConsoleStage, monday, password } from './console-stage.ts';

/** Numbers of what the two days left. */
export interface Filled {
  readonly settlement: string;
  readonly payment: string;
  readonly batch: string;
  readonly difference: string;
  readonly day: string;
}

const soon = { timeout: 20_000, interval: 50 };

/** A little of everything: sales, a refund, a settlement that succeeded with a disputed line and one that failed, a closed batch, another user; on the next day a bill with differences, and exports. */
export async function fillTwoDays(stage: ConsoleStage, next: string): Promise<Filled> {
  const one = <T>(sql: string): T | undefined => {
    const db = openDatabase(join(stage.home, 'terminal.db'), { readonly: true });
    try {
      return db.prepare<[], T>(sql).pluck().get();
    } finally {
      db.close();
    }
  };
  const day = monday.slice(0, 10);
  const visitor = await stage.visitor('zh');
  await visitor.setUp({ login: 'wang', name: '王芳', password, code: stage.started.console.code ?? '' });
  const { page } = visitor;
  const api = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const said = await page.evaluate<{ status: number; text: string }>(`(async () => {
      const { csrf } = await (await fetch('/api/session')).json();
      const answer = await fetch('/api${path}', { method: 'POST', body: ${JSON.stringify(JSON.stringify(body))},
        headers: { 'content-type': 'application/json', 'X-CSRF-Token': csrf, 'Idempotency-Key': crypto.randomUUID() } });
      return { status: answer.status, text: await answer.text() };
    })()`);
    expect({ path, ...said }).toMatchObject({ status: 200 });
    return JSON.parse(said.text);
  };
  const settle = async (amountFen: number): Promise<string> => {
    const { balances, account } = await page.evaluate<{
      balances: { availableFen: number };
      account: { version: number };
    }>(`fetch('/api/settlement/home').then((answer) => answer.json())`);
    const ask = { amountFen, seenAvailableFen: balances.availableFen, accountVersion: account.version };
    return String((await api('/settlements', { ...ask, secret: password }))['no']);
  };
  const isState = (no: string, state: string) =>
    vi.waitUntil(() => one(`SELECT state FROM settlement WHERE no = '${no}'`) === state, soon);

  const { counter } = stage;
  await api('/settlement/mode', { secret: password, mode: 'MANUAL' });
  for (const fen of [12_800, 8_850, 166_600]) await counter.sellByCode(fen);
  await counter.sellByCode(3_990, 'alipay');
  for (const fen of [20_000, 58_000]) await counter.sellByCard(fen);
  const settlement = await settle(10_000);
  await isState(settlement, 'SUCCESS');
  const payment = one<string>("SELECT no FROM payment WHERE state IN ('CLEARED', 'PAID') ORDER BY no LIMIT 1") ?? '';
  await api(`/settlements/${settlement}/dispute`, { text: '金额与签购单不符，签购单为 128.00 元' });
  await stage.setParameter('host.settleDecision', 'manual');
  const failed = await settle(5_000);
  await isState(failed, 'PROCESSING');
  await stage.host({ command: 'settle-decide', no: failed, outcome: 'failed', reason: 'BANK_REFUSED' });
  await isState(failed, 'FAILED');
  await api('/users', { secret: password, login: 'li.na', name: '李娜', role: 'O', state: 'ACTIVE' });
  await api('/batches/close', { secret: password });
  await vi.waitUntil(() => one("SELECT count(*) FROM batch WHERE state = 'CLOSED'") === 1, soon);
  const batch = one<string>("SELECT no FROM batch WHERE state = 'CLOSED'") ?? '';
  await page.context().close();

  await stage.startAt(next);
  const plant = ['surplus', 'shortage', 'amount', 'state'].map((kind) => ({ kind }));
  await stage.host({ command: 'publish-bill', date: day, plant });
  await stage.host({
    command: 'message',
    zh: '系统将于周日凌晨维护',
    en: 'Maintenance on Sunday night',
    level: 'info',
  });
  await vi.waitUntil(() => one('SELECT count(*) FROM difference') === 4, soon);
  await vi.waitUntil(() => one('SELECT count(*) FROM statement') === 1, soon);
  await stage.counter.sellByCode(6_600);
  await stage.counter.sellByCard(8_800);
  const later = await stage.visitor('zh');
  await later.logIn('wang', password);
  for (const [kind, format] of [
    ['statement', 'csv'],
    ['transactions', 'xlsx'],
    ['differences', 'csv'],
  ])
    await later.page.evaluate(`(async () => {
      const { csrf } = await (await fetch('/api/session')).json();
      await fetch('/api/exports', { method: 'POST', headers: { 'content-type': 'application/json', 'X-CSRF-Token': csrf, 'Idempotency-Key': crypto.randomUUID() },
        body: ${JSON.stringify(JSON.stringify({ kind, format, from: day, to: day, language: 'zh' }))} });
    })()`);
  await vi.waitUntil(() => one("SELECT count(*) FROM export WHERE state = 'READY'") === 3, soon);
  return { settlement, payment, batch, difference: one<string>('SELECT no FROM difference LIMIT 1') ?? '', day };
}
