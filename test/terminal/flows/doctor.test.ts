import { afterEach, beforeEach, expect, it } from 'vitest';
import { doctor } from '../../../terminal/flows/doctor.ts';
import type { Check } from '../../../terminal/flows/self-check-line.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';

const hourMs = 3_600_000;
let system: TestSystem;

beforeEach(async () => {
  system = await startTestSystem({ limits: { maxRecords: 5, hostWaitMs: 400 } });
});
afterEach(() => system.stop());

/** What it says, `laterMs` from now. */
async function examine(laterMs = 0): Promise<readonly Check[]> {
  const { world } = system.terminal;
  const clock = { now: () => world.clock.now() + laterMs, after: world.clock.after };
  return (await doctor({ ...world, clock })).checks;
}
const ofName = async (name: string, laterMs?: number): Promise<Check | undefined> =>
  (await examine(laterMs)).find((check) => check.name === name);

it('B-045: finds nothing on a good day, and says so in both languages', async () => {
  await system.atRest();
  const checks = await examine();
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ zh }) => zh).slice(1)).toEqual([
    '主机在本机，无需网络',
    '消息服务器已连接',
    '已连接主机',
    '时钟准确',
    '磁盘空间充足',
    '数据库完好',
    '读卡器正常',
    '打印机正常',
    '批次正常',
    '没有待冲正',
    '记录已全部上送',
  ]);
  for (const { en } of checks) expect(en).toMatch(/^[ -~]+$/);
});

it('tells what to do about the batch', async () => {
  expect(await ofName('batch', 25 * hourMs)).toMatchObject({ ok: false, zh: '批次已超24小时，请批结算' });
  await system.sell(1_000);
  expect(await ofName('batch')).toMatchObject({ ok: true, detail: expect.stringContaining('1/5') });
  for (let n = 0; n < 3; n++) await system.sell(2_000);
  expect(await ofName('batch')).toMatchObject({ ok: false, zh: '批次将满，请批结算' });
  await system.sell(2_000);
  expect(await ofName('batch')).toMatchObject({ ok: false, zh: '批次已满，请批结算' });
});

it('tells what to do about the printer', async () => {
  // A printer is asked how it is before it prints.
  system.devices.printer.set({ paper: 'near-end' });
  await system.sell(1_000);
  expect(await ofName('printer')).toMatchObject({ ok: true, zh: '打印机纸将尽，请备纸' });
  system.devices.printer.set({ paper: 'out' });
  await system.sell(2_000);
  expect(await ofName('printer')).toMatchObject({
    ok: false,
    zh: '打印机缺纸，请装纸',
    en: 'Printer: out of paper; load paper',
    detail: 'PAPER_OUT',
  });
});

it('B-045: finds the lost link, and the reversal that it holds up', async () => {
  await system.atRest();
  const sale = system.sell(4_500, { onStep: ({ at }) => at === 'host' && system.wire.block() });
  expect((await sale).kind).toBe('unknown');
  await system.eventually('the link to be lost', async () => (await ofName('host'))?.ok === false);
  expect(await ofName('reversals')).toMatchObject({ ok: false, zh: '冲正待送达，联网后自动完成', detail: '1' });
  system.wire.unblock();
  await system.ready();
  expect(await ofName('reversals')).toMatchObject({ ok: true });
});

it('finds an audit trail that was changed', async () => {
  system.db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET by = '99' WHERE seq = 1");
  expect(await ofName('database')).toMatchObject({ ok: false, zh: '审计记录被改动，请联系上游', detail: '#1' });
});

it('B-045: looks at every device that the configuration names', async () => {
  const other = await startTestSystem({
    devices: { scanner: true, display: true },
    config: { pinPad: 'tcp:127.0.0.1:1' },
  });
  try {
    await other.eventually('the others are there', () => other.cashier.status().deviceProblems.length === 1);
    const { checks } = await doctor(other.terminal.world);
    const devices = checks.filter(({ name }) => /card-reader|pin-pad|scanner|keypad|display|printer/.test(name));
    expect(devices.map(({ zh }) => zh).toSorted()).toEqual(
      ['密码键盘未连接，请检查接线', '打印机正常', '扫码枪正常', '读卡器正常', '顾客屏正常'].toSorted(),
    );
    expect(devices.find(({ name }) => name === 'pin-pad')).toMatchObject({
      ok: false,
      en: 'PIN pad: not connected; check its cable',
      detail: 'DEVICE_ABSENT',
    });
  } finally {
    await other.stop();
  }
});
