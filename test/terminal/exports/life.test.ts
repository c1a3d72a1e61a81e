import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditRows } from '../../../terminal/base/audit.ts';
import { type CrashPoint, hearPoints } from '../../../terminal/base/crash-points.ts';
import { checkRows } from '../../../terminal/exports/check-query.ts';
import { mostXlsxRows } from '../../../terminal/exports/xlsx-file.ts';
import { exportDesk } from '../../../terminal/flows/export.ts';
import type { ExportAsk } from '../../../terminal/flows/export-desk.ts';
import { makeExports } from '../../../terminal/flows/make-export.ts';
import { noticeDesk } from '../../../terminal/flows/notice.ts';
import type { User } from '../../../terminal/users/user.ts';
import { refusal } from '../../support/refusal.ts';
import { sell } from '../till.ts';
import { day, newLibrary, settler, type TestLibrary } from './library.ts';

let library: TestLibrary;
beforeEach(() => {
  library = newLibrary();
});
afterEach(() => {
  hearPoints(undefined);
  library.close();
});

const ask: ExportAsk = { kind: 'transactions', format: 'csv', from: day, to: day, language: 'zh' };
const begin = (change: Partial<ExportAsk> = {}, by: User = settler) => library.desk.begin(by, { ...ask, ...change });
const work = (): Promise<void> => makeExports(library.world, new AbortController().signal);
const states = (): readonly string[] => library.desk.list(settler, 10).map(({ state }) => state);
const folder = (): string => join(library.world.home, 'exports');

/** Writes nonsense over the first page of the trail. */
function damageAudit(): void {
  const { db } = library;
  const page = Number(db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").pluck().get());
  db.pragma('wal_checkpoint(TRUNCATE)');
  const file = openSync(db.name, 'r+');
  writeSync(file, Buffer.alloc(4_096, 0x55), 0, 4_096, (page - 1) * 4_096);
  closeSync(file);
}

describe('a job', () => {
  test('N-05: goes from QUEUED to READY, and tells who asked for it, alone', async () => {
    sell(library, 10_000);
    expect(begin()).toMatchObject({ state: 'QUEUED', name: '交易明细 2026-11-20.csv', by: 'wang', of: 1 });
    await work();
    const [made] = library.desk.list(settler, 10);
    expect(made).toMatchObject({
      state: 'READY',
      rows: 1,
      done: 1,
      of: 1,
      validUntil: library.clock.now() + 7 * 86_400_000,
    });
    const seen = (by: User) => noticeDesk(library.world).list(by, 10).notices;
    expect(seen(settler)).toMatchObject([
      {
        text: 'N-05',
        about: made?.id,
        zh: '导出文件“交易明细 2026-11-20.csv”已生成，7天内可下载',
        level: 'info',
        sent: [],
      },
    ]);
    expect(seen({ no: 'boss', role: 'M' })).toEqual([]);
  });

  test('its file is named by an id, and nobody else on this machine may read it', async () => {
    const { id } = begin({ kind: 'audit' });
    await work();
    const { file, name, type, bytes } = library.desk.open(settler, id);
    expect(file).toBe(join(folder(), id));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect({ name, type, bytes }).toEqual({
      name: '审计记录 2026-11-20.csv',
      type: 'text/csv; charset=utf-8',
      bytes: statSync(file).size,
    });
  });

  test('is valid for seven days; then its file is gone and it is EXPIRED', async () => {
    const { id } = begin();
    await work();
    const { file } = library.desk.open(settler, id);
    await library.clock.advance(7 * 86_400_000 - 1);
    expect(library.desk.open(settler, id).file).toBe(file);
    await library.clock.advance(1);
    expect(await refusal(() => library.desk.open(settler, id))).toBe('ILLEGAL_STATE');
    await work();
    expect(existsSync(file)).toBe(false);
    expect(states()).toEqual(['EXPIRED']);
  });

  test.each(['export.running', 'export.made'] as const)(
    'whose process died at %s is made anew, whole',
    async (point) => {
      sell(library, 10_000);
      const { id } = begin();
      const cut = new AbortController();
      hearPoints((reached: CrashPoint) => {
        if (reached === point) throw new Error('the power is cut');
      });
      await expect(makeExports(library.world, cut.signal)).rejects.toThrow('the power is cut');
      hearPoints(undefined);
      expect(states()).toEqual(['RUNNING']);
      mkdirSync(folder(), { recursive: true });
      writeFileSync(join(folder(), `${id}.part`), 'half');
      await work();
      expect(states()).toEqual(['READY']);
      expect(readdirSync(folder())).toEqual([id]);
      expect(noticeDesk(library.world).list(settler, 10).notices).toHaveLength(1);
    },
  );

  test('that is stopped in the middle waits for the next start', async () => {
    begin();
    const stop = new AbortController();
    hearPoints((reached) => {
      if (reached === 'export.running') stop.abort();
    });
    sell(library, 100);
    await makeExports(library.world, stop.signal);
    hearPoints(undefined);
    expect(states()).toEqual(['QUEUED']);
    await work();
    expect(states()).toEqual(['READY']);
  });

  test('whose process died over it twice is FAILED, and stops no start again', async () => {
    const { id } = begin();
    await library.clock.advance(1);
    begin({ kind: 'audit' });
    for (let start = 0; start < 2; start++) {
      hearPoints((reached) => {
        if (reached === 'export.running') throw new Error('the power is cut');
      });
      await expect(work()).rejects.toThrow('the power is cut');
    }
    hearPoints(undefined);
    await work();
    const [other, job] = library.desk.list(settler, 10);
    expect(job).toMatchObject({ id, state: 'FAILED', problem: 'NEEDS_HUMAN' });
    expect(other).toMatchObject({ state: 'READY' });
  });

  const troubles: readonly (readonly [string, string, () => void])[] = [
    ['whose folder is a file', 'DEVICE_FAULT', () => writeFileSync(folder(), '')],
    ['whose table is damaged', 'DATABASE_CORRUPT', damageAudit],
    [
      'that our own program fails over',
      'NEEDS_HUMAN',
      () => library.db.exec('ALTER TABLE audit RENAME COLUMN about TO x'),
    ],
  ];
  test.each(troubles)('%s is FAILED with %s, and the process goes on', async (_, problem, trouble) => {
    begin({ kind: 'audit' });
    trouble();
    await work();
    expect(library.desk.list(settler, 10)).toMatchObject([{ state: 'FAILED', problem }]);
  });

  test('what cannot be removed from the folder stops nothing', async () => {
    const { id } = begin();
    await work();
    rmSync(join(folder(), id));
    mkdirSync(join(folder(), id));
    await library.clock.advance(7 * 86_400_000);
    await work();
    expect(states()).toEqual(['EXPIRED']);
  });

  test('READY files are kept up to a size; the oldest make room', async () => {
    const ids: string[] = [];
    for (const kind of ['audit', 'settlements', 'differences'] as const) {
      ids.push(begin({ kind }).id);
      await work();
      library.db.prepare("UPDATE export SET bytes = 300 << 20 WHERE state = 'READY'").run();
      await library.clock.advance(1_000);
    }
    expect(states()).toEqual(['READY', 'READY', 'EXPIRED']);
    expect(readdirSync(folder()).toSorted()).toEqual(ids.slice(1));
  });

  test('so many READY files are kept, and no more', async () => {
    for (let round = 0; round < 11; round++) {
      for (let n = 0; n < 10; n++) begin({ kind: 'settlements' });
      await work();
      await library.clock.advance(1_000);
    }
    expect(readdirSync(folder())).toHaveLength(100);
  });

  test('that the disk has no room for is FAILED, and says so', async () => {
    mkdirSync(folder(), { mode: 0o700 });
    const { id } = begin();
    // Every write to it says ENOSPC.
    const full = join(folder(), `${id}.part`);
    hearPoints((reached) => {
      if (reached === 'export.running') symlinkSync('/dev/full', full);
    });
    await work();
    expect(library.desk.list(settler, 10)).toMatchObject([{ state: 'FAILED', problem: 'DISK_FULL' }]);
    expect(readdirSync(folder())).toEqual([]);
    expect(await refusal(() => library.desk.open(settler, id))).toBe('ILLEGAL_STATE');
  });

  test('one after the other, the oldest first', async () => {
    const ids: string[] = [];
    for (const change of [{}, { kind: 'audit' }, { format: 'html' }] as const) {
      ids.push(begin(change).id);
      await library.clock.advance(1);
    }
    const order: string[] = [];
    hearPoints((reached) => {
      if (reached === 'export.running')
        order.push(library.desk.list(settler, 10).find(({ state }) => state === 'RUNNING')?.id ?? '');
    });
    await work();
    expect(order).toEqual(ids);
    expect(states()).toEqual(['READY', 'READY', 'READY']);
  });
});

describe('refused, with one line in the audit trail', () => {
  const cashier: User = { no: '01', role: 'C' };
  const service: User = { no: 'kefu', role: 'S' };
  const refused: readonly (readonly [string, Partial<ExportAsk>, User, string])[] = [
    ['a cashier', {}, cashier, 'FORBIDDEN'],
    ['customer service', { kind: 'settlements' }, service, 'FORBIDDEN'],
    ['an administrator', { kind: 'audit' }, { no: '99', role: 'A' }, 'FORBIDDEN'],
    ['days the wrong way round', { from: '2026-11-21', to: '2026-11-20' }, settler, 'INVALID_RANGE'],
    ['no day', { from: undefined, to: undefined }, settler, 'INVALID_RANGE'],
    ['a day that is not', { from: '2026-02-30', to: '2026-03-01' }, settler, 'INVALID_RANGE'],
    ['more than 366 days', { from: '2025-01-01', to: '2026-01-02' }, settler, 'EXPORT_RANGE_TOO_LARGE'],
    ['a batch that is not', { kind: 'batch', about: '999999' }, settler, 'NOT_FOUND'],
    ['a settlement that is not', { kind: 'settlement-payments', about: 'nothing' }, settler, 'NOT_FOUND'],
    ['a path for a batch', { kind: 'batch', about: '../terminal.db' }, settler, 'BAD_REQUEST'],
  ];
  test.each(refused)('P-06: %s', async (_, change, by, code) => {
    const before = auditRows(library.db, 100).length;
    expect(await refusal(() => begin(change, by))).toBe(code);
    expect(library.db.prepare('SELECT count(*) FROM export').pluck().get()).toBe(0);
    const [line, ...others] = auditRows(library.db, 100);
    expect(line).toMatchObject({ by: by.no, action: 'export', outcome: 'refused', details: { code } });
    expect(others).toHaveLength(before);
  });

  test('366 days are allowed', () => {
    expect(begin({ from: '2025-11-20', to: '2026-11-20' })).toMatchObject({ state: 'QUEUED' });
  });

  test('a sheet of XLSX has 1,048,576 rows, with its head and totals', async () => {
    expect(mostXlsxRows + 2).toBe(1_048_576);
    expect(await refusal(() => checkRows({ format: 'xlsx' }, mostXlsxRows))).toBe('not refused');
    expect(await refusal(() => checkRows({ format: 'xlsx' }, mostXlsxRows + 1))).toBe('EXPORT_RANGE_TOO_LARGE');
    expect(await refusal(() => checkRows({ format: 'csv' }, 5_000_000))).toBe('not refused');
  });

  test('the role is looked at when it is fetched, too', async () => {
    const { id } = begin();
    await work();
    expect(await refusal(() => library.desk.open(cashier, id))).toBe('FORBIDDEN');
    expect(await refusal(() => library.desk.open({ no: 'wang', role: 'S' }, id))).toBe('FORBIDDEN');
    expect(library.desk.list(cashier, 10)).toEqual([]);
    expect(library.desk.open({ no: 'boss', role: 'M' }, id).bytes).toBeGreaterThan(0);
  });

  test.each(['../../etc/passwd', '..', '', 'terminal.db', '%2e%2e'])('no path leads anywhere: %j', async (id) => {
    begin();
    await work();
    expect(await refusal(() => library.desk.open(settler, id))).toBe('NOT_FOUND');
  });

  test('more than twenty that wait', async () => {
    for (let n = 0; n < 20; n++) begin();
    expect(await refusal(() => begin())).toBe('ILLEGAL_STATE');
  });
});

describe('B-051: the number of a request', () => {
  const key = 'export-page-1';

  test('makes one file, however often it comes, also after a restart', async () => {
    const first = library.desk.begin(settler, ask, key);
    expect(library.desk.begin(settler, ask, key)).toEqual(first);
    await work();
    expect(exportDesk(library.world).begin(settler, ask, key)).toMatchObject({ id: first.id, state: 'READY' });
    expect(library.desk.list(settler, 10)).toHaveLength(1);
    expect(auditRows(library.db, 100).filter(({ action }) => action === 'export')).toHaveLength(1);
  });

  test('is another one for another user, and for other content a conflict', async () => {
    const { id } = library.desk.begin(settler, ask, key);
    expect(library.desk.begin({ no: 'boss', role: 'M' }, ask, key).id).not.toBe(id);
    expect(await refusal(() => library.desk.begin(settler, { ...ask, format: 'html' }, key))).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(library.desk.list(settler, 10)).toHaveLength(2);
  });
});

test('one is found by its number, by who may have it', async () => {
  const { id } = begin();
  for (let n = 0; n < 5; n++) begin({ kind: 'audit' });
  expect(library.desk.byNo(settler, id)).toMatchObject({ id, state: 'QUEUED' });
  expect(await refusal(() => library.desk.byNo({ no: '01', role: 'C' }, id))).toBe('FORBIDDEN');
  expect(await refusal(() => library.desk.byNo(settler, 'none'))).toBe('NOT_FOUND');
});

test('the one that is made now tells how far it is', async () => {
  const { id } = begin();
  sell(library, 100);
  const seen: unknown[] = [library.desk.underWay()];
  hearPoints((reached) => {
    if (reached === 'export.running' || reached === 'export.made') seen.push(library.desk.underWay());
  });
  await work();
  hearPoints(undefined);
  seen.push(library.desk.underWay());
  const running = { id, done: 0, of: 0 };
  expect(seen).toEqual([undefined, running, running, undefined]);
});
