import * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import { deviceNames } from '../cli/device-names.ts';
import { cardRequest, codeRequest, faultRequest, linkRequest, plugRequest } from './contract.ts';

/**
 * A scenario file: what is so at first, what a tester then does, and what is to be seen. The same file is played against a terminal in a test,
 * whose clock is turned, and against a running one, where waits take their time (`pos sim run FILE`). Times in milliseconds, amounts in fen.
 */

const text = v.pipe(v.string(), v.minLength(1));
const texts = v.union([text, v.pipe(v.array(text), v.minLength(1))]);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ms = v.pipe(count, v.maxValue(86_400_000));
const device = v.picklist(deviceNames);

const given = v.strictObject({
  /** Who stands at the counter; 01 when not given, with the first secrets of a simulated terminal. */
  operator: v.optional(v.picklist(['01', '00', '99']), '01'),
  /** The clock is moved on so far before anything else. */
  clock: v.optional(v.strictObject({ advanceMs: ms })),
  /** More of config.json: in a test the terminal is made with it, a running one must have it. */
  config: v.optional(v.record(v.string(), v.unknown()), {}),
  /** Held to the reader, or lying in it, from the beginning. */
  cards: v.optional(v.array(cardRequest), []),
  faults: v.optional(v.array(faultRequest), []),
  /** The link, and faults of the host. */
  host: v.optional(v.array(linkRequest), []),
});

/** One of them: */
const doing = v.union([
  /** Keys apart by blanks, digits together: `1 1100 ⏎`. Names: ⏎ 确认 Enter, 取消 Esc, 清除 Backspace, z (00), f 功能, ↑ ↓, `.`; `{stan}`: the newest payment's voucher */
  v.strictObject({ keys: text }),
  v.strictObject({ card: cardRequest }),
  v.strictObject({ remove: v.literal(true) }),
  v.strictObject({ pin: v.union([v.literal('cancel'), v.pipe(text, v.regex(/^\d{4,12}$/))]) }),
  v.strictObject({ code: codeRequest }),
  v.strictObject({ fault: faultRequest }),
  v.strictObject({ unplug: device }),
  v.strictObject({ plug: v.union([device, plugRequest]) }),
  /** No fault is left at the device: paper is loaded, the cover closed, the plug put back. */
  v.strictObject({ mend: device }),
  /** Everything good again, in one call; devices restart. */
  v.strictObject({ reset: v.literal(true) }),
  v.strictObject({ link: v.picklist(['offline', 'online']) }),
  v.strictObject({ host: linkRequest }),
  v.strictObject({ wait: ms }),
]);
export type Doing = v.InferOutput<typeof doing>;

/** All that is named must hold, at the same time, within `withinMs`. Slips, payments and wires count from the beginning of the file. */
const expecting = v.pipe(
  v.strictObject({
    /** Each stands in a row of the screen, which is in Chinese here. */
    screen: v.optional(texts),
    notOnScreen: v.optional(texts),
    display: v.optional(texts),
    slip: v.optional(
      v.strictObject({
        /** How many came out since the beginning. */
        count: v.optional(count),
        /** Of the newest one. */
        contains: v.optional(texts),
        absent: v.optional(texts),
        cut: v.optional(v.boolean()),
      }),
    ),
    ledger: v.optional(
      v.strictObject({
        /** Of the newest payment. */
        state: v.optional(text),
        amountFen: v.optional(count),
        code: v.optional(text),
        entry: v.optional(text),
        prints: v.optional(count),
        /** Payments made since the beginning. */
        payments: v.optional(count),
        /** By how much the open batch has grown. */
        batchFen: v.optional(v.pipe(v.number(), v.safeInteger())),
        batchRecords: v.optional(v.pipe(v.number(), v.safeInteger())),
        reversalsDue: v.optional(count),
      }),
    ),
    /** Words of the wire log; `out` is what the terminal sent. */
    wire: v.optional(
      v.strictObject({
        device,
        out: v.optional(texts),
        in: v.optional(texts),
        notOut: v.optional(texts),
        /** How many pieces with the words of `out` there were. */
        times: v.optional(count),
      }),
    ),
    /** The last tone. */
    beep: v.optional(v.picklist(['key', 'ok', 'error', 'wrong'])),
    device: v.optional(
      v.strictObject({ name: device, state: v.optional(text), problem: v.optional(v.nullable(text)) }),
    ),
    withinMs: v.optional(v.pipe(ms, v.minValue(1)), 10_000),
  }),
  v.check((one) => Object.keys(one).length > 1, 'nothing is expected'),
);
export type Expecting = v.InferOutput<typeof expecting>;

const step = v.union([v.strictObject({ do: doing }), v.strictObject({ expect: expecting })], 'do or expect');

const scenario = v.strictObject({
  name: v.strictObject({ zh: text, en: text }),
  given: v.optional(given, {}),
  steps: v.pipe(v.array(step), v.minLength(1)),
});
export type Scenario = v.InferOutput<typeof scenario>;
export type Step = v.InferOutput<typeof step>;

/** BAD_REQUEST, naming the place in the file. */
export function readScenario(json: unknown, file: string): Scenario {
  const parsed = v.safeParse(scenario, json);
  if (parsed.success) return parsed.output;
  throw new TerminalError('BAD_REQUEST', { what: `${file}: ${firstFault(parsed.issues)}` });
}

/** Of a union the alternative is shown that got furthest: its issue lies deepest. */
function firstFault(issues: readonly v.BaseIssue<unknown>[], before = ''): string {
  const [issue] = issues;
  if (!issue) return before;
  const path = [before, v.getDotPath(issue) ?? ''].filter(Boolean).join('.');
  const inner = issue.issues ?? [];
  const deepest = inner.toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0];
  if (deepest?.path) return firstFault([deepest], path);
  return `${path}: ${issue.message}`;
}
