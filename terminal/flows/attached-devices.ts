import type { Device, DeviceCounters, DeviceState, DeviceStatus } from '../../drivers/devices.ts';
import type { Clock } from '../base/clock.ts';
import type { Language } from '../base/errors.ts';
import { deviceAdvice } from './device-advice.ts';

const names: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'card-reader': { zh: '读卡器', en: 'Card reader' },
  'pin-pad': { zh: '密码键盘', en: 'PIN pad' },
  scanner: { zh: '扫码枪', en: 'Scanner' },
  keypad: { zh: '键盘', en: 'Keypad' },
  display: { zh: '顾客屏', en: 'Customer display' },
  printer: { zh: '打印机', en: 'Printer' },
};

/** What a person calls the device. */
export const deviceName = (name: string, language: Language): string => names[name]?.[language] ?? name;

/** A device of this terminal, whatever it is for. */
export interface AttachedDevice {
  readonly device: Device;
  /** Its protocol, by the name in the configuration. */
  readonly profile: string;
  /** Where it was found last. */
  port(): string;
  /** When it came into the state that it is in. */
  since(): number;
}

/** Follows the device from now on. */
export function attached(
  clock: Clock,
  {
    device,
    profile,
    port,
  }: { readonly device: Device; readonly profile: string; readonly port: { readonly describe: string } },
): AttachedDevice {
  let since = clock.now();
  device.onStatus(() => {
    since = clock.now();
  });
  return { device, profile, port: () => port.describe, since: () => since };
}

export interface DeviceView {
  readonly name: string;
  readonly profile: string;
  readonly port: string;
  readonly state: DeviceState;
  readonly problem: string | undefined;
  readonly detail: string | undefined;
  /** What is wrong and what to do about it; empty when nothing is. */
  readonly zh: string;
  readonly en: string;
  readonly since: number;
  readonly counters: DeviceCounters;
}

const abnormalStatus = (problem: string): DeviceStatus => ({ state: 'fault', problem });

/** `abnormal`: what is wrong with it that it does not say itself. */
export function deviceView({ device, profile, port, since }: AttachedDevice, abnormal?: string): DeviceView {
  const { state, problem, detail } = abnormal === undefined ? device.status() : abnormalStatus(abnormal);
  const word = problem ?? (state === 'ready' ? undefined : state.toUpperCase());
  return {
    name: device.name,
    profile,
    port: port(),
    state,
    problem,
    detail,
    zh: word === undefined ? '' : deviceAdvice(word, 'zh', detail),
    en: word === undefined ? '' : deviceAdvice(word, 'en', detail),
    since: since(),
    counters: device.counters(),
  };
}
