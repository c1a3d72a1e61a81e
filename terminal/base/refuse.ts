import * as v from 'valibot';
import { AssertionFailed } from './assert.ts';
import { errorTable } from './error-table.ts';
import { errorBody, TerminalError } from './errors.ts';
import type { Log } from './log.ts';

export interface BugReport {
  readonly log: Log;
  /** A failed assert: the request is answered and logged, and the process should stop (design.md, rule 3). */
  readonly onBug: (error: AssertionFailed) => void;
}

/** HTTP status and body for what was thrown: a refusal in its own words; anything else is logged, and the caller learns only that. */
export function refusalOf(error: unknown, about: string, { log, onBug }: BugReport) {
  if (error instanceof TerminalError)
    return { status: errorTable[error.code].status, error: errorBody(error) } as const;
  log('error', 'request-failed', {
    about,
    error: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
  });
  if (error instanceof AssertionFailed) onBug(error);
  return { status: 500, error: internal } as const;
}

const internal = {
  code: 'INTERNAL',
  zh: '终端内部错误，详见日志',
  en: 'Internal error of the terminal; see its log',
  details: {},
} as const;

/** Throws BAD_REQUEST, which names the place and what belongs there, never the value: it could be a secret. */
export function checked<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new TerminalError('BAD_REQUEST', {
    what: `${v.getDotPath(issue) ?? 'body'}: ${issue.expected ?? issue.message}`,
  });
}

/** BAD_REQUEST as soon as there are more than `maxBytes`; the rest is not kept. */
export async function wholeText(body: AsyncIterable<Uint8Array> | null, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TerminalError('BAD_REQUEST', { what: `body: at most ${maxBytes} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TerminalError('BAD_REQUEST', { what: 'JSON' });
  }
}
