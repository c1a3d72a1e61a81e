import type { ShiftView } from '../flows/shift-slip.ts';
import type { Operator } from '../users/queries.ts';
import type { Expires } from './expires.ts';
import type { Say } from './texts.ts';

export type StaffPlace = StaffForm | Operators | HandOver;

/** `set`: the supervisor gives an operator a secret; `first`: one that somebody else chose is replaced at log-on. */
export type StaffFormName = 'add' | 'remove' | 'set' | 'own' | 'first';

export interface StaffForm extends Expires {
  readonly is: 'staff-form';
  readonly form: StaffFormName;
  /** Who fills it in. */
  readonly operator: string;
  /** Only of `first`. */
  readonly old: string;
  /** One row after the other; the last one is being typed. */
  readonly typed: readonly string[];
  readonly notice: Say | undefined;
}

export interface Operators extends Expires {
  readonly is: 'operators';
  readonly rows: readonly Operator[];
  readonly page: number;
}

/** 交班: what the shift came to; 确认 ends it. */
export interface HandOver extends Expires {
  readonly is: 'hand-over';
  readonly shift: ShiftView;
  /** 0: the sums; then the types and instruments. */
  readonly page: number;
}
