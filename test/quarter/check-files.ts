import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { exportDesk } from '../../terminal/flows/export.ts';
import type { ExportAsk } from '../../terminal/flows/export-desk.ts';
import { parseCsv } from '../terminal/exports/library.ts';
import { nextDay } from './calendar.ts';
import { owner, type Shop } from './shop.ts';

/** P-29, of some days, both included: the lines of a file come to its total, and to what the ledger moved. */
export async function checkExports(shop: Shop, from: string, to: string): Promise<void> {
  const [atMs, beforeMs] = [from, nextDay(to)].map((day) => Date.parse(`${day}T00:00:00+08:00`));
  const within = (time: string): string => `${time} >= ${atMs} AND ${time} < ${beforeMs}`;
  const moved = (sql: string): number =>
    shop.system.count(`SELECT coalesce(sum(iif(e.side = 'C', e.amount_fen, -e.amount_fen)), 0)
    FROM journal j JOIN entry e ON e.id >= j.id * 64 AND e.id < (j.id + 1) * 64 WHERE ${sql}`);
  const availableFen = moved(`e.account = '2002' AND ${within('j.at')}`);
  const statement = await totalOf(shop, { kind: 'statement', from, to }, '收支金额(元)');
  expect({ from, ...statement }).toEqual({ from, lines: availableFen, total: availableFen });
  // Paid is what was asked for on these days, on whatever day the bank has said so.
  const paidFen = moved(`e.account = '1001' AND j.event IN ('J-21', 'J-23')
    AND j.no IN (SELECT no FROM settlement WHERE ${within('requested_at')})`);
  const settlements = await totalOf(shop, { kind: 'settlements', from, to }, '实付金额(元)');
  expect({ from, ...settlements }).toEqual({ from, lines: paidFen, total: paidFen });
}

async function totalOf(
  { system }: Shop,
  ask: Pick<ExportAsk, 'kind' | 'from' | 'to'>,
  column: string,
): Promise<{ readonly lines: number; readonly total: number }> {
  const desk = exportDesk(system.terminal.world);
  const { id } = desk.begin(owner, { format: 'csv', language: 'zh', ...ask });
  const job = () => desk.list(owner, 10).find((view) => view.id === id);
  await system.eventually('the file is made', () => ['READY', 'FAILED'].includes(job()?.state ?? ''));
  const rows = parseCsv(readFileSync(desk.open(owner, id).file, 'utf8'));
  const at = rows[0]?.indexOf(column) ?? -1;
  const end = rows.findIndex(([head]) => head === '合计');
  const fenOf = (row: readonly string[] | undefined): number => Math.round(Number(row?.[at]) * 100);
  return { lines: rows.slice(1, end).reduce((sum, row) => sum + fenOf(row), 0), total: fenOf(rows[end]) };
}
