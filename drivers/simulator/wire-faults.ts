import { DeviceError } from '../errors.ts';
import type { Fault, FaultTable, FaultUse } from './fault.ts';
import type { SimulatedPort } from './simulated-port.ts';
import {
  coalesced,
  droppedByte,
  flippedBit,
  garbage,
  half,
  join,
  junk,
  type OnWire,
  paced,
  randomChunks,
  singleBytes,
  truncated,
  unplugAfter,
} from './wire-behaviours.ts';

/** Something on the way to the driver, for as often as the tester wants. */
const incoming =
  (make: (port: SimulatedPort, value: number) => OnWire) =>
  (port: SimulatedPort, { value, times, chance }: FaultUse): void =>
    port.useIn({ onSend: make(port, value) }, times, chance);

const outgoing =
  (make: (port: SimulatedPort, value: number) => OnWire) =>
  (port: SimulatedPort, { value, times, chance }: FaultUse): void =>
    port.useOut({ onSend: make(port, value) }, times, chance);

const bothWays =
  (make: (port: SimulatedPort, value: number) => OnWire) =>
  (port: SimulatedPort, use: FaultUse): void => {
    incoming(make)(port, use);
    outgoing(make)(port, use);
  };

/** Whoever is connected loses the connection, so that the driver meets this when it opens the port anew. */
const opening =
  (make: (port: SimulatedPort, value: number) => OnWire) =>
  (port: SimulatedPort, { value, times, chance }: FaultUse): void => {
    port.useOpen({ onSend: make(port, value) }, times, chance);
    port.hangUp();
  };

/** What happens at a moment happens when it is armed, once. */
const now =
  (act: (port: SimulatedPort, value: number) => void) =>
  (port: SimulatedPort, { value, chance }: FaultUse): void => {
    if (chance()) act(port, value);
  };

const refuse = (code: 'DEVICE_ABSENT' | 'DEVICE_FAULT' | 'PORT_IN_USE', message: string, details = {}) =>
  opening((port) => () => {
    throw new DeviceError(code, port.describe, message, details);
  });

const ms = (byDefault: number): NonNullable<Fault<SimulatedPort>['value']> => ({ unit: 'ms', byDefault });
const count = (byDefault: number): NonNullable<Fault<SimulatedPort>['value']> => ({ unit: 'bytes', byDefault });

/**
 * devices.md §6, "Transport level", for every device. A frame is what the device wrote at once. Chunking and the baud rate concern both
 * directions, the rest what the driver receives, unless its name says otherwise.
 */
export const wireFaults: FaultTable<SimulatedPort> = {
  'baud-pacing': {
    zh: '按波特率逐字节传输',
    en: 'bytes come one by one, at the baud rate',
    value: { unit: 'baud', byDefault: 9_600 },
    apply(port, use) {
      port.useIn(paced(port, use));
      port.useOut(paced(port, use));
    },
  },
  'single-bytes': { zh: '每次只到一个字节', en: 'every byte is a chunk of its own', apply: bothWays(singleBytes) },
  'random-chunks': {
    zh: '随机分段',
    en: 'chunks of random length',
    value: count(7),
    apply: bothWays(randomChunks),
  },
  'coalesced-frames': {
    zh: '多帧粘在一起',
    en: 'several frames in one chunk',
    value: ms(30),
    apply: (port, use) => port.useIn(coalesced(port, use)),
  },
  'junk-before': {
    zh: '帧前有杂字节',
    en: 'junk before a frame',
    value: count(5),
    apply: incoming((port, length) => (bytes, deliver) => deliver(join(junk(port.random, length), bytes))),
  },
  'junk-between': {
    zh: '帧与帧之间有杂字节',
    en: 'junk between frames',
    value: count(5),
    apply: incoming((port, length) => (bytes, deliver) => {
      deliver(bytes);
      deliver(junk(port.random, length));
    }),
  },
  'junk-inside': {
    zh: '帧中间有杂字节',
    en: 'junk inside a frame',
    value: count(5),
    apply: incoming(
      (port, length) => (bytes, deliver) =>
        deliver(join(bytes.subarray(0, half(bytes)), junk(port.random, length), bytes.subarray(half(bytes)))),
    ),
  },
  'flipped-bit': { zh: '错一位', en: 'a bit is wrong', apply: incoming(flippedBit) },
  'flipped-bit-out': {
    zh: '发出的数据错一位',
    en: 'a bit is wrong on the way to the device',
    apply: outgoing(flippedBit),
  },
  'dropped-byte': { zh: '丢一个字节', en: 'a byte is lost', apply: incoming(droppedByte) },
  'dropped-byte-out': {
    zh: '发出的数据丢一个字节',
    en: 'a byte is lost on the way to the device',
    apply: outgoing(droppedByte),
  },
  'duplicated-frame': {
    zh: '同一帧到两次',
    en: 'a frame comes twice',
    apply: incoming(() => (bytes, deliver) => {
      deliver(bytes);
      deliver(bytes.slice());
    }),
  },
  'truncated-frame': {
    zh: '帧到一半就没有了',
    en: 'a frame breaks off, then silence',
    value: count(5),
    apply: incoming(truncated),
  },
  silence: { zh: '没有回答', en: 'no answer', apply: incoming(() => () => undefined) },
  'late-answer': {
    zh: '回答迟到',
    en: 'an answer comes late, what follows it does not wait',
    value: ms(1_500),
    apply: incoming((port, delayMs) => (bytes, deliver) => port.later(delayMs, () => deliver(bytes))),
  },
  'unsolicited-frame': {
    zh: '没有询问就来的一帧',
    en: 'a frame comes once more, long after, unasked',
    value: ms(200),
    apply: incoming((port, delayMs) => (bytes, deliver) => {
      deliver(bytes.slice());
      port.later(delayMs, () => deliver(bytes));
    }),
  },
  'unsolicited-bytes': {
    zh: '没有询问就来的字节',
    en: 'bytes come that mean nothing',
    value: count(8),
    apply: now((port, length) => port.send(junk(port.random, length))),
  },
  'unplug-idle': { zh: '拔掉', en: 'unplugged', apply: now((port) => port.unplug()) },
  'unplug-mid-frame': {
    zh: '收到一半时拔掉',
    en: 'unplugged in the middle of an answer',
    value: count(8),
    apply: incoming(unplugAfter),
  },
  'unplug-while-writing': {
    zh: '发送一半时拔掉',
    en: 'unplugged in the middle of a command',
    value: count(8),
    apply: outgoing(unplugAfter),
  },
  'hang-up': { zh: '线路挂断后可再连', en: 'hung up; can be opened again', apply: now((port) => port.hangUp()) },
  'write-error': {
    zh: '写出错 (EIO)',
    en: 'a write fails (EIO)',
    apply: outgoing((port) => () => port.hangUp()),
  },
  'write-stall': {
    zh: '流控暂停 (XOFF/CTS) 后恢复',
    en: 'flow control (XOFF, CTS) stops a write for a while',
    value: ms(2_000),
    apply: outgoing((port, delayMs) => (bytes, deliver) => port.later(delayMs, () => deliver(bytes))),
  },
  'write-blocked': {
    zh: '流控一直不放行',
    en: 'flow control stops writes for ever',
    apply: outgoing((port) => (bytes, deliver) => port.later(Number.POSITIVE_INFINITY, () => deliver(bytes))),
  },
  'replug-elsewhere': {
    zh: '换到另一个接口',
    en: 'replugged, and found under another path',
    apply: now((port) => port.replugElsewhere()),
  },
  'device-reset': {
    zh: '设备自己重启',
    en: 'the device resets and says so',
    apply: now((port) => port.restartDevice()),
  },
  'port-busy': {
    zh: '端口被别的程序占用',
    en: 'another program holds the port',
    apply: refuse('PORT_IN_USE', 'another process holds the port', { holder: 'another (pid 4242)' }),
  },
  'permission-denied': {
    zh: '没有权限打开端口',
    en: 'no permission to open the port',
    apply: refuse('DEVICE_FAULT', 'no permission to open the port', { reason: 'permission' }),
  },
  'absent-at-start': { zh: '开机时没有接上', en: 'not there at start', apply: refuse('DEVICE_ABSENT', 'no such port') },
  'wrong-baud': { zh: '波特率不对', en: 'wrong baud rate: garbage', apply: bothWays(garbage) },
  'slow-open': {
    zh: '端口打开很慢',
    en: 'the port takes long to open',
    value: ms(3_000),
    apply: opening((port, delayMs) => (bytes, deliver) => port.later(delayMs, () => deliver(bytes))),
  },
};
