import * as v from 'valibot';
import { exportKinds } from '../exports/export.ts';
import type { DeviceView } from '../flows/attached-devices.ts';
import type { BatchView } from '../flows/batch-desk.ts';
import type { AuditEntry, Changed, Overview, ParameterRow, TimelineEntry, TodoItem } from '../flows/console-desk.ts';
import type { SetUpState } from '../flows/console-user.ts';
import type { ConsoleUserView } from '../flows/console-user-desk.ts';
import type { TransactionView } from '../flows/counter.ts';
import type { ExportView } from '../flows/export-desk.ts';
import type { NoticeView } from '../flows/notice-desk.ts';
import type { DifferenceView, RunView } from '../flows/reconciliation-desk.ts';
import type {
  ApplicationView,
  SettledPayments,
  SettlementDetail,
  SettlementHome,
  TicketView,
} from '../flows/settlement-desk.ts';
import type { Report, StatementView } from '../flows/statement-desk.ts';
import type { StatementLine } from '../settlement/statement.ts';

export type {
  AuditEntry,
  Changed,
  Overview,
  ParameterRow,
  TimelineEntry,
  TodoItem,
} from '../flows/console-desk.ts';

/**
 * What the console's pages and its server say to each other, under `/api`. Every answer is JSON; a refusal is `{"error":{code,zh,en,details}}` with the status of its code. Every command is
 * a POST with the headers `X-CSRF-Token` (from the session) and `Idempotency-Key`; those that move money or change a setting bring the user's `secret` again. What a page
 * asks by itself carries `X-Background: 1`, which keeps no session alive. Amounts are fen,
 * times milliseconds since 1970. Pages import this file for its types only.
 */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const optionalText = v.optional(v.nullable(v.pipe(v.string(), v.maxLength(200))));
const word = v.pipe(v.string(), v.regex(/^[\w:.-]{1,40}$/));
const longText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(2_000));
const fen = v.pipe(v.number(), v.safeInteger());
const day = v.pipe(v.string(), v.isoDate());
const login = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]{2,31}$/));
const password = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const secret = { secret: password };
const cycle = v.variant('every', [
  v.strictObject({ every: v.literal('DAILY') }),
  v.strictObject({ every: v.literal('WEEKLY'), weekday: v.picklist([1, 2, 3, 4, 5, 6, 7]) }),
  v.strictObject({ every: v.literal('MONTHLY'), monthDay: v.pipe(fen, v.minValue(1), v.maxValue(28)) }),
]);

/** The bodies of commands, by path (`:x` is a part of the path that the caller fills in). */
export const commands = {
  '/set-up': v.strictObject({ code: text, login, name: text, password }),
  '/log-in': v.strictObject({ login: text, password }),
  '/log-out': v.strictObject({}),
  '/own-secret': v.strictObject({ ...secret, newSecret: password }),
  '/settlement/mode': v.strictObject({ ...secret, mode: text, cycle: v.optional(cycle) }),
  '/settlement/account': v.strictObject({
    ...secret,
    name: v.string(),
    number: v.string(),
    id: v.string(),
    bank: v.string(),
    destination: v.picklist(['bank', 'payment']),
  }),
  '/settlement/profile': v.strictObject({
    ...secret,
    email: optionalText,
    mobile: optionalText,
    address: optionalText,
    contact: optionalText,
    agreement: v.optional(text),
    remindFromFen: v.optional(fen),
  }),
  '/settlement/paper-statement': v.strictObject({ month: text, address: v.optional(text) }),
  '/settlements': v.strictObject({
    ...secret,
    amountFen: fen,
    seenAvailableFen: fen,
    accountVersion: fen,
  }),
  '/settlements/:no/stop': v.strictObject({}),
  '/settlements/:no/check': v.strictObject({}),
  '/settlements/:no/dispute': v.strictObject({ payment: v.optional(text), text: longText }),
  '/tickets/:no/close': v.strictObject({}),
  '/batches/close': v.strictObject(secret),
  '/differences/:no/examine': v.strictObject({
    finding: v.picklist(['investigating', 'explained']),
    text: v.pipe(v.string(), v.maxLength(200)),
  }),
  '/exports': v.strictObject({
    kind: v.picklist(exportKinds),
    format: v.picklist(['csv', 'xlsx', 'html']),
    from: v.optional(day),
    to: v.optional(day),
    about: v.optional(text),
    filter: v.optional(
      v.strictObject({
        type: v.optional(word),
        state: v.optional(word),
        operator: v.optional(word),
        stan: v.optional(v.pipe(v.string(), v.regex(/^\d{6}$/))),
        minFen: v.optional(fen),
        maxFen: v.optional(fen),
      }),
    ),
    language: v.picklist(['zh', 'en']),
  }),
  '/users': v.strictObject({
    ...secret,
    login,
    name: text,
    role: v.picklist(['M', 'O', 'MO', 'S']),
    state: v.picklist(['ACTIVE', 'REMOVED']),
  }),
  '/users/:login/code': v.strictObject(secret),
  '/devices/:name/test': v.strictObject({}),
  '/notices/read': v.strictObject({ ids: v.pipe(v.array(fen), v.maxLength(500)) }),
} as const;
export type CommandPath = keyof typeof commands;
export type CommandBody<P extends CommandPath> = v.InferInput<(typeof commands)[P]>;

/** What a command answers; the others answer `{}`. */
export interface CommandAnswers {
  '/set-up': Session;
  '/log-in': Session;
  '/settlement/mode': ApplicationView;
  '/settlement/account': ApplicationView;
  '/settlement/profile': ApplicationView;
  '/settlement/paper-statement': ApplicationView;
  '/settlements': SettlementDetail;
  '/settlements/:no/dispute': TicketView;
  '/exports': ExportView;
  '/users': ApplicationView;
  '/users/:login/code': { readonly code: string; readonly validUntil: number };
  '/devices/:name/test': { readonly zh: string; readonly en: string };
}

/** What is read, by path. A list takes `limit` (1 to 200) and, where more may follow, `before` or `after` with the number of the last one seen. */
export interface Answers {
  '/session': Session;
  '/overview': Overview;
  '/settlement/home': SettlementHome;
  '/settlement/applications': { readonly applications: readonly ApplicationView[] };
  '/settlements': { readonly settlements: readonly SettlementDetail[] };
  '/settlements/:no': { readonly settlement: SettlementDetail; readonly tickets: readonly TicketView[] };
  '/settlements/:no/payments': SettledPayments;
  '/tickets': { readonly tickets: readonly TicketView[] };
  '/batches': { readonly batches: readonly BatchView[] };
  '/batches/:no': { readonly batch: BatchView };
  /** `from`, `to` (days), `type`, `state`, `operator`, `stan`, `minFen`, `maxFen`. */
  '/transactions': { readonly transactions: readonly TransactionView[] };
  '/transactions/:payment': { readonly transaction: TransactionView; readonly timeline: readonly TimelineEntry[] };
  '/todo': Todo;
  '/reconciliation': { readonly runs: readonly RunView[] };
  /** `open=1`: only what is not decided. */
  '/differences': { readonly differences: readonly DifferenceView[] };
  /** `from`, `to`. */
  '/statements': { readonly statements: readonly StatementView[] };
  '/statements/:date': { readonly head: StatementView; readonly lines: readonly StatementLine[] };
  '/report': Report;
  '/exports': { readonly exports: readonly ExportView[] };
  '/users': { readonly users: readonly ConsoleUserView[]; readonly applications: readonly ApplicationView[] };
  '/operators': {
    readonly operators: readonly {
      readonly no: string;
      readonly role: string;
      readonly locked: boolean;
      readonly inShift: boolean;
    }[];
  };
  '/parameters': { readonly rev: number; readonly parameters: readonly ParameterRow[] };
  /** `by`. `brokenAt`: the first line that does not follow from the one before. */
  '/audit': {
    readonly lines: readonly AuditEntry[];
    readonly intact: boolean;
    readonly brokenAt: number | undefined;
  };
  '/devices': { readonly devices: readonly DeviceView[] };
  '/notices': { readonly notices: readonly NoticeView[]; readonly unread: number };
}
export type AnswerPath = keyof Answers;

/** Also what a page asks first; `user` is missing until somebody logged in. */
export interface Session {
  readonly user: { readonly login: string; readonly name: string; readonly role: 'M' | 'O' | 'MO' | 'S' } | undefined;
  readonly csrf: string;
  /** Nobody has a secret here yet: a set-up code is needed. */
  readonly needsSetUp: boolean;
  /** Of who set up the console and is no user yet. One who was refused needs another code (`pos console code`); a later user comes from the main account. */
  readonly setUp?: SetUpState | undefined;
  readonly language: 'zh' | 'en';
  readonly simulated: boolean;
  readonly merchantName: string;
  readonly merchant: string;
  readonly terminal: string;
  readonly version: string;
  /** Of the terminal's book. */
  readonly schema: number;
  readonly hotline: string;
  /** The bench page of this terminal, in simulated mode. */
  readonly bench: string | undefined;
}

export interface Todo {
  readonly items: readonly TodoItem[];
}

/** What `GET /api/events` sends (server-sent events): which lists may have changed since; pages ask again. `progress`: a batch close or an export under way. */
export type ConsoleEvent =
  | { readonly event: 'changed'; readonly data: { readonly what: readonly Changed[] } }
  | {
      readonly event: 'progress';
      readonly data: {
        readonly of: 'batch-close' | 'export';
        readonly no: string;
        readonly at: string;
        readonly done: number | undefined;
        readonly total: number | undefined;
        /** Of a close that is over. */
        readonly balanced?: boolean | undefined;
        readonly printProblem?: string | undefined;
      };
    };
