import type { User } from '../users/user.ts';
import type { MenuName } from './desk-places.ts';
import type { Command, Effect, Idle, LogOn, Menu, Message, Place, Refusal } from './state.ts';
import { type Say, say } from './texts.ts';

/** An operation that nobody continues ends after a minute (faces.md, rule 6). */
export const operationMs = 60_000;
export const resultMs = 2_000;
/** A refusal, or a result with figures, has more to read. */
export const readMs = 10_000;
const noticeMs = 5_000;

/** What a step may know besides its place. `id`: the number that a command started now gets. */
export interface Moment {
  readonly now: number;
  readonly operator: User | undefined;
  readonly id: number;
}

export interface Next {
  readonly at: Place;
  readonly effects: readonly Effect[];
}

export const go = (at: Place, ...effects: readonly Effect[]): Next => ({ at, effects });

export const beep = (tone: 'ok' | 'error' | 'wrong'): Effect => ({ is: 'beep', tone });

/** A key that means nothing here. */
export const wrongKey = (at: Place): Next => go(at, beep('wrong'));

export const run = (at: Place, id: number, command: Command): Next => go(at, { is: 'run', id, command });

export const idle = (moment: Moment, notice?: Say): Idle => ({
  is: 'idle',
  notice,
  expiresMs: notice && moment.now + noticeMs,
});

export const menu = (moment: Moment, name: MenuName, page = 0): Menu => ({
  is: 'menu',
  menu: name,
  page,
  expiresMs: moment.now + operationMs,
});

/** `locked`: by this operator, whose number is already there. */
export const logOn = (locked?: User): LogOn => ({
  is: 'log-on',
  field: locked ? 'secret' : 'operator',
  operator: locked?.no ?? '',
  secret: '',
  locked: locked !== undefined,
  notice: undefined,
  expiresMs: undefined,
});

export const message = (moment: Moment, title: Say, lines: readonly Say[], next: Place, ms = readMs): Message => ({
  is: 'message',
  title,
  lines,
  next,
  expiresMs: moment.now + ms,
});

/** Something went wrong: the page says whom to call, too (B-042). */
export const fail = (moment: Moment, title: Say, lines: readonly Say[], next: Place, ms = readMs): Next =>
  go({ ...message(moment, title, lines, next, ms), isError: true }, beep('error'));

export const refusalText = ({ code, details }: Refusal): Say =>
  code === undefined ? say('error.system') : { error: code, details };

export const refuse = (moment: Moment, title: Say, refusal: Refusal, next: Place): Next =>
  fail(moment, refusal.code === undefined ? say('title.systemError') : title, [refusalText(refusal)], next);
