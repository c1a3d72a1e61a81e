import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { deviceName } from '../flows/attached-devices.ts';
import { testText } from '../flows/test-words.ts';
import { type DeviceAnswer, type DevicesAnswer, devicesAnswer, deviceTestResult } from './contract.ts';
import { credentials } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { table } from './table.ts';
import { ageText } from './words.ts';

/** `pos device list`: exit 8 when one of them cannot be used. */
export async function listDevices(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/devices');
  const { devices } = v.parse(devicesAnswer, raw);
  await run.show(raw, () => deviceTable(devices, run));
  return devices.some(({ state }) => state === 'absent' || state === 'fault') ? exitStatus.deviceFault : exitStatus.ok;
}

const states: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  stopped: { zh: '未启动', en: 'not started' },
  absent: { zh: '未接通', en: 'absent' },
  connecting: { zh: '连接中', en: 'connecting' },
  ready: { zh: '就绪', en: 'ready' },
  fault: { zh: '故障', en: 'fault' },
};

function deviceTable(devices: DevicesAnswer['devices'], run: Run): Promise<string> {
  const head = [
    run.say('设备', 'Device'),
    run.say('状态', 'State'),
    run.say('已', 'For'),
    run.say('型号', 'Profile'),
    run.say('接口', 'Port'),
    run.say('连/断', 'Up/lost'),
    run.say('超时', 'Timeouts'),
    run.say('杂/坏帧', 'Stray/bad'),
    run.say('收/发字节', 'Bytes in/out'),
    run.say('说明', 'What to do'),
  ];
  return table(
    head,
    devices.map((one) => deviceRow(one, run.language, run.shell.clock.now())),
    [5, 6, 7, 8],
  );
}

function deviceRow(one: DeviceAnswer, language: Language, nowMs: number): readonly string[] {
  const { connects, losses, timeouts, strayFrames, badFrames, bytesIn, bytesOut } = one.counters;
  return [
    one.name,
    states[one.state]?.[language] ?? one.state,
    ageText(nowMs - one.since, language),
    one.profile,
    one.port,
    `${connects}/${losses}`,
    String(timeouts),
    `${strayFrames}/${badFrames}`,
    `${bytesIn}/${bytesOut}`,
    [one[language], one.detail && !one[language].includes(one.detail) ? one.detail : ''].filter(Boolean).join(' '),
  ];
}

/** `pos device test`: exit 8 when nothing came of it. */
export async function testDevice(run: Run, name: string): Promise<ExitStatus> {
  const who = name === 'printer' ? await credentials(run) : {};
  const raw = await run.client.post(`/devices/${name}/test`, who, run.step);
  const { test } = v.parse(deviceTestResult, raw);
  await run.show(raw, () => `${deviceName(name, run.language)}: ${testText(test, run.language)}`);
  return test.kind === 'nothing' ? exitStatus.deviceFault : exitStatus.ok;
}

/** `pos device drawer`. */
export async function openDrawer(run: Run): Promise<ExitStatus> {
  const raw = await run.client.post('/drawer', await credentials(run), run.step);
  await run.show(raw, () => run.say('钱箱已打开', 'The drawer was opened'));
  return exitStatus.ok;
}
