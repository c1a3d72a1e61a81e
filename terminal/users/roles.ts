import { TerminalError } from '../base/errors.ts';
import type { Role, User } from './user.ts';

/** The permission table of cross-cutting.md. What 00 authorises for a cashier (authorise-by-supervisor.ts) is made by the cashier. */
const permissions = {
  sale: ['C'],
  void: ['C'],
  refund: ['C', 'MO', 'M', 'O'],
  preauth: ['C'],
  'preauth-void': ['C'],
  completion: ['C'],
  'completion-void': ['C'],
  balance: ['C'],
  invoice: ['C', 'MO', 'M'],
  reprint: ['C', 'MO', 'M'],
  'sign-in': ['C', 'MO', 'M', 'O'],
  'sign-off': ['C', 'MO'],
  'close-batch': ['C', 'MO', 'M', 'O'],
  drawer: ['C', 'MO'],
  report: ['C', 'MO'],
  settle: ['MO', 'M', 'O'],
  'settle-mode': ['MO', 'M', 'O'],
  /** The first one, and the repair of an errored one (B-009, B-052). */
  'settle-account': ['MO', 'M', 'O'],
  profile: ['MO', 'M'],
  /** Whatever the console shows of the book. */
  look: ['MO', 'M', 'O'],
  differences: ['MO', 'O'],
  statements: ['MO', 'M', 'O'],
  users: ['MO', 'M'],
  shift: ['C'],
  operators: ['MO', 'M'],
  parameters: ['A'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

export const mayDo = (user: User, action: Action): boolean => permissions[action].some((role) => role === user.role);

/** Throws UNAUTHENTICATED when nobody is logged on, FORBIDDEN when the operator's role does not allow it. */
export function authorise(user: User | undefined, action: Action): asserts user is User {
  if (!user) throw new TerminalError('UNAUTHENTICATED');
  if (!mayDo(user, action)) throw new TerminalError('FORBIDDEN', { operator: user.no, action });
}
