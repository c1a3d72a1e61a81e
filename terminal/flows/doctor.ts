import { statfs } from 'node:fs/promises';
import { auditSteps } from '../base/audit.ts';
import { mostCheckedAtOnce } from '../base/backup.ts';
import { hourMs } from '../base/clock.ts';
import { errorText, type Language } from '../base/errors.ts';
import { needingHuman, reversalsDue } from '../payments/queries.ts';
import { currentBatch } from '../settlement/queries.ts';
import { deviceViews } from './abnormal-device.ts';
import { type DeviceView, deviceName } from './attached-devices.ts';
import { batchAlert, bookProblem, recordLimit } from './batch-limits.ts';
import { mostClockOffsetMs } from './clock.ts';
import { redInvoicesDue } from './make-invoice.ts';
import { inSlices } from './prove-book.ts';
import { restoreReport } from './restore-report.ts';
import { type Check, notKnown, unwell, type Words, warned, well } from './self-check-line.ts';
import {
  brokerCheck,
  brokerHostOf,
  networkCheck,
  type Places,
  powerCheck,
  systemPlaces,
} from './self-check-surroundings.ts';
import type { World } from './world.ts';

const leastFreeBytes = 200 * 1024 * 1024;

/** 自检: power, network, broker, host, clock, disk, database, devices, batch, reversals, outbox. Reads only. */
export async function doctor(world: World, places: Places = systemPlaces): Promise<{ checks: Check[] }> {
  const { config, home } = world;
  const checks = [
    await powerCheck(places),
    await networkCheck(brokerHostOf(config.brokerUrl), places),
    brokerCheck(world),
    await hostCheck(world),
    clockCheck(world),
    await diskCheck(home),
    await databaseCheck(world),
    ...deviceViews(world).map(deviceCheck),
    batchCheck(world),
    reversalCheck(world),
    outboxCheck(world),
    ...consoleCheck(world),
    ...invoiceCheck(world),
    ...restoreCheck(world),
  ];
  return { checks: checks.map((check) => (check.ok ? check : { ...check, hotline: config.hotline })) };
}

/** What needs neither the network nor the whole book: clock, devices, batch, reversals, outbox, console. */
export const quickChecks = (world: World): readonly Check[] => [
  clockCheck(world),
  ...deviceViews(world).map(deviceCheck),
  batchCheck(world),
  reversalCheck(world),
  outboxCheck(world),
  ...consoleCheck(world),
];

/** A large file is left to the proof of each close and night, which reads it in slices. */
async function databaseCheck(world: World): Promise<Check> {
  const { db, clock } = world;
  const isSmall =
    Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })) <
    mostCheckedAtOnce;
  const quick = isSmall ? db.pragma('quick_check(1)', { simple: true }) : 'ok';
  const restore: Words = [
    '数据库损坏，请从备份恢复，勿删除原文件',
    'Database damaged; restore a backup and keep the old file',
  ];
  if (quick !== 'ok') return unwell('database', restore, String(quick));
  const broken = await inSlices({ db, clock }, auditSteps);
  const changed: Words = ['审计记录被改动，请联系上游', 'The audit trail was changed; contact upstream'];
  if (broken !== undefined) return unwell('database', changed, `#${broken}`);
  const wrong = bookProblem(world);
  if (wrong !== undefined)
    return unwell('database', ['账本不平，请联系上游', 'The book does not add up; contact upstream'], wrong);
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
  if (offsetMs === null) return notKnown('clock', ['时钟尚未与主机核对', 'Clock not compared with the host yet']);
  const offset = `${Math.round(offsetMs / 1000)} s`;
  if (Math.abs(offsetMs) <= mostClockOffsetMs) return well('clock', ['时钟准确', 'Clock right'], offset);
  return unwell('clock', ['本机时钟不准，请校时，否则不能收款', 'Clock wrong; set it, no payments until then'], offset);
}

/** How long the host may take to answer a greeting. */
const probeMs = 3_000;

/** A host that is dead while the broker is well looks connected: it is asked. */
async function hostCheck({ link }: World): Promise<Check> {
  const { state, gateOpen, lastProblem } = link.status();
  if (!gateOpen) {
    const words: Words = ['未连接主机，请检查网络', 'Not connected to the host; check the network'];
    return unwell('host', words, lastProblem ?? state);
  }
  if (await link.probe(probeMs)) return well('host', ['已连接主机', 'Connected to the host']);
  return unwell('host', ['主机无应答，请联系上游', 'The host does not answer; contact upstream']);
}

function deviceCheck({ name, state, problem, detail, zh, en }: DeviceView): Check {
  const [nameZh, nameEn] = [deviceName(name, 'zh'), deviceName(name, 'en')];
  if (state === 'ready' && problem === undefined) return well(name, [`${nameZh}正常`, `${nameEn} fine`]);
  const figures = [problem ?? state.toUpperCase(), ...(detail === undefined ? [] : [detail])].join(', ');
  const words: Words = [`${nameZh}${zh}`, `${nameEn}: ${en}`];
  return state === 'ready' ? warned(name, words, figures) : unwell(name, words, figures);
}

function batchCheck(world: World): Check {
  const batch = currentBatch(world.db);
  if (!batch) return well('batch', ['没有打开的批次', 'No open batch']);
  const hours = Math.floor((world.clock.now() - batch.openedAt) / hourMs);
  const figures = `${batch.no} ${batch.records}/${recordLimit(world)}, ${hours} h`;
  const alert = batchAlert(world);
  switch (alert?.is) {
    case 'needs-human':
      return unwell(
        'batch',
        alert.isDecided ? decided : ['批次对账出错，请联系上游', 'Batch in error; contact upstream'],
        figures,
      );
    case 'overdue': {
      const why = (language: Language) => errorText(alert.code, alert.details, language);
      const words: Words = [`已过日切未结算: ${why('zh')}`, `Not closed at the cut-off: ${why('en')}`];
      return unwell('batch', words, `${figures}, ${alert.code}`);
    }
    case 'full':
      return unwell('batch', ['批次已满，请批结算', 'Batch full; close it'], figures);
    case 'too-large':
      return unwell('batch', ['累计金额过大，请批结算', 'Batch totals too large; close it'], figures);
    case 'old':
      return unwell('batch', ['批次已超24小时，请批结算', 'Batch open for over 24 hours; close it'], figures);
    case 'nearly-full':
      return unwell('batch', ['批次将满，请批结算', 'Batch nearly full; close it'], figures);
    default:
      return well('batch', ['批次正常', 'Batch fine'], figures);
  }
}

const decided: Words = ['主机已裁定，请用 pos batch resume 继续', 'The host decided; go on with pos batch resume'];

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

/** Nothing when it is where it should be, or is not wanted. */
function consoleCheck({ session: { consoleProblem } }: World): Check[] {
  if (!consoleProblem) return [];
  const { isOpen, detail } = consoleProblem;
  if (isOpen) return [warned('console', ['操作台端口被占用，已换端口', 'The port of the console is taken'], detail)];
  return [unwell('console', ['操作台未打开，自动重试，不影响收款', 'Console shut; retried, sales go on'], detail)];
}

/** Nothing when no red invoice is due. */
function invoiceCheck(world: World): Check[] {
  const due = redInvoicesDue(world);
  const words: Words = ['已退货的发票待红冲，请红冲后重开', 'Refunded after an invoice: take it back, issue a new one'];
  return due === 0 ? [] : [warned('invoices', words, `${due}`)];
}

/** Nothing for a book that never came back from the host. */
function restoreCheck({ db }: World): Check[] {
  const report = restoreReport(db);
  if (!report) return [];
  const figures = `${report.rows}, ${report.problems}`;
  if (report.state === 'restoring')
    return [unwell('restore', ['账本恢复中，完成前不能收款', 'Book coming back; no payments until then'], figures)];
  if (report.problems > 0)
    return [unwell('restore', ['账本恢复不完整，请联系上游', 'Book came back in part; contact upstream'], figures)];
  return [well('restore', ['账本已由主机恢复', 'Book restored from the host'], figures)];
}
