import { statfs } from 'node:fs/promises';
import { firstBrokenAuditLine } from '../base/audit.ts';
import { needingHuman, reversalsDue } from '../payments/queries.ts';
import { currentBatch } from '../settlement/queries.ts';
import { type AttachedDevice, deviceName, deviceView } from './attached-devices.ts';
import type { World } from './world.ts';

/** One line of the self-check (B-045): how it stands, what to do when it is not well, and the figures behind it. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly zh: string;
  readonly en: string;
  readonly detail?: string;
}

const hourMs = 3_600_000;
const leastFreeBytes = 200 * 1024 * 1024;
const mostClockOffsetMs = 5 * 60_000;
const fullShare = 0.8;

/** `pos doctor`: database, disk, clock, host link, devices, batch, reversals, outbox. Reads only. */
export async function doctor(world: World, home: string): Promise<{ checks: Check[] }> {
  return {
    checks: [
      databaseCheck(world),
      await diskCheck(home),
      clockCheck(world),
      hostCheck(world),
      ...world.devices.map(deviceCheck),
      batchCheck(world),
      reversalCheck(world),
      outboxCheck(world),
    ],
  };
}

type Words = readonly [zh: string, en: string];

const well = (name: string, [zh, en]: Words, detail?: string): Check => line(name, true, zh, en, detail);
const unwell = (name: string, [zh, en]: Words, detail?: string): Check => line(name, false, zh, en, detail);
const line = (name: string, ok: boolean, zh: string, en: string, detail?: string): Check => ({
  name,
  ok,
  zh,
  en,
  ...(detail !== undefined && { detail }),
});

function databaseCheck({ db }: World): Check {
  const quick = db.pragma('quick_check(1)', { simple: true });
  const restore: Words = [
    '数据库损坏，请从备份恢复，勿删除原文件',
    'Database damaged; restore a backup and keep the old file',
  ];
  if (quick !== 'ok') return unwell('database', restore, String(quick));
  const broken = firstBrokenAuditLine(db);
  const changed: Words = ['审计记录被改动，请联系上游', 'The audit trail was changed; contact upstream'];
  if (broken !== undefined) return unwell('database', changed, `#${broken}`);
  return well('database', ['数据库完好', 'Database sound']);
}

async function diskCheck(home: string): Promise<Check> {
  const { bavail, bsize } = await statfs(home);
  const free = `${Math.round((bavail * bsize) / 1024 / 1024)} MB`;
  if (bavail * bsize >= leastFreeBytes) return well('disk', ['磁盘空间充足', 'Disk space enough'], free);
  return unwell('disk', ['磁盘将满，请清理空间', 'Disk nearly full; free some space'], free);
}

function clockCheck({ link }: World): Check {
  const offsetMs = link.status().clockOffsetMs;
  if (offsetMs === null) return well('clock', ['时钟尚未与主机核对', 'Clock not compared with the host yet']);
  const offset = `${Math.round(offsetMs / 1000)} s`;
  if (Math.abs(offsetMs) <= mostClockOffsetMs) return well('clock', ['时钟准确', 'Clock right'], offset);
  return unwell('clock', ['本机时钟不准，请校时', 'Clock wrong; set it'], offset);
}

function hostCheck({ link }: World): Check {
  const { state, gateOpen, lastProblem } = link.status();
  if (gateOpen) return well('host', ['已连接主机', 'Connected to the host']);
  const words: Words = ['未连接主机，请检查网络', 'Not connected to the host; check the network'];
  return unwell('host', words, lastProblem ?? state);
}

function deviceCheck(attached: AttachedDevice): Check {
  const { name, state, problem, detail, zh, en } = deviceView(attached);
  const [nameZh, nameEn] = [deviceName(name, 'zh'), deviceName(name, 'en')];
  if (state === 'ready' && problem === undefined) return well(name, [`${nameZh}正常`, `${nameEn} fine`]);
  const figures = [problem ?? state.toUpperCase(), ...(detail === undefined ? [] : [detail])].join(', ');
  return line(name, state === 'ready', `${nameZh}${zh}`, `${nameEn}: ${en}`, figures);
}

function batchCheck({ db, clock, config }: World): Check {
  const batch = currentBatch(db);
  if (!batch) return well('batch', ['没有打开的批次', 'No open batch']);
  const ageMs = clock.now() - batch.openedAt;
  const { maxRecords } = config.limits;
  const figures = `${batch.no} ${batch.records}/${maxRecords}, ${Math.floor(ageMs / hourMs)} h`;
  if (batch.state === 'NEEDS_HUMAN')
    return unwell('batch', ['批次对账出错，请联系上游', 'Batch in error; contact upstream'], figures);
  if (ageMs > 24 * hourMs)
    return unwell('batch', ['批次已超24小时，请批结算', 'Batch open for over 24 hours; close it'], figures);
  if (batch.records >= maxRecords * fullShare)
    return unwell('batch', ['批次将满，请批结算', 'Batch nearly full; close it'], figures);
  return well('batch', ['批次正常', 'Batch fine'], figures);
}

function reversalCheck({ db }: World): Check {
  const [due, stuck] = [reversalsDue(db).length, needingHuman(db).length];
  if (stuck > 0)
    return unwell(
      'reversals',
      ['有冲正需人工处理，请联系上游', 'A reversal needs a person; contact upstream'],
      `${stuck}`,
    );
  if (due > 0)
    return unwell('reversals', ['冲正待送达，联网后自动完成', 'Reversals due; delivered once online'], `${due}`);
  return well('reversals', ['没有待冲正', 'No reversal due']);
}

function outboxCheck({ outbox, clock }: World): Check {
  const { waiting, oldestAgeMs, rejected, setAside } = outbox.summary(clock.now());
  if (rejected + setAside > 0)
    return unwell(
      'outbox',
      ['有记录被主机拒收，请联系上游', 'The host rejected records; contact upstream'],
      `${rejected + setAside}`,
    );
  if (waiting === 0) return well('outbox', ['记录已全部上送', 'All records uploaded']);
  if (oldestAgeMs < hourMs) return well('outbox', ['记录上送中', 'Records being uploaded'], `${waiting}`);
  const words: Words = ['记录超过1小时未上送，请检查网络', 'Records not uploaded for over an hour; check the network'];
  return unwell('outbox', words, `${waiting}`);
}
