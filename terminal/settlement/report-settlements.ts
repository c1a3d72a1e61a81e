import { type Database, perDatabase } from '../base/database.ts';
import type { Fen } from '../base/money.ts';
import type { SettlementState } from './settlement.ts';

/** What a report tells of a settlement. */
export interface ReportSettlement {
  readonly no: string;
  readonly requestedAt: number;
  readonly amountFen: Fen;
  readonly state: SettlementState;
}

const page = 500;

const between = perDatabase((db) =>
  db.prepare<[string, string], ReportSettlement>(
    `SELECT no, requested_at AS requestedAt, amount_fen AS amountFen, state FROM settlement WHERE no > ? AND no < ? ORDER BY no LIMIT ${page}`,
  ),
);

/** Page by page, by their numbers, which begin with the time at which they were requested. */
export function* settlementsBetween(
  db: Database,
  { from, before }: { readonly from: string; readonly before: string },
): Generator<readonly ReportSettlement[]> {
  for (let rows = between(db).all(from, before); rows.length > 0; rows = between(db).all(rows.at(-1)?.no ?? '', before))
    yield rows;
}
