import { present } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { isLocked } from './log-on.ts';
import { allUsers, triesOf } from './store.ts';
import { type User, userOf } from './user.ts';

/** 查询柜员: the operators by number, and which of them are locked out now. */
export const operators = (db: Database, clock: Clock): readonly (User & { readonly locked: boolean })[] =>
  allUsers(db).map((no) => ({
    ...present(userOf(no), 'the role of an operator'),
    locked: isLocked(triesOf(db, no), clock.now()),
  }));
