import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { present } from '../base/assert.ts';
import { shanghai } from '../base/clock.ts';
import { exportForms } from '../exports/check-query.ts';
import { exportKinds } from '../exports/export.ts';
import { type ExportAnswer, exportResult, exportsAnswer } from './book-contract.ts';
import { credentials, keyFor } from './credentials.ts';
import { CommandFailed, type ExitStatus, exitStatus, usage } from './failure.ts';
import { checkPlace, isStdout } from './place.ts';
import type { Run } from './run.ts';
import type { Days } from './statement.ts';
import { table } from './table.ts';
import { dayOf, numberOf } from './typed.ts';
import { counted, stateText } from './words.ts';

export interface ExportFlags extends Days {
  readonly about: string | undefined;
  readonly format: string;
  readonly out: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `pos export make`: waits until the file is made, then copies it out. */
export async function makeExport(run: Run, kind: string, flags: ExportFlags): Promise<ExitStatus> {
  const { format, out } = flags;
  const { about, from, to } = ofWhat(run, kind, flags);
  const body = {
    kind,
    format,
    language: run.language,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(about !== undefined && { about }),
  };
  checkOut(run, out);
  const who = await credentials(run);
  const idempotencyKey = keyFor(run, flags.idempotencyKey);
  const raw = await run.client.post('/exports', { ...who, ...body, idempotencyKey }, run.step);
  return keep(run, raw, out);
}

/** One thing, or days, which are today's unless told; a statement is not of today. */
function ofWhat(run: Run, kind: string, { about, from, to }: ExportFlags): Partial<Days> & { readonly about?: string } {
  const form =
    exportForms[
      present(
        exportKinds.find((one) => one === kind),
        'a kind that commander let through',
      )
    ];
  if (about !== undefined && form === 'days')
    throw usage(
      '--about 只用于 settlement-payments、batch、statement',
      '--about is for settlement-payments, batch and statement',
    );
  if (about !== undefined) return { about };
  if (form === 'thing') throw usage('请用 --about 给出编号', 'Give its number with --about');
  if (form === 'either' && from === undefined && to === undefined)
    throw usage('请用 --about 或 --from 给出日期', 'Give the day with --about or --from');
  const last = to === undefined ? shanghai(run.shell.clock.now()).day : dayOf(to);
  return { from: from === undefined ? last : dayOf(from), to: last };
}

/** `pos export get`: once more, for as long as it is kept. */
export async function getExport(run: Run, typed: string, out: string | undefined): Promise<ExitStatus> {
  const id = numberOf(typed);
  checkOut(run, out);
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
  const rows = made.rows ?? 0;
  if (isStdout(out)) {
    await run.shell.outFile(createReadStream(file));
    run.note(`${made.name} (${rows} 行)`, `${made.name} (${counted(rows, 'row')})`);
    return exitStatus.ok;
  }
  const place = placeFor(out, made.name);
  await copy(file, place);
  await run.show({ kind: 'result', export: made, out: place }, () =>
    run.say(`已存到 ${place} (${rows} 行)`, `Saved as ${place} (${counted(rows, 'row')})`),
  );
  return exitStatus.ok;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** A file that is named, or its own name in a folder: the one that is named, else the one where the command runs. */
const placeFor = (out: string | undefined, name: string): string =>
  out === undefined || isFolder(out) ? join(out ?? '.', name) : out;

function checkOut(run: Run, out: string | undefined): void {
  checkPlace(run, out === '-' ? out : placeFor(out, 'name'));
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
