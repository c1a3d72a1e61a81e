import { auditSteps } from '../base/audit.ts';
import { type Database, inSnapshot } from '../base/database.ts';
import { finish, type Steps } from '../base/steps.ts';
import { type LedgerCheck, ledgerSteps, type Problem } from '../ledger/check.ts';
import { type PaymentProblem, paymentSteps } from '../payments/check-payments.ts';
import { groups } from '../settlement/batch.ts';
import { type AccountProblem, accountSteps } from '../settlement/check-accounts.ts';
import { currentBatch } from '../settlement/queries.ts';
import { countedTotals } from './batch-records.ts';

export interface BookCheck extends Omit<LedgerCheck, 'problems'> {
  readonly problems: readonly (Problem | PaymentProblem | AccountProblem)[];
}

/**
 * Proves the whole book: the ledger by itself (P-01 to P-04), against it the payments and refunds (P-08, P-09, P-14), the differences and statements (P-09, P-31), and the running
 * totals of the open batch. Any handle will do.
 */
export const checkBook = (db: Database): BookCheck => inSnapshot(db, () => finish(bookSteps(db)));

/** The same, in steps between which other things may be done; the caller keeps one snapshot open over all of them. */
export function* bookSteps(db: Database): Steps<BookCheck> {
  const totals = checkTotals(db);
  const ledger = yield* ledgerSteps(db);
  const payments = yield* paymentSteps(db);
  const accounts = yield* accountSteps(db);
  const problems = [...totals, ...ledger.problems, ...payments, ...accounts];
  return { ...ledger, ok: problems.length === 0, problems };
}

/** The book, then the chain of the audit trail: the first line of it that was changed. */
export function* bookAndAuditSteps(db: Database): Steps<BookCheck & { readonly brokenLine: number | undefined }> {
  const book = yield* bookSteps(db);
  return { ...book, brokenLine: yield* auditSteps(db) };
}

/** A batch that is open has running totals, in the gross profile; they are what its rows come to. */
export function checkTotals(db: Database): readonly Problem[] {
  const batch = currentBatch(db);
  if (batch?.state !== 'OPEN') return [];
  const rows = countedTotals(db, batch).totals;
  return groups.flatMap((group) =>
    (['debitCount', 'debitFen', 'creditCount', 'creditFen'] as const)
      .filter((name) => rows[group][name] !== batch.totals[group][name])
      .map((name) => ({
        rule: 'P-04' as const,
        about: `batch ${batch.no}`,
        what: `${group} ${name}`,
        foundFen: batch.totals[group][name],
        expectedFen: rows[group][name],
      })),
  );
}
