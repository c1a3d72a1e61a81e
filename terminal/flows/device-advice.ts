import type { Language } from '../base/errors.ts';

/** What is wrong with a device and what to do about it, by the stable word of its status; without a subject, e.g. `缺纸，请装纸`. */
const advice: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  PAPER_OUT: { zh: '缺纸，请装纸', en: 'out of paper; load paper' },
  PAPER_NEAR_END: { zh: '纸将尽，请备纸', en: 'paper low; have a new roll ready' },
  COVER_OPEN: { zh: '盖未关，请合盖', en: 'cover open; close it' },
  CUTTER: { zh: '切刀卡住，请清理', en: 'cutter jammed; clear it' },
  OFFLINE: { zh: '脱机，请按联机键', en: 'offline; press its online key' },
  PORT_IN_USE: { zh: '端口被占用，请关闭另一个程序', en: 'port in use; stop the other program' },
  DEVICE_ABSENT: { zh: '未连接，请检查接线', en: 'not connected; check its cable' },
  LOST: { zh: '连接中断，请检查接线', en: 'connection lost; check its cable' },
  NO_ANSWER: { zh: '无应答，请检查电源和接线', en: 'no answer; check power and cable' },
  CONNECTING: { zh: '连接中', en: 'connecting' },
};
const fault = { zh: '故障，请检查', en: 'fault; check it' } as const;

export const deviceAdvice = (problem: string, language: Language): string => (advice[problem] ?? fault)[language];
