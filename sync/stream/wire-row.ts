/** A row as both ends store it: the body is JSON text. */
export interface WireRow {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly body: string;
}

/** The payload of a `rows` message. The bodies go in as they are stored, so that a row sent again is the same to the byte. */
export const rowsPayload = (epoch: string, boot: string, rows: readonly WireRow[]): string =>
  `{"v":1,"epoch":"${epoch}","boot":"${boot}","rows":[${rows.map(tuple).join(',')}]}`;

const tuple = (row: WireRow): string =>
  `[${row.seq},${JSON.stringify(row.kind)},${JSON.stringify(row.id)},${row.body}]`;
