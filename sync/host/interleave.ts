/**
 * In which order a terminal did what its rows tell: the rows that it sent and those from above that it applied are two streams, and what applied a row
 * from above left its trace in the rows sent. Pure.
 */

export interface SentRow {
  readonly kind: string;
  readonly id: string;
  readonly body: string;
  /** Of a `posted` row the row from above that caused it: `<kind> <id>`, or `seq <place in the host's outbox>`. */
  readonly causedBy: string | null;
}

export interface DownRowOut {
  /** Place in the host's outbox. */
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly body: string;
}

export type Happened =
  | { readonly is: 'up'; readonly row: SentRow }
  /** `at`: when it was applied, where a row sent tells. */
  | { readonly is: 'down'; readonly row: DownRowOut; readonly at: number | undefined }
  /** The first row that names this batch follows. */
  | { readonly is: 'batch'; readonly batch: string };

/** What of a row's body is looked at. */
interface Facts {
  readonly no?: string;
  readonly at?: number;
  readonly batch?: string;
  readonly nextBatch?: string;
  readonly rev?: number;
  readonly facts?: { readonly batch?: string | null; readonly rev?: number; readonly ticket?: string };
}

/**
 * The rows sent, each with the rows from above before it that it shows to have been applied; `applied`: how many of those from above, which are in order,
 * that were. The others follow as they are: if they were applied, nothing came of it that the host has heard of.
 */
export function interleave(
  sent: readonly SentRow[],
  down: readonly DownRowOut[],
): { readonly happened: readonly Happened[]; readonly applied: number } {
  const places = placesOf(down);
  const proofs = sent.map((row) => proofOf(row, places));
  const answeredAt = answers(proofs);
  const batches = new Set<string>();
  const happened: Happened[] = [];
  let applied = 0;
  const upTo = (place: number | undefined): void => {
    while (place !== undefined && applied <= place) {
      const row = down[applied++];
      if (row) happened.push({ is: 'down', row, at: timeOf(sent[answeredAt.get(applied - 1) ?? -1]) });
    }
  };
  for (const [index, row] of sent.entries()) {
    const body: Facts = JSON.parse(row.body);
    const batch = row.kind === 'posted' ? undefined : (body.facts?.batch ?? undefined);
    if (batch !== undefined && !batches.has(batch)) {
      batches.add(batch);
      upTo(places.get(`next-batch ${batch}`));
      happened.push({ is: 'batch', batch });
    }
    upTo(proofs[index]);
    if (row.kind === 'batch-totals') upTo(lastBefore(places.get(`first-verdict ${batch}`), applied, index, answeredAt));
    happened.push({ is: 'up', row });
  }
  return { happened, applied };
}

function timeOf(row: SentRow | undefined): number | undefined {
  const body: Facts = row === undefined ? {} : JSON.parse(row.body);
  return body.at;
}

/** For another epoch (merchant-records.ts): it proves nothing of when the terminal had it first. */
const isSentAgain = (id: string): boolean => /:e\d+$/.test(id);

/** Where the rows from above stand, by what a row sent may name of them. */
function placesOf(down: readonly DownRowOut[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, row] of down.entries()) {
    const body: Facts = JSON.parse(row.body);
    places.set(`seq ${row.seq}`, place);
    places.set(`${row.kind} ${row.id}`, place);
    if (row.kind === 'batch-verdict') {
      // After an error a second one brings what a person decided.
      if (!places.has(`first-verdict ${body.batch}`)) places.set(`first-verdict ${body.batch}`, place);
      places.set(`last-verdict ${body.batch}`, place);
    }
    if (row.kind === 'merchant-data' && !isSentAgain(row.id)) {
      // One change may be several rows.
      const rev = `rev ${body.rev}`;
      if ((places.get(rev) ?? place - 1) === place - 1) places.set(rev, place);
    }
    if (row.kind === 'batch-closed') places.set(`next-batch ${body.nextBatch}`, place);
  }
  return places;
}

/** The row from above without which this row would not have been sent. */
function proofOf(row: SentRow, places: ReadonlyMap<string, number>): number | undefined {
  const body: Facts = JSON.parse(row.body);
  switch (row.kind) {
    case 'posted':
      return row.causedBy === null ? undefined : places.get(row.causedBy);
    case 'batch-record':
    case 'batch-end':
      return places.get(`last-verdict ${body.facts?.batch}`);
    case 'difference-found':
      return places.get(`batch-cleared ${body.no}`);
    case 'settle':
      return places.get(`rev ${body.facts?.rev}`);
    case 'ticket-closed':
      return places.get(`ticket-answered ${body.facts?.ticket}:ANSWERED`);
    default:
      return undefined;
  }
}

/** For each row from above that was answered: the first row sent that shows it. */
function answers(proofs: readonly (number | undefined)[]): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const [index, place] of proofs.entries()) if (place !== undefined && !first.has(place)) first.set(place, index);
  return first;
}

/**
 * A batch is frozen when every instruction of it has its result: what came before the verdict was applied before, unless an answer that stands later shows
 * that it, and so what follows it, was not.
 */
function lastBefore(
  verdict: number | undefined,
  from: number,
  index: number,
  answeredAt: ReadonlyMap<number, number>,
): number | undefined {
  if (verdict === undefined) return undefined;
  let last: number | undefined;
  for (let place = from; place < verdict && (answeredAt.get(place) ?? 0) <= index; place++) last = place;
  return last;
}
