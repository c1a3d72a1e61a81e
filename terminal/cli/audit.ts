import { existsSync } from 'node:fs';
import * as v from 'valibot';
import type { AuditCheck, AuditRow } from '../base/audit.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type AuditLineAnswer, auditAnswer, auditCheckAnswer, maxAuditLines } from './contract.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { table } from './table.ts';
import { counted, timeText } from './words.ts';

/** `pos audit check`: proves the hash chain of the running terminal, or of the book of a stopped one. */
export async function checkAuditNow(run: Run, file: string | undefined): Promise<ExitStatus> {
  const raw =
    file === undefined ? await run.client.get('/audit/check') : await fromBook(file, (db, m) => m.checkAudit(db));
  const check = v.parse(auditCheckAnswer, raw);
  await run.show(raw, () =>
    check.ok
      ? run.say(`审计完整: ${check.lines} 条`, `The audit trail is whole: ${counted(check.lines, 'line')}`)
      : run.say(
          `审计被改动: 第 ${check.brokenAt} 条起不符，请联系上游`,
          `The audit trail was changed from line ${check.brokenAt} on; contact upstream`,
        ),
  );
  return check.ok ? exitStatus.ok : exitStatus.failed;
}

interface Wanted {
  readonly limit: string;
  /** Lines by this operator only. */
  readonly by: string | undefined;
  readonly db: string | undefined;
}

/** `pos audit list`: the newest first. */
export async function listAudit(run: Run, { limit, by, db: file }: Wanted): Promise<ExitStatus> {
  if (!/^\d{1,5}$/.test(limit) || Number(limit) < 1 || Number(limit) > maxAuditLines)
    throw usage(`--limit 应为 1 至 ${maxAuditLines}: ${limit}`, `--limit is 1 to ${maxAuditLines}: ${limit}`);
  if (by !== undefined && !/^(\d{2}|SYS|--|[a-z][a-z0-9._-]{2,31})$/.test(by))
    throw usage(`--by 应为操作员号或 SYS: ${by}`, `--by is an operator or SYS: ${by}`);
  const query = `/audit?limit=${limit}${by === undefined ? '' : `&operator=${by}`}`;
  const raw =
    file === undefined
      ? await run.client.get(query)
      : await fromBook(file, (db, m) => ({ lines: m.auditRows(db, Number(limit), by) }));
  const { lines } = v.parse(auditAnswer, raw);
  const head = [
    run.say('序号', 'Seq'),
    run.say('时间', 'Time'),
    run.say('操作员', 'By'),
    run.say('动作', 'Action'),
    run.say('对象', 'About'),
    run.say('结果', 'Outcome'),
    run.say('详情', 'Details'),
  ];
  await run.show(raw, () =>
    lines.length === 0
      ? run.say('没有审计记录', 'No audit lines')
      : table(
          head,
          lines.map((line) => auditRow(line, run)),
          [0],
        ),
  );
  return exitStatus.ok;
}

const auditRow = (line: AuditLineAnswer, run: Run): readonly string[] => [
  String(line.seq),
  timeText(line.at),
  line.by,
  line.action,
  line.about,
  line.outcome === 'ok' ? run.say('成功', 'ok') : run.say('拒绝', 'refused'),
  Object.entries(line.details)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' '),
];

interface AuditModule {
  checkAudit(db: Database): AuditCheck;
  auditRows(db: Database, limit: number, by?: string): readonly AuditRow[];
}

/** NOT_FOUND; DATABASE_CORRUPT when it is no book of a terminal. */
async function fromBook<T>(file: string, work: (db: Database, audit: AuditModule) => T): Promise<T> {
  if (!existsSync(file)) throw new TerminalError('NOT_FOUND', { what: '--db', no: file });
  const { openDatabase } = await import('../base/database.ts');
  const audit = await import('../base/audit.ts');
  try {
    const db = openDatabase(file, { readonly: true });
    try {
      return work(db, audit);
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'SqliteError')
      throw new TerminalError('DATABASE_CORRUPT', { sqlite: error.message }, error);
    throw error;
  }
}
