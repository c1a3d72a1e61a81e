import { hash } from 'node:crypto';
import type { Apply, ApplyResult } from '../../sync/protocol/merchant-data.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { modeWord } from './mode.ts';

/**
 * What is applied for upstream (sync.md, merchant data): accounts, modes, profile, users, paper statements. The terminal asks and holds a copy of the answer, it never decides: the record
 * itself comes as `merchant-data`.
 */
export interface Application {
  readonly no: string;
  readonly kind: Apply['facts']['kind'];
  readonly state: 'SENT' | 'ACCEPTED' | 'DONE' | 'REFUSED';
  /** What it is for, in one line; nothing that was sealed. */
  readonly about: string;
  readonly stage: string | null;
  readonly reason: string | null;
  readonly remark: string | null;
  readonly by: string;
  readonly at: number;
}

const columns = 'no, kind, state, about, stage, reason, remark, by, at';

const statements = perDatabase((db) => ({
  insert: db.prepare(
    "INSERT INTO application (no, kind, state, facts, about, idempotency_key, fingerprint, by, at) VALUES (?, ?, 'SENT', ?, ?, ?, ?, ?, ?)",
  ),
  update: db.prepare('UPDATE application SET state = ?, stage = ?, reason = ?, remark = ? WHERE no = ?'),
  byNo: db.prepare<[string], Application>(`SELECT ${columns} FROM application WHERE no = ?`),
  byKey: db.prepare<[string], Application & { readonly fingerprint: string }>(
    `SELECT ${columns}, fingerprint FROM application WHERE idempotency_key = ?`,
  ),
  newest: db.prepare<[number], Application>(`SELECT ${columns} FROM application ORDER BY no DESC LIMIT ?`),
  open: db.prepare<[string], Application & { readonly facts: string }>(
    `SELECT ${columns}, facts FROM application WHERE kind = ? AND state IN ('SENT','ACCEPTED') ORDER BY no DESC LIMIT 1`,
  ),
}));

export interface NewApplication {
  /** Its number for life: newId. */
  readonly no: string;
  readonly at: number;
  readonly by: string;
  /** The caller's number for this intent. */
  readonly key: string;
  readonly facts: Apply['facts'];
  /** Of the whole content, where the facts hold something sealed, which is never twice the same. */
  readonly fingerprint?: string;
}

/** The one that was made with this key. IDEMPOTENCY_CONFLICT when its content was another. */
export function applicationOfKey(db: Database, key: string, fingerprint: string): Application | undefined {
  const known = statements(db).byKey.get(key);
  if (!known) return undefined;
  if (known.fingerprint !== fingerprint) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: key });
  return known;
}

export const fingerprintOf = (content: object): string => hash('sha256', JSON.stringify(content));

/** Writes it down and sends it up, with its audit line; the same key and content again is the same application. Wake the link after the commit. IDEMPOTENCY_CONFLICT. */
export function sendApplication(tx: Tx, given: NewApplication): Application {
  const { no, at: atMs, by, key, facts } = given;
  const fingerprint = given.fingerprint ?? fingerprintOf(facts);
  const known = applicationOfKey(tx.db, key, fingerprint);
  if (known) return known;
  const about = aboutOf(facts);
  statements(tx.db).insert.run(no, facts.kind, JSON.stringify(withoutSealed(facts)), about, key, fingerprint, by, atMs);
  audit(tx, { at: atMs, by, action: `apply-${facts.kind}`, about: no, outcome: 'ok', details: { about } });
  send(tx.db, { kind: 'apply', id: no, body: { no, at: atMs, by, facts, journals: [] } });
  at('apply.in-request');
  return { no, kind: facts.kind, state: 'SENT', about, stage: null, reason: null, remark: null, by, at: atMs };
}

function withoutSealed(facts: Apply['facts']): object {
  if (facts.kind !== 'account') return facts;
  const { sealed: _, ...rest } = facts;
  return rest;
}

function aboutOf(facts: Apply['facts']): string {
  switch (facts.kind) {
    case 'account':
      return `${facts.bank} ${facts.maskedNumber}`;
    case 'mode':
      return modeWord(facts.record);
    case 'profile':
      return Object.keys(facts.change).join(' ');
    case 'user':
      return `${facts.record.login} ${facts.record.role} ${facts.record.state}`;
    case 'paper-statement':
      return facts.month;
  }
}

const stateOf = { accepted: 'ACCEPTED', done: 'DONE', refused: 'REFUSED' } as const;

/** How upstream decided. What has ended stays as it ended. NOT_FOUND. */
export function recordApplyResult(tx: Tx, atMs: number, result: ApplyResult): Application {
  const { application: no, outcome, stage, reason, remark } = result;
  const known = statements(tx.db).byNo.get(no);
  if (!known) throw new TerminalError('NOT_FOUND', { what: 'application', no });
  if (known.state === 'DONE' || known.state === 'REFUSED') return known;
  const state = stateOf[outcome];
  statements(tx.db).update.run(state, stage, reason, remark, no);
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'apply-result',
    about: no,
    outcome: 'ok',
    details: { state, stage, reason },
  });
  return { ...known, state, stage, reason, remark };
}

/** `apply` of a book that comes back. The caller's key is not known any more. */
export function restoreApplication(tx: Tx, row: Omit<NewApplication, 'key' | 'fingerprint'>): void {
  const { no, facts, by, at: atMs } = row;
  if (statements(tx.db).byNo.get(no)) return;
  statements(tx.db).insert.run(
    no,
    facts.kind,
    JSON.stringify(withoutSealed(facts)),
    aboutOf(facts),
    null,
    '',
    by,
    atMs,
  );
}

export const applicationByNo = (db: Database, no: string): Application | undefined => statements(db).byNo.get(no);

/** The newest first. */
export const newestApplications = (db: Database, limit: number): readonly Application[] =>
  statements(db).newest.all(limit);

/** The newest of this kind that upstream has not ended, with what it asks for. */
export function openApplication<K extends Application['kind']>(
  db: Database,
  kind: K,
): { readonly no: string; readonly facts: Omit<Extract<Apply['facts'], { kind: K }>, 'sealed'> } | undefined {
  const found = statements(db).open.get(kind);
  return found && { no: found.no, facts: JSON.parse(found.facts) };
}
