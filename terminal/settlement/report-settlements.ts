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

const between = perDatabase((db) =>
  db.prepare<[string, string], ReportSettlement>(
    'SELECT no, requested_at AS requestedAt, amount_fen AS amountFen, state FROM settlement WHERE no >= ? AND no < ? ORDER BY no',
  ),
);

/** By their numbers, which begin with the time at which they were requested. */
export const settlementsBetween = (
  db: Database,
  { from, before }: { readonly from: string; readonly before: string },
): readonly ReportSettlement[] => between(db).all(from, before);
