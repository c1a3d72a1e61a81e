import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { type ExportAnswer, exportResult, exportsAnswer } from './book-contract.ts';
import { credentials } from './credentials.ts';
import { CommandFailed, type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import type { Days } from './statement.ts';
import { table } from './table.ts';
import { dayOf, numberOf } from './typed.ts';
import { counted, stateText } from './words.ts';

export interface ExportFlags extends Days {
  readonly about: string | undefined;
  readonly format: string;
  readonly out: string | undefined;
}

/** `pos export make`: waits until the file is made, then copies it out. */
export async function makeExport(run: Run, kind: string, flags: ExportFlags): Promise<ExitStatus> {
  const { about, format, out, from, to } = flags;
  const body = {
    kind,
    format,
    language: run.language,
    ...(from !== undefined && { from: dayOf(from) }),
    ...(to !== undefined && { to: dayOf(to) }),
    ...(about !== undefined && { about }),
  };
  refuseExisting(out);
  const raw = await run.client.post('/exports', { ...(await credentials(run)), ...body }, run.step);
  return keep(run, raw, out);
}

/** `pos export get`: once more, for as long as it is kept. */
export async function getExport(run: Run, typed: string, out: string | undefined): Promise<ExitStatus> {
  const id = numberOf(typed);
  refuseExisting(out);
  const raw = await run.client.post(`/exports/${id}/fetch`, await credentials(run), run.step);
  return keep(run, raw, out);
}

async function keep(run: Run, raw: unknown, out: string | undefined): Promise<ExitStatus> {
  const { export: made, file } = v.parse(exportResult, raw);
  if (file === undefined) {
    throw new CommandFailed({
      code: made.problem ?? made.state,
      exit: exitStatus.failed,
      zh: `${made.name} 未做成: ${made.problem ?? stateText(made.state, 'zh')}`,
      en: `${made.name} was not made: ${made.problem ?? stateText(made.state, 'en')}`,
      details: { id: made.id },
    });
  }
  const place = placeFor(out, made.name);
  await copy(file, place);
  const rows = made.rows ?? 0;
  await run.show({ kind: 'result', export: made, out: place }, () =>
    run.say(`已存到 ${place} (${rows} 行)`, `Saved as ${place} (${counted(rows, 'row')})`),
  );
  return exitStatus.ok;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** A file that is named, or its own name in a folder: the one that is named, else the one where the command runs. */
const placeFor = (out: string | undefined, name: string): string =>
  out === undefined || isFolder(out) ? join(out ?? '.', name) : out;

/** Said before anything is made. */
function refuseExisting(out: string | undefined): void {
  if (out !== undefined && existsSync(out) && !isFolder(out)) throw fileExists(out);
}

/** For the eyes of its owner; a file that is there is not touched. */
async function copy(from: string, to: string): Promise<void> {
  const target = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  let isOurs = false;
  target.once('open', () => {
    isOurs = true;
  });
  try {
    await pipeline(createReadStream(from), target);
  } catch (error) {
    if (isOurs) await unlink(to);
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? fileExists(to) : error;
  }
}

const fileExists = (path: string): CommandFailed =>
  new CommandFailed({
    code: 'FILE_EXISTS',
    exit: exitStatus.failed,
    zh: `文件已存在，请用 --out 另起名: ${path}`,
    en: `There is such a file; give another name with --out: ${path}`,
    details: { file: path },
  });

/** `pos export list`: the newest first. */
export async function listExports(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/exports?limit=${limit}`);
  const { exports } = v.parse(exportsAnswer, raw);
  const head = [run.say('编号', 'No'), run.say('状态', 'State'), run.say('行数', 'Rows'), run.say('名称', 'Name')];
  const row = (one: ExportAnswer) => [
    one.id,
    [stateText(one.state, run.language), one.problem ?? ''].filter(Boolean).join(' '),
    String(one.rows ?? one.done),
    one.name,
  ];
  await run.show(raw, () =>
    exports.length === 0 ? run.say('没有下载文件', 'No downloads') : table(head, exports.map(row), [2]),
  );
  return exitStatus.ok;
}
