import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import { checkQuery, checkRows } from '../exports/check-query.ts';
import { type ExportJob, type ExportKind, exportKinds, type Query } from '../exports/export.ts';
import { queueExport } from '../exports/keep-export.ts';
import { exportById, exportOfKey, exportsIn, newestExports } from '../exports/queries.ts';
import { type Action, authorise, mayDo } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { refusing } from './audit-attempt.ts';
import type { ExportAsk, ExportDesk, ExportView } from './export-desk.ts';
import { filterOf, filterText } from './export-filter.ts';
import { expectedRows, type Library } from './export-rows.ts';
import { kindWords } from './export-words.ts';
import { exportFile, requireRoom, rowsDone } from './make-export.ts';
import { changed } from './world.ts';

/** Who may have each kind, asked for and fetched. */
const actions: Readonly<Record<ExportKind, Action>> = {
  statement: 'statements',
  transactions: 'statements',
  settlements: 'statements',
  'settlement-payments': 'statements',
  report: 'statements',
  batch: 'statements',
  differences: 'look',
  audit: 'look',
};

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html; charset=utf-8',
} as const;

/** Jobs that wait; more are refused, so that nobody fills the disk by pressing a button. */
const mostWaiting = 20;

export const exportDesk = (world: Library): ExportDesk => ({
  begin: (by, ask, key) =>
    refusing(world, { by: by.no, action: 'export', about: ask.kind }, () => begin(world, by, ask, key)),
  list: (by, limit) => newestExports(world.db, kindsFor(by), limit).map(view),
  byNo: (by, id) => view(found(world, by, id)),
  underWay() {
    const [job] = exportsIn(world.db, 'RUNNING');
    return job && { id: job.id, done: rowsDone(job), of: Math.max(job.of, rowsDone(job)) };
  },
  open: (by, id) => refusing(world, { by: by.no, action: 'fetch-export', about: id }, () => open(world, by, id)),
});

const kindsFor = (by: User): readonly ExportKind[] => exportKinds.filter((kind) => mayDo(by, actions[kind]));

function begin(world: Library, by: User, ask: ExportAsk, key: string | undefined): ExportView {
  authorise(by, actions[ask.kind]);
  const { kind, format, language, from = null, to = null } = ask;
  const about = kind === 'transactions' ? filterText(ask.filter) : (ask.about ?? null);
  const query = checkQuery({ kind, format, language, from, to, about });
  const chance = key === undefined ? world.random : chanceOf(`${by.no} ${key}`);
  const id = newId(world.clock, chance);
  const known = exportOfKey(world.db, id.slice(10));
  if (known) return view(sameJob(known, query));
  const of = expectedRows(world, query);
  checkRows(query, of);
  requireRoom(world.home, of);
  if (exportsIn(world.db, 'QUEUED').length >= mostWaiting)
    throw new TerminalError('ILLEGAL_STATE', { state: 'QUEUED', event: 'export' });
  const job: ExportJob = {
    ...query,
    id,
    name: nameOf(query),
    state: 'QUEUED',
    by: by.no,
    role: by.role,
    at: world.clock.now(),
    of,
    rows: null,
    bytes: null,
    sha256: null,
    validUntil: null,
    problem: null,
  };
  inTransaction(world.db, (tx) => queueExport(tx, job));
  at('export.after-request');
  changed(world);
  return view(job);
}

/** In place of chance in the number of a job: so a key finds its job again, for as long as there is one. */
const chanceOf = (text: string): Pick<Random, 'bytes'> => ({
  bytes: (length) => hash('sha256', text, 'buffer').subarray(0, length),
});

/** IDEMPOTENCY_CONFLICT. */
function sameJob(known: ExportJob, query: Query): ExportJob {
  const names = ['kind', 'format', 'language', 'from', 'to', 'about'] as const;
  if (names.some((name) => known[name] !== query[name]))
    throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: known.id });
  return known;
}

/** `对账单 2026-11-01至2026-11-30.csv`: nothing in it is a path. */
function nameOf({ kind, format, language, from, to, about }: Query): string {
  const range = from === to ? from : `${from}${language === 'zh' ? '至' : ' to '}${to}`;
  return `${kindWords[kind][language]} ${from === null ? about : range}.${format}`;
}

/** The role is looked at each time: it may be another one by now. NOT_FOUND, FORBIDDEN. */
function found({ db }: Library, by: User, id: string): ExportJob {
  const job = exportById(db, id);
  authorise(by, job ? actions[job.kind] : 'look');
  if (!job) throw new TerminalError('NOT_FOUND', { what: 'export', no: id });
  return job;
}

function open(world: Library, by: User, id: string): ReturnType<ExportDesk['open']> {
  const job = found(world, by, id);
  const isOver = (job.validUntil ?? 0) <= world.clock.now();
  const state = job.state === 'READY' && isOver ? 'EXPIRED' : job.state;
  if (state !== 'READY') throw new TerminalError('ILLEGAL_STATE', { state, event: 'fetch-export' });
  const file = exportFile(world, job);
  if (!existsSync(file)) throw new TerminalError('NOT_FOUND', { what: 'export', no: id });
  inTransaction(world.db, (tx) =>
    audit(tx, { at: world.clock.now(), by: by.no, action: 'fetch-export', about: id, outcome: 'ok' }),
  );
  return { file, name: job.name, type: types[job.format], bytes: job.bytes ?? 0 };
}

const view = (job: ExportJob): ExportView => ({
  id: job.id,
  kind: job.kind,
  format: job.format,
  name: job.name,
  from: job.from ?? undefined,
  to: job.to ?? undefined,
  about: (job.kind === 'transactions' ? null : job.about) ?? undefined,
  filter: filterOf(job),
  state: job.state,
  done: job.rows ?? rowsDone(job),
  of: job.rows ?? Math.max(job.of, rowsDone(job)),
  rows: job.rows ?? undefined,
  bytes: job.bytes ?? undefined,
  sha256: job.sha256 ?? undefined,
  by: job.by,
  at: job.at,
  validUntil: job.validUntil ?? undefined,
  problem: job.problem ?? undefined,
});
