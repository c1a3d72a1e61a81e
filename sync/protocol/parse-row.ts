import * as v from 'valibot';
import { type DownRow, downRows, type UpRow, upRows } from './rows.ts';

/** A row as it stands in a `rows` message: seq, kind, id, body. */
export type RowOnWire = readonly [seq: number, kind: string, id: string, body: unknown];

/** Why a row is poison; `error` names the place, never a value. */
export interface RowProblem {
  readonly code: 'UNKNOWN_KIND' | 'BAD_BODY';
  readonly error: string;
}

export type ParsedRow<R> =
  | { readonly ok: true; readonly row: R }
  | { readonly ok: false; readonly problem: RowProblem };

/** Checks a row against the contract of its kind; unknown fields are dropped. */
export const parseUpRow = (row: RowOnWire): ParsedRow<UpRow> => parse<UpRow>(upRows, row);
export const parseDownRow = (row: RowOnWire): ParsedRow<DownRow> => parse<DownRow>(downRows, row);

function parse<R extends UpRow | DownRow>(
  table: Readonly<Record<string, v.GenericSchema>>,
  [seq, kind, id, body]: RowOnWire,
): ParsedRow<R> {
  const schema = Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (!schema) return { ok: false, problem: { code: 'UNKNOWN_KIND', error: kind.slice(0, 40) } };
  const parsed = v.safeParse(schema, body, { abortEarly: true });
  if (parsed.success) return { ok: true, row: { seq, kind, id, body: parsed.output } as R };
  const [issue] = parsed.issues;
  return { ok: false, problem: { code: 'BAD_BODY', error: `${v.getDotPath(issue) ?? ''}: ${issue.type}` } };
}
