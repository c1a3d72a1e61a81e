import type { Database } from '../base/database.ts';
import { parameter } from '../base/parameters.ts';

/** The merchant's registered category, which everything that takes money carries (E-073); null before upstream has told it. */
export const category = (db: Database): string | null => parameter(db, 'merchant.mcc') || null;
