import { SSI } from '../framing/ssi.ts';
import type { FaultTable, FaultUse } from './fault.ts';
import { type ScannerEvent, type SendingManner, type SimulatedScanner, ssiAnswer } from './simulated-scanner.ts';

/** What one byte of an answer is changed into: the checksum is then wrong. */
const DAMAGE = 0x01;
/** Cause of a NAK: denied. */
const NOT_HOST_MODE = 0x06;
/** A made-up code with the form of a payment code. */
const UNASKED_CODE = '6299000011112222333';
const CHINESE = '账平支付码';
/** The same in GBK. */
const CHINESE_GBK = Uint8Array.of(0xd5, 0xcb, 0xc6, 0xbd, 0xd6, 0xa7, 0xb8, 0xb6, 0xc2, 0xeb);

type CodeEvent = ScannerEvent & { readonly kind: 'code' };

/** Sends a code in another way. */
const sending =
  (act: (scanner: SimulatedScanner, code: CodeEvent, value: number) => void) =>
  (scanner: SimulatedScanner, { value, times, chance }: FaultUse): void =>
    scanner.use(
      {
        onCommand(event) {
          if (event.kind !== 'code') return false;
          act(scanner, event, value);
          return true;
        },
      },
      times,
      chance,
    );

/** The same for scanners of one kind; the others send as ever. */
const sendingBy =
  (kind: SimulatedScanner['profile']['kind'], act: Parameters<typeof sending>[0]) =>
  (scanner: SimulatedScanner, use: FaultUse): void => {
    if (scanner.profile.kind === kind) sending(act)(scanner, use);
  };

const inManner = (manner: (value: number) => Partial<SendingManner>) =>
  sending((scanner, code, value) => scanner.send(code.encode(manner(value))));

/** Does something else when it is told to read, or also when it is told to stop. */
const commanded =
  (kinds: readonly ScannerEvent['kind'][], act: (scanner: SimulatedScanner, value: number) => void) =>
  (scanner: SimulatedScanner, { value, times, chance }: FaultUse): void =>
    scanner.use(
      {
        onCommand(event) {
          if (!kinds.includes(event.kind)) return false;
          act(scanner, value);
          return true;
        },
      },
      times,
      chance,
    );

const refuse = (scanner: SimulatedScanner, cause: number): void =>
  scanner.send([ssiAnswer(SSI.nak, Uint8Array.of(cause))]);

const digits = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 0x30 + (i % 10));
const reversed = (data: Uint8Array): Uint8Array => Uint8Array.from(data).reverse();

/** What can go wrong with a code scanner (devices.md §6). The names stay. What a scanner of a kind cannot do changes nothing on it. */
export const scannerFaults = {
  'ends-with-cr': { zh: '条码以 CR 结尾', en: 'codes end with CR', apply: inManner(() => ({ ending: '\r' })) },
  'ends-with-lf': { zh: '条码以 LF 结尾', en: 'codes end with LF', apply: inManner(() => ({ ending: '\n' })) },
  'ends-with-crlf': {
    zh: '条码以 CR LF 结尾',
    en: 'codes end with CR LF',
    apply: inManner(() => ({ ending: '\r\n' })),
  },
  'ends-with-nothing': { zh: '条码无结尾符', en: 'codes have no ending', apply: inManner(() => ({ ending: '' })) },
  split: {
    zh: '条码逐字节到达',
    en: 'a code comes byte by byte',
    value: { unit: 'ms', byDefault: 10 },
    apply: sending((scanner, { encode }, value) => {
      const chunks = encode();
      if (scanner.profile.kind === 'hid') scanner.send(chunks);
      else
        scanner.send(
          chunks.flatMap((chunk) => Array.from(chunk, (byte) => Uint8Array.of(byte))),
          value,
        );
    }),
  },
  'two-codes': {
    zh: '一次送来两个条码',
    en: 'two codes at once',
    apply: sending((scanner, { data, encode }) => {
      const chunks = [...encode(), ...encode({}, reversed(data))];
      scanner.send(scanner.profile.kind === 'hid' ? chunks : [Buffer.concat(chunks)]);
    }),
  },
  'long-code': {
    zh: '超长条码',
    en: 'a very long code',
    value: { unit: 'bytes', byDefault: 2_048 },
    apply: sending((scanner, { encode }, value) => scanner.send(encode({}, digits(value)))),
  },
  'non-ascii': {
    zh: '条码含中文 (UTF-8)',
    en: 'a code with Chinese text in UTF-8',
    apply: sending((scanner, { encode }) => scanner.send(encode({}, Buffer.from(CHINESE, 'utf8')))),
  },
  'non-ascii-gbk': {
    zh: '条码含中文 (GBK)',
    en: 'a code with Chinese text in GBK',
    apply: sending((scanner, { encode }) => scanner.send(encode({}, CHINESE_GBK))),
  },
  duplicate: {
    zh: '同一条码再次读出',
    en: 'the same code once more',
    value: { unit: 'ms', byDefault: 200 },
    apply: sending((scanner, { encode }, value) => {
      scanner.send(encode());
      scanner.later(value, () => scanner.send(encode()));
    }),
  },
  'scan-when-not-asked': {
    zh: '未要求时扫码',
    en: 'a code that nobody asked for',
    apply(scanner, { chance }) {
      if (chance()) scanner.trigger(UNASKED_CODE);
    },
  },
  'hid-multi-report': {
    zh: '条码分多个 HID 报告',
    en: 'a code in several HID reports',
    value: { unit: 'bytes', byDefault: 8 },
    apply: inManner((value) => ({ partLength: value })),
  },
  'hid-aim-at-2': { zh: 'AIM 标识在第 2 字节', en: 'AIM id at byte 2', apply: inManner(() => ({ aimAt: 2 })) },
  'hid-aim-at-3': { zh: 'AIM 标识在第 3 字节', en: 'AIM id at byte 3', apply: inManner(() => ({ aimAt: 3 })) },
  'hid-lost-report': {
    zh: '丢失最后一个 HID 报告',
    en: 'the last HID report of a code is lost',
    apply: sendingBy('hid', (scanner, { data, encode }) =>
      scanner.send(encode({ partLength: Math.ceil(data.length / 2) }).slice(0, -1)),
    ),
  },
  'hid-extra-report': {
    zh: '多余的空 HID 报告',
    en: 'empty HID reports around a code',
    apply: sendingBy('hid', (scanner, { encode }) => {
      const [empty = new Uint8Array(0)] = encode({}, Uint8Array.of(0x30)).map((report) => report.with(1, 0));
      scanner.send([empty, ...encode(), empty]);
    }),
  },
  'ssi-nak': {
    zh: '扫码器拒绝启动 (NAK)',
    en: 'the scanner refuses to read (NAK)',
    value: { unit: 'status', byDefault: NOT_HOST_MODE },
    apply: commanded(['start'], refuse),
  },
  'ssi-not-host-mode': {
    zh: '扫码器不在主机模式',
    en: 'the scanner is not in host mode and refuses every command',
    apply: commanded(['start', 'stop'], (scanner) => refuse(scanner, NOT_HOST_MODE)),
  },
  'ssi-no-ack': {
    zh: '扫码器不应答',
    en: 'no ACK from the scanner',
    apply: commanded(['start'], () => undefined),
  },
  'ssi-bad-checksum': {
    zh: '扫码器应答校验错',
    en: 'an ACK with a wrong checksum',
    apply: commanded(['start'], (scanner) => {
      const ack = ssiAnswer(SSI.ack);
      scanner.send([ack.with(-1, (ack.at(-1) ?? 0) ^ DAMAGE)]);
    }),
  },
} as const satisfies FaultTable<SimulatedScanner>;
