import { dayMs, startOfDay } from '../base/clock.ts';
import { idsFrom } from '../base/ids.ts';
import type { Select } from '../base/select.ts';

/** Settlements and statements as rows of a file. */

/** Those that were asked for on these days, both included, in the order of time. `paid_fen`: what left the book and stayed away. */
export const settlementsOfDays = (from: string, to: string): Select => ({
  sql: `SELECT s.no AS seq, s.no, requested_at AS at, mode, s.state, amount_fen, service_fee_fen,
      iif(s.state = 'SUCCESS', amount_fen - service_fee_fen, 0) AS paid_fen, masked_number AS account, requested_by AS by, ended_at, value_date,
      host_ref, transfer_ref, s.reason, checked_by
    FROM settlement s JOIN settlement_account a ON a.version = s.account_version
    WHERE s.no > @after AND s.no < @before ORDER BY s.no LIMIT @limit`,
  values: { before: idsFrom(startOfDay(to) + dayMs) },
  first: idsFrom(startOfDay(from)),
});

/** The lines of the statement of a day, which are there for ever. */
export const linesOfStatement = (date: string): Select => ({
  sql: `SELECT line AS seq, line, date, at, event, no, type, instrument, gross_fen, fee_fen, amount_fen, balance_fen
    FROM statement_line WHERE date = @date AND line > @after ORDER BY line LIMIT @limit`,
  values: { date },
  first: -1,
});
