import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../terminal/config.ts';
import { exportDesk } from '../../../terminal/flows/export.ts';
import type { ExportAsk, ExportDesk, ExportView } from '../../../terminal/flows/export-desk.ts';
import type { Library } from '../../../terminal/flows/export-rows.ts';
import { makeExports } from '../../../terminal/flows/make-export.ts';
import { newSession } from '../../../terminal/flows/world.ts';
import type { User } from '../../../terminal/users/user.ts';
import { newTill, type Till } from '../till.ts';

export const settler: User = { no: 'wang', role: 'O' };

/** A book in a file, and a desk that makes files of it; no devices, no link. */
export interface TestLibrary extends Till {
  readonly world: Library & Till;
  readonly desk: ExportDesk;
  /** Asks and makes; the job as it ended. */
  make(ask: Partial<ExportAsk>): Promise<ExportView>;
  /** The same, and the file as text. */
  text(ask: Partial<ExportAsk>): Promise<string>;
  close(): void;
}

export const day = '2026-11-20';

export function newLibrary(): TestLibrary {
  const home = mkdtempSync(join(tmpdir(), 'pos-exports-'));
  const till = newTill(undefined, join(home, 'terminal.db'));
  const world = { ...till, home, config: readConfig({}), log: () => {}, session: newSession() };
  const desk = exportDesk(world);
  const make = async (ask: Partial<ExportAsk>): Promise<ExportView> => {
    const { id } = desk.begin(settler, {
      kind: 'transactions',
      format: 'csv',
      language: 'zh',
      from: day,
      to: day,
      ...ask,
    });
    await makeExports(world, new AbortController().signal);
    const made = desk.list(settler, 100).find((job) => job.id === id);
    if (!made) throw new Error('the job is gone');
    return made;
  };
  return {
    ...till,
    world,
    desk,
    make,
    text: async (ask) => readFileSync(desk.open(settler, (await make(ask)).id).file, 'utf8'),
    close() {
      till.db.close();
      rmSync(home, { recursive: true });
    },
  };
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** RFC 4180: quotes may hold commas, lines and quotes. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  for (const line of text.replace(/^\ufeff/, '').match(/(?:"(?:[^"]|"")*"|[^"\r])+?\r\n/g) ?? [])
    rows.push(
      [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
  return rows;
}
