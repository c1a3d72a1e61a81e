import type { SettlementDisputed, TicketAnswered } from '../../sync/protocol/settlement.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { getSettlement } from './store.ts';

/** Dispute tickets (B-014): of a settlement, or of one payment in it. OPEN → ANSWERED by the host → CLOSED by who disputed. */
export interface Ticket {
  readonly no: string;
  readonly settlement: string;
  readonly payment: string | null;
  readonly text: string;
  readonly state: 'OPEN' | 'ANSWERED' | 'CLOSED';
  readonly answer: string | null;
  readonly answeredBy: string | null;
  readonly by: string;
  readonly at: number;
}

const columns = 'no, settlement, payment, text, state, answer, answered_by AS answeredBy, by, at';

const statements = perDatabase((db) => ({
  insert: db.prepare(
    "INSERT INTO ticket (no, settlement, payment, text, state, idempotency_key, by, at) VALUES (?, ?, ?, ?, 'OPEN', ?, ?, ?)",
  ),
  update: db.prepare('UPDATE ticket SET state = ?, answer = ?, answered_by = ? WHERE no = ?'),
  byNo: db.prepare<[string], Ticket>(`SELECT ${columns} FROM ticket WHERE no = ?`),
  byKey: db.prepare<[string], Ticket>(`SELECT ${columns} FROM ticket WHERE idempotency_key = ?`),
  newest: db.prepare<[number], Ticket>(`SELECT ${columns} FROM ticket ORDER BY no DESC LIMIT ?`),
  ofSettlement: db.prepare<[string], Ticket>(`SELECT ${columns} FROM ticket WHERE settlement = ? ORDER BY no`),
}));

type NewTicket = Pick<Ticket, 'no' | 'settlement' | 'payment' | 'text' | 'by' | 'at'> & { readonly key: string };

/** The one that was opened with this key. IDEMPOTENCY_CONFLICT when it was about something else. */
export function ticketOfKey(db: Database, given: Omit<NewTicket, 'no' | 'at'>): Ticket | undefined {
  const known = statements(db).byKey.get(given.key);
  if (!known) return undefined;
  const same = (['settlement', 'payment', 'text', 'by'] as const).every((field) => known[field] === given[field]);
  if (!same) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: given.key });
  return known;
}

/** NOT_FOUND, ILLEGAL_STATE before success, REASON_REQUIRED without a word. */
export function openTicket(tx: Tx, given: NewTicket): Ticket {
  const { no, settlement, payment, text, key, by, at } = given;
  const found = getSettlement(tx.db, settlement);
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: settlement });
  if (found.state !== 'SUCCESS') throw new TerminalError('ILLEGAL_STATE', { state: found.state, event: 'dispute' });
  if (text.trim() === '') throw new TerminalError('REASON_REQUIRED');
  statements(tx.db).insert.run(no, settlement, payment, text, key, by, at);
  audit(tx, {
    at,
    by,
    action: 'dispute',
    about: settlement,
    outcome: 'ok',
    details: { ticket: no, ...(payment !== null && { payment }) },
  });
  send(tx.db, {
    kind: 'settlement-disputed',
    id: no,
    body: { no, at, by, facts: { settlement, payment, text }, journals: [] },
  });
  return { no, settlement, payment, text, state: 'OPEN', answer: null, answeredBy: null, by, at };
}

/** Who disputed is content. NOT_FOUND, ILLEGAL_STATE before there is an answer. */
export function closeTicket(tx: Tx, atMs: number, by: string, no: string): void {
  const ticket = present(tx, no);
  if (ticket.state === 'CLOSED') return;
  if (ticket.state !== 'ANSWERED')
    throw new TerminalError('ILLEGAL_STATE', { state: ticket.state, event: 'close-ticket' });
  restoreClosed(tx, no);
  audit(tx, { at: atMs, by, action: 'close-ticket', about: no, outcome: 'ok' });
  send(tx.db, { kind: 'ticket-closed', id: no, body: { no, at: atMs, by, facts: { ticket: no }, journals: [] } });
}

/** The host's word; what is closed stays closed. NOT_FOUND. */
export function recordAnswered(tx: Tx, atMs: number, { ticket: no, state, answer, by }: TicketAnswered): void {
  const ticket = present(tx, no);
  statements(tx.db).update.run(ticket.state === 'CLOSED' ? 'CLOSED' : state, answer, by, no);
  audit(tx, { at: atMs, by: 'SYS', action: 'ticket-answered', about: no, outcome: 'ok', details: { state } });
}

function present(tx: Tx, no: string): Ticket {
  const ticket = statements(tx.db).byNo.get(no);
  if (!ticket) throw new TerminalError('NOT_FOUND', { what: 'ticket', no });
  return ticket;
}

/** `settlement-disputed` of a book that comes back. */
export function restoreTicket(
  tx: Tx,
  row: { readonly no: string; readonly at: number; readonly by: string; readonly facts: SettlementDisputed['facts'] },
): void {
  const { no, at, by, facts } = row;
  if (!statements(tx.db).byNo.get(no))
    statements(tx.db).insert.run(no, facts.settlement, facts.payment, facts.text, null, by, at);
}

/** `ticket-closed` of a book that comes back. */
export function restoreClosed(tx: Tx, no: string): void {
  const { answer, answeredBy } = present(tx, no);
  statements(tx.db).update.run('CLOSED', answer, answeredBy, no);
}

/** The newest first. */
export const newestTickets = (db: Database, limit: number): readonly Ticket[] => statements(db).newest.all(limit);
export const ticketsOf = (db: Database, settlement: string): readonly Ticket[] =>
  statements(db).ofSettlement.all(settlement);
