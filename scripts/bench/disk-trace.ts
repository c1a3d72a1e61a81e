import { openSync, readFileSync, writeSync } from 'node:fs';

/** What a process did to the files of its book, in order (disk-shim.c), and when it told somebody of what. */
export type Act =
  /** A name that was not there is new. Names are below the home folder; the folder itself is ''. */
  | { readonly is: 'opened'; readonly name: string; readonly file: number; readonly isFolder: boolean }
  | { readonly is: 'written'; readonly file: number; readonly at: number; readonly data: Buffer }
  | { readonly is: 'resized'; readonly file: number; readonly size: number }
  | { readonly is: 'synced'; readonly file: number }
  | { readonly is: 'unlinked'; readonly name: string }
  | { readonly is: 'renamed' | 'linked'; readonly name: string; readonly to: string }
  | { readonly is: 'told'; readonly facts: readonly Fact[] };

/** From now on whoever opens the book must find this row, in one of these states; `any`: in whatever state. */
export interface Fact {
  readonly table: 'payment' | 'refund' | 'batch' | 'settlement' | 'outbox';
  readonly no: string;
  readonly states: readonly string[] | 'any';
}

const headBytes = 32;
const told = 8;
const codes = ['opened', 'written', 'resized', 'synced', 'unlinked', 'renamed', 'linked'] as const;

/** For the recorded process: says in its own trace what it has just told the cashier. */
export interface Teller {
  tell(facts: readonly Fact[]): void;
}

/** Open until the process ends. */
export function openTeller(file: string): Teller {
  const fd = openSync(file, 'a', 0o600);
  return {
    tell(facts) {
      const data = Buffer.from(JSON.stringify(facts));
      const head = Buffer.alloc(headBytes);
      head.writeUInt32LE(told, 0);
      head.writeUInt32LE(data.length, 24);
      writeSync(fd, Buffer.concat([head, data]));
    },
  };
}

export function readTrace(file: string): readonly Act[] {
  const bytes = readFileSync(file);
  const acts: Act[] = [];
  for (let at = 0; at < bytes.length; ) {
    const nameAt = at + headBytes;
    const dataAt = nameAt + bytes.readUInt32LE(at + 4);
    const end = dataAt + bytes.readUInt32LE(at + 24);
    if (end > bytes.length) throw new RangeError(`${file}: the last record is cut off`);
    acts.push(act(bytes.subarray(at, nameAt), bytes.toString('utf8', nameAt, dataAt), bytes.subarray(dataAt, end)));
    at = end;
  }
  return acts;
}

function act(head: Buffer, name: string, data: Buffer): Act {
  const code = head.readUInt32LE(0);
  const file = Number(head.readBigUInt64LE(8));
  const at = Number(head.readBigUInt64LE(16));
  if (code === told) return { is: 'told', facts: JSON.parse(data.toString('utf8')) };
  const is = codes[code - 1];
  switch (is) {
    case 'opened':
      return { is, name, file, isFolder: head.readUInt32LE(28) === 1 };
    case 'written':
      return { is, file, at, data };
    case 'resized':
      return { is, file, size: at };
    case 'synced':
      return { is, file };
    case 'unlinked':
      return { is, name };
    case 'renamed':
    case 'linked':
      return { is, name, to: data.toString('utf8') };
    default:
      throw new RangeError(`no such record: ${code}`);
  }
}
