import type { Language } from '../base/errors.ts';

/** What is wrong with a device and what to do about it, by the stable word of its status; without a subject, e.g. `缺纸，请装纸`. */
const advice: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  // where it is attached
  ABSENT: { zh: '未连接，请检查接线', en: 'not connected; check its cable' },
  DEVICE_ABSENT: { zh: '未连接，请检查接线', en: 'not connected; check its cable' },
  LOST: { zh: '连接中断，请检查接线', en: 'connection lost; check its cable' },
  NO_ANSWER: { zh: '无应答，请检查电源和接线', en: 'no answer; check power and cable' },
  DEVICE_TIMEOUT: { zh: '无应答，请检查电源和接线', en: 'no answer; check power and cable' },
  PORT_IN_USE: { zh: '端口被占用，请关闭另一个程序', en: 'port in use; stop the other program' },
  NO_PERMISSION: { zh: '无权打开端口，请装udev规则', en: 'no permission for its port; install the udev rule' },
  HID_UNAVAILABLE: { zh: 'HID不可用，请安装libusb-1.0-0', en: 'HID unavailable; install libusb-1.0-0' },
  CONNECTING: { zh: '连接中', en: 'connecting' },
  STOPPED: { zh: '已停用', en: 'stopped' },
  DEVICE_BUSY: { zh: '忙，请稍候', en: 'busy; please wait' },
  // printer
  PAPER_OUT: { zh: '缺纸，请装纸', en: 'out of paper; load paper' },
  PAPER_NEAR_END: { zh: '纸将尽，请备纸', en: 'paper low; have a new roll ready' },
  COVER_OPEN: { zh: '盖未关，请合盖', en: 'cover open; close it' },
  CUTTER: { zh: '切刀卡住，请清理', en: 'cutter jammed; clear it' },
  MECHANICAL: { zh: '机械故障，请清理后重开', en: 'mechanical error; clear it and switch off and on' },
  UNRECOVERABLE: { zh: '不可恢复故障，请关机送修', en: 'unrecoverable error; switch off and have it repaired' },
  OVERHEATED: { zh: '打印头过热，请等待冷却', en: 'head too hot; let it cool down' },
  RESTARTED: { zh: '打印中重启，请核对签购单', en: 'restarted while printing; check the slip' },
  OFFLINE: { zh: '脱机，请按联机键', en: 'offline; press its online key' },
  // card reader and PIN pad
  TAMPER: { zh: '防拆触发，请停用并报修', en: 'tampered with; stop using it and call service' },
  TAMPERED: { zh: '防拆触发，请停用并报修', en: 'tampered with; stop using it and call service' },
  KEY_ABSENT: { zh: '无密钥，请联系上游灌密钥', en: 'no PIN key; ask upstream to load one' },
  KEYS_EXHAUSTED: { zh: '密钥已用尽，请联系上游', en: 'PIN keys used up; ask upstream for new ones' },
  BATTERY_LOW: { zh: '电量低，请充电', en: 'battery low; charge it' },
  // keypad and scanner
  KEY_STUCK: { zh: '按键卡住，请检查按键', en: 'a key is stuck; free it' },
  NOT_HOST_MODE: { zh: '不在主机模式，请扫设置码', en: 'not in host mode; scan its set-up code' },
  CODE_INCOMPLETE: { zh: '扫码不完整，请重扫', en: 'a code came in part; scan it again' },
};
const fault = { zh: '故障，请检查', en: 'fault; check it' } as const;

/** `detail`: more about it for a person (DeviceStatus.detail): who holds the port. */
export function deviceAdvice(problem: string, language: Language, detail?: string): string {
  if (problem === 'PORT_IN_USE' && detail !== undefined)
    return language === 'zh' ? `端口被 ${detail} 占用，请关闭它` : `port in use by ${detail}; stop it`;
  return (advice[problem] ?? fault)[language];
}
