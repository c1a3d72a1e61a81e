import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../terminal/base/clock.ts';
import { openDatabase } from '../../terminal/base/database.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { readConfig } from '../../terminal/config.ts';
import { exportDesk } from '../../terminal/flows/export.ts';
import type { ExportAsk } from '../../terminal/flows/export-desk.ts';
import { makeExports } from '../../terminal/flows/make-export.ts';
import { newSession } from '../../terminal/flows/world.ts';
import { runChild } from './child-work.ts';
import { type Watched, watch } from './loop-watch.ts';
import { seededDay } from './seed-day.ts';

export interface ExportRound {
  readonly csv: Watched;
  /** The same lines and columns, by the command line. */
  readonly y7Ms: number;
  /** The columns as they are stored: no time, no yuan, no words. */
  readonly bareMs: number;
}

const took =
  "CASE WHEN state IN ('PAID','CLEARED','VOIDING','VOIDED','PARTLY_REFUNDED','REFUNDED') AND txn IN ('sale','code-sale','stored-sale','completion','completion-advice') THEN";
const y7 = `SELECT strftime('%Y-%m-%d %H:%M:%S', created_at / 1000 + 28800, 'unixepoch'), no, '''' || stan, '''' || batch,
  CASE txn WHEN 'sale' THEN '消费' WHEN 'void' THEN '消费撤销' WHEN 'code-sale' THEN '扫码消费' ELSE txn END,
  CASE entry WHEN 'CONTACTLESS' THEN '挥卡' WHEN 'CHIP' THEN '插卡' WHEN 'MAG' THEN '刷卡' WHEN 'QR_WECHAT' THEN '微信' ELSE entry END, card, '''' || operator,
  CASE state WHEN 'CLEARED' THEN '成功已清算' WHEN 'PAID' THEN '成功' WHEN 'VOIDED' THEN '已撤销' ELSE state END, code, '''' || rrn,
  printf('%.2f', amount_fen / 100.0), printf('%.2f', booked / 100.0), printf('%.2f', fee / 100.0), printf('%.2f', (booked - fee) / 100.0)
  FROM (SELECT *, ${took} amount_fen ELSE 0 END AS booked, ${took} fee_fen ELSE 0 END AS fee FROM payment ORDER BY no)`;
const bare = `SELECT created_at, no, stan, batch, txn, entry, card, operator, state, code, rrn, amount_fen, fee_fen, amount_fen - fee_fen FROM payment ORDER BY no`;

function commandLine(folder: string, sql: string): number {
  const out = openSync(join(folder, 'y7.csv'), 'w');
  const started = performance.now();
  execFileSync('sqlite3', ['-csv', join(folder, 'terminal.db'), sql], { stdio: ['ignore', out, 'inherit'] });
  closeSync(out);
  return performance.now() - started;
}

/** One file by the terminal's own job, from the moment it is asked for to the moment it can be fetched. */
async function made(folder: string, format: ExportAsk['format']): Promise<Watched> {
  const db = openDatabase(join(folder, 'terminal.db'));
  const world = {
    home: folder,
    db,
    clock: systemClock,
    random: systemRandom,
    config: readConfig({}),
    log: () => {},
    session: newSession(),
  };
  const desk = exportDesk(world);
  const by = { no: 'bench', role: 'O' } as const;
  const result = await watch(async () => {
    desk.begin(by, { kind: 'transactions', format, from: seededDay, to: seededDay, language: 'zh' });
    await makeExports(world, new AbortController().signal);
  });
  const [job] = desk.list(by, 1);
  if (job?.state !== 'READY') throw new Error(`the export is ${job?.state}: ${job?.problem}`);
  rmSync(join(folder, 'exports'), { recursive: true });
  db.close();
  return result;
}

async function measure(folder: string): Promise<ExportRound> {
  const bareMs = commandLine(folder, bare);
  const y7Ms = commandLine(folder, y7);
  return { bareMs, y7Ms, csv: await made(folder, 'csv') };
}

runChild({
  seeded: () => undefined,
  measure: (what, folder): Promise<unknown> => (what === 'xlsx' ? made(folder, 'xlsx') : measure(folder)),
});
