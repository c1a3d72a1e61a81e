import * as v from 'valibot';
import type { AuditRow } from '../base/audit.ts';
import { type AuditLineAnswer, auditAnswer, auditCheckAnswer } from './contract.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import { maxAuditLines } from './max-listed.ts';
import type { Run } from './run.ts';
import { readBook } from './stopped-book.ts';
import { table } from './table.ts';
import { counted, timeText } from './words.ts';

/** `pos audit check`: proves the hash chain of the running terminal, or of the book of a stopped one. */
export async function checkAuditNow(run: Run, file: string | undefined): Promise<ExitStatus> {
  const raw =
    file === undefined
      ? await run.client.get('/audit/check')
      : await readBook(file, (await import('../base/audit.ts')).checkAudit);
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
  const raw = file === undefined ? await run.client.get(query) : { lines: await linesIn(file, Number(limit), by) };
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

async function linesIn(file: string, limit: number, by: string | undefined): Promise<readonly AuditRow[]> {
  const { auditRows, auditRowsBy } = await import('../base/audit.ts');
  const { finish } = await import('../base/steps.ts');
  return readBook(file, (db) => (by === undefined ? auditRows(db, limit) : finish(auditRowsBy(db, by, limit))));
}
