import { auditRows, newestAuditLine } from '../base/audit.ts';
import type { Changed } from './console-desk.ts';
import type { World } from './world.ts';

const all: readonly Changed[] = [
  'status',
  'settlements',
  'batches',
  'transactions',
  'differences',
  'statements',
  'exports',
  'users',
  'notices',
  'devices',
  'merchant',
];
/** These change without a line in the audit trail. */
const always: readonly Changed[] = ['status', 'devices', 'exports', 'notices'];

/** By an action, or else its first word; whatever is not here may concern everything. */
const byAction: Readonly<Record<string, readonly Changed[]>> = {
  settle: ['settlements', 'notices'],
  settlement: ['settlements', 'notices'],
  ticket: ['settlements'],
  batch: ['batches', 'transactions', 'settlements'],
  close: ['batches', 'transactions'],
  clear: ['batches', 'transactions', 'settlements'],
  sale: ['transactions', 'batches'],
  code: ['transactions', 'batches'],
  stored: ['transactions', 'batches'],
  void: ['transactions', 'batches'],
  preauth: ['transactions', 'batches'],
  completion: ['transactions', 'batches'],
  refund: ['transactions', 'batches', 'settlements'],
  reversal: ['transactions'],
  reprint: ['transactions'],
  freeze: ['transactions', 'settlements'],
  unfreeze: ['transactions', 'settlements'],
  invoice: ['transactions'],
  difference: ['differences', 'notices'],
  bill: ['differences', 'notices'],
  statement: ['statements', 'notices'],
  export: ['exports', 'notices'],
  user: ['users', 'merchant'],
  set: ['users'],
  log: ['users'],
  change: ['users'],
  add: ['users'],
  remove: ['users'],
  unlock: ['users'],
  begin: ['users'],
  end: ['users'],
  confirm: [],
  'close-ticket': ['settlements'],
  dispute: ['settlements'],
  'stop-settle': ['settlements'],
  'clearing-difference': ['differences', 'settlements'],
  'late-answer': ['transactions'],
  'red-invoice': ['transactions'],
  'own-secret': ['users'],
  'reset-secret': ['users'],
  'paper-statement': ['merchant'],
  'fetch-export': [],
  test: [],
  balance: [],
  drawer: [],
  lock: [],
  authorise: [],
  account: ['merchant', 'settlements'],
  mode: ['merchant', 'settlements'],
  profile: ['merchant'],
  apply: ['merchant', 'users'],
  parameters: ['merchant'],
};

const mostLines = 200;

/** Follows the audit trail, which has a line for nearly everything that a person could see: reading its end is cheap, and says what it was about. */
export function changesOf({ db }: Pick<World, 'db'>): { since(): readonly Changed[] } {
  let last = newestAuditLine(db);
  return {
    since() {
      if (!db.open) return [];
      const newest = newestAuditLine(db);
      const count = newest - last;
      last = newest;
      if (count > mostLines) return all;
      const lines = count > 0 ? auditRows(db, count) : [];
      const what = lines.flatMap(({ action }) => byAction[action] ?? byAction[action.split('-')[0] ?? ''] ?? all);
      return [...new Set([...always, ...what])];
    },
  };
}
