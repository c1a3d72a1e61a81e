import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameCopy, proveCopy } from '../base/backup.ts';
import { shanghai } from '../base/clock.ts';
import { type Database, openDatabase } from '../base/database.ts';
import { type Migration, migrate } from '../base/migrate.ts';
import { base } from '../base/migrations/0001-base.ts';
import { ledgerTables } from '../base/migrations/0002-ledger.ts';
import { usersTables } from '../base/migrations/0003-users.ts';
import { paymentTables } from '../base/migrations/0004-payments.ts';
import { settlementTables } from '../base/migrations/0005-settlement.ts';
import { freezeTables } from '../base/migrations/0006-freezes.ts';
import { refundTables } from '../base/migrations/0007-refunds.ts';
import { invoiceTables } from '../base/migrations/0008-invoices.ts';
import { settlementModeTables } from '../base/migrations/0009-settlement-modes.ts';
import { reconciliationTables } from '../base/migrations/0010-reconciliation.ts';
import { noticeTables } from '../base/migrations/0011-notices.ts';
import { exportTables } from '../base/migrations/0012-exports.ts';
import { consoleUserTables } from '../base/migrations/0013-console-users.ts';
import { noticeMarks } from '../base/migrations/0014-notice-marks.ts';

/** Every step of the terminal's own schema in order. A new one goes to the end of all; none ever changes. */
const ownMigrations: readonly Migration[] = [
  base,
  ledgerTables,
  usersTables,
  paymentTables,
  settlementTables,
  freezeTables,
  refundTables,
  invoiceTables,
  settlementModeTables,
  reconciliationTables,
  noticeTables,
  exportTables,
  consoleUserTables,
  noticeMarks,
];

/**
 * Opens the terminal's book and brings its schema up to date; a copy is kept in `backups/` before a change to one that has data. `streamMigrations`: the outbox and its kin, from sync.
 * DATABASE_NEWER, DATABASE_CORRUPT, DATABASE_BUSY, DISK_FULL.
 */
export function openBook(file: string, streamMigrations: readonly Migration[]): Database {
  const db = openDatabase(file);
  try {
    const backup = () => backUp(db, file);
    migrate(db, ownMigrations, backup);
    migrate(db, streamMigrations, backup, 'sync');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Proved before anything is changed; made again after a power cut, it replaces the one before. */
function backUp(db: Database, file: string): void {
  const folder = join(dirname(file), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { day, time } = shanghai(lastChange(db));
  const copy = join(folder, `before-migration-${day}-${time.replaceAll(':', '')}.db`);
  const made = `${copy}.part`;
  rmSync(made, { force: true });
  db.prepare('VACUUM INTO ?').run(made);
  chmodSync(made, 0o600);
  proveCopy(made, () => undefined);
  nameCopy(made, copy, true);
}

/** The time of the newest audit line names the copy, so that no clock is needed here. */
const lastChange = (db: Database): number =>
  db.prepare<[], number>('SELECT coalesce(max(at), 0) FROM audit').pluck().get() ?? 0;
