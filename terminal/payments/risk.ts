import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { type Clock, shanghai, startOfDay } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, perDatabase } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { idsFrom, newId } from '../base/ids.ts';
import { type Fen, formatYuan } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import type { Random } from '../base/random.ts';
import type { CardFacts, Payment } from './payment.ts';
import { getPayment } from './store.ts';

/**
 * Local risk rules (B-046, B-047, E-074): how much one sale may be, how many are taken in a minute, and how often, and for how much, one card pays here in a Shanghai
 * day. The last are counted in memory from the day's payments, each read once,
 * so that a sale pays for no index.
 */

interface OfCard {
  count: number;
  fen: number;
  contactless: number;
}

interface Today {
  day: string;
  lastId: number;
  readonly cards: Map<string, OfCard>;
}

interface Row {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly entry: string;
  readonly fen: number;
}

const today = perDatabase((): Today => ({ day: '', lastId: 0, cards: new Map() }));

const statements = perDatabase((db) => ({
  firstId: db.prepare<[string], { id: number | null }>('SELECT id FROM payment WHERE no >= ? ORDER BY no LIMIT 1'),
  // Every attempt that was not declined counts: also one in doubt.
  paid: db.prepare<[number, number], Row>(`SELECT id, card_hash AS hash, entry, amount_fen AS fen FROM payment
    WHERE id > ? AND id < ? AND card_hash IS NOT NULL AND state <> 'FAILED' AND (txn = 'sale' OR txn = 'stored-sale') ORDER BY id`),
  since: db.prepare<[string], { n: number }>(`SELECT count(*) AS n FROM payment
    WHERE no >= ? AND state <> 'FAILED' AND (txn = 'sale' OR txn = 'stored-sale' OR txn = 'code-sale')`),
  idOf: db.prepare<[string], { id: number }>('SELECT id FROM payment WHERE no = ?'),
}));

export interface RiskWarning {
  readonly code: 'CONTACTLESS_TOO_FREQUENT';
  /** This payment included. */
  readonly value: number;
  readonly limit: number;
}

const minuteMs = 60_000;

/** Before a sale of any kind begins: how much one may be, and how many this terminal takes in a minute. RISK_BLOCKED with the rule. */
export function checkSaleRisk(db: Database, clock: Clock, amount: Fen): void {
  const [maxFen, maxCount] = [parameter(db, 'risk.maxFenPerSale'), parameter(db, 'risk.maxCountPerMinute')];
  if (maxFen > 0 && amount > maxFen) throw blocked('sale', formatYuan(amount), formatYuan(maxFen));
  if (maxCount === 0) return;
  const count = (statements(db).since.get(idsFrom(clock.now() - minuteMs))?.n ?? 0) + 1;
  if (count > maxCount) throw blocked('minute', count, maxCount);
}

const blocked = (rule: string, value: string | number, limit: string | number): TerminalError =>
  new TerminalError('RISK_BLOCKED', { no: '', rule, value, limit });

/**
 * Before a sale is sent: RISK_BLOCKED when a rule that blocks is broken; a warning when the card is held to the reader more often than is good for it. `payment`: the
 * intent of this very sale; undefined when there is none yet.
 */
export function checkRisk(
  db: Database,
  clock: Clock,
  { cardHash, entry }: CardFacts,
  amount: Fen,
  payment: string | undefined,
): RiskWarning | undefined {
  const [maxCount, maxFen] = [parameter(db, 'risk.maxCountPerCardDay'), parameter(db, 'risk.maxFenPerCardDay')];
  if (entry !== 'CONTACTLESS' && maxCount === 0 && maxFen === 0) return undefined;
  const card = countsOf(db, clock, payment).get(Buffer.from(cardHash).toString('hex'));
  const count = (card?.count ?? 0) + 1;
  const sumFen = (card?.fen ?? 0) + amount;
  if (maxCount > 0 && count > maxCount) throw blocked('count', count, maxCount);
  if (maxFen > 0 && sumFen > maxFen) throw blocked('amount', formatYuan(sumFen), formatYuan(maxFen));
  const limit = parameter(db, 'risk.contactlessPerDay');
  const contactless = (card?.contactless ?? 0) + 1;
  if (entry !== 'CONTACTLESS' || contactless <= limit) return undefined;
  return { code: 'CONTACTLESS_TOO_FREQUENT', value: contactless, limit };
}

/** Those of today before this payment. */
function countsOf(db: Database, clock: Clock, payment: string | undefined): Today['cards'] {
  const counts = today(db);
  const sql = statements(db);
  const { day } = shanghai(clock.now());
  if (counts.day !== day) {
    counts.day = day;
    counts.cards.clear();
    const first = sql.firstId.get(idsFrom(startOfDay(day)))?.id;
    counts.lastId = (first ?? Number.MAX_SAFE_INTEGER) - 1;
    if (first === undefined || first === null) counts.day = ''; // nothing yet: looked at again by the next sale
  }
  const before = payment === undefined ? Number.MAX_SAFE_INTEGER : (sql.idOf.get(payment)?.id ?? 0);
  for (const row of sql.paid.all(counts.lastId, before)) {
    counts.lastId = row.id;
    add(counts.cards, row);
  }
  return counts.cards;
}

function add(cards: Today['cards'], { hash, entry, fen }: Row): void {
  const key = Buffer.from(hash).toString('hex');
  const card = cards.get(key) ?? { count: 0, fen: 0, contactless: 0 };
  cards.set(key, {
    count: card.count + 1,
    fen: card.fen + fen,
    contactless: card.contactless + (entry === 'CONTACTLESS' ? 1 : 0),
  });
}

/**
 * 立即停止交易 (B-046): tells upstream, which holds the money of what was paid for review. `payment`: what it is about, if anything. `where`: the screen. NOT_FOUND.
 */
export function reportStop(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  report: {
    readonly by: string;
    readonly payment: string | undefined;
    readonly batch: string | undefined;
    readonly reason: string;
    readonly where: string;
  },
): Payment | undefined {
  const { by, payment: number, reason, where } = report;
  const payment = number === undefined ? undefined : getPayment(db, number);
  if (number !== undefined && !payment) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: number });
  inTransaction(db, (tx) => {
    const [no, now] = [newId(world.clock, world.random), world.clock.now()];
    const batch = payment?.batch ?? report.batch ?? null;
    audit(tx, { at: now, by, action: 'report', about: number ?? '', outcome: 'ok', details: { reason, where } });
    send(tx.db, {
      kind: 'stop-reported',
      id: no,
      body: { no, at: now, by, facts: { payment: number ?? null, batch, reason, where }, journals: [] },
    });
    at('risk.in-report');
  });
  at('risk.after-report');
  return payment;
}
