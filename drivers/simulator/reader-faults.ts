import {
  ATTRIBUTION,
  COMMAND,
  CRYPTOGRAM,
  ERROR,
  ERROR_CODE,
  PIN_STATE,
  RESULT,
  STATUS,
  SUB,
  TAG,
  VERIFICATION,
} from '../card-reader/codes.ts';
import { REPORT_ID } from '../framing/hid-report.ts';
import { encodeTlv, fromHex } from '../framing/tlv.ts';
import { encodeVivotech2, MAX_DATA_LENGTH, type Vivotech2Frame } from '../framing/vivotech2.ts';
import type { FaultTable } from './fault.ts';
import type { SimulatedReader } from './simulated-reader.ts';
import { failureData } from './simulated-reader-answers.ts';
import {
  answerPin,
  askingInstead,
  attributionOf,
  type CardStep,
  failed,
  failing,
  now,
  onActivation,
  onAnswer,
  onCancel,
  onChipFinish,
  onChipStart,
  onPinRead,
  onReport,
  withAttribution,
  withBody,
  withEach,
  withResult,
  withTag,
} from './simulated-reader-misbehaviour.ts';

const NO_DATA = new Uint8Array(0);
const ANY_CARD = { pan: '6222021234567890128', expiry: '3012' };
const MENU = Uint8Array.of(0x01, 0, 0);
const TAMPER = 0x1d;
const ANY_KSN = fromHex('FFFF9876543210E00001');

/** Whatever says something of the card before the host is asked. */
const READ: readonly CardStep[] = ['card', 'start', 'authenticate'];
/** Where the card's cryptogram is. */
const PROOF: readonly CardStep[] = ['card', 'authenticate'];
const STATUS_VALUE = (byDefault: number) => ({ unit: 'status', byDefault }) as const;

const isSwipe = (frame: Vivotech2Frame): boolean => (attributionOf(frame) & ATTRIBUTION.swipeMask) !== 0;
/** Track 2 begins with a semicolon. */
const spoilt = (byte: number): number => (byte === 0x3b ? 0x45 : byte);

const activationAnswer = (sub: number, data: Uint8Array = NO_DATA): Vivotech2Frame => ({
  command: COMMAND.activate,
  sub,
  data,
});
const cardEvent = activationAnswer(STATUS.userInterfaceEvent, Uint8Array.of(0x01));
const cancelAnswer: Vivotech2Frame = { command: COMMAND.cancel, sub: STATUS.ok, data: NO_DATA };

const verified = (zh: string, en: string, code: number) =>
  onAnswer(PROOF, `持卡人验证: ${zh}`, `card holder: ${en}`, (frame) => [withTag(frame, TAG.verification, code)]);

/** devices.md §6, "Card reader". What any wire can do is in wire-faults.ts. */
export const readerFaults = {
  status: onActivation(
    '刷卡命令返回指定状态',
    'the wait for a card is answered with this status',
    (reader, status) => reader.send(activationAnswer(status)),
    STATUS_VALUE(STATUS.badParameter),
  ),
  tamper: onActivation('读卡器防拆触发', 'the reader was opened', (reader) => reader.send(activationAnswer(TAMPER))),
  'online-without-data': onActivation('要求联机但无数据', 'asks to go on-line without any data', (reader) =>
    reader.send(activationAnswer(STATUS.onlineRequest)),
  ),
  'card-events': onAnswer(['card'], '连续的感应事件', 'several events before the answer', (frame) => [
    cardEvent,
    cardEvent,
    frame,
  ]),
  'crc-byte-order': onAnswer(READ, 'CRC 字节序错误', 'a CRC in the wrong byte order', (frame) => {
    const bytes = encodeVivotech2('answer', frame);
    return [Uint8Array.of(...bytes.subarray(0, -2), bytes.at(-1) ?? 0, bytes.at(-2) ?? 0)];
  }),

  'two-cards': failing('两张卡', 'two cards at once', ERROR_CODE['two-cards']),
  expired: failing('卡已过期', 'the card has expired', ERROR_CODE.expired),
  blocked: failing('卡被锁', 'the card is blocked', ERROR_CODE.blocked),
  unsupported: failing('不支持的卡', 'a card that is not supported', ERROR_CODE.unsupported),
  removed: failing('过早拿开', 'removed early', ERROR_CODE.removed),
  'no-response': failing('卡无响应', 'the card does not respond', ERROR.noResponse),
  'card-error': failing('卡片返回错误', 'the card answers with an error', ERROR_CODE.chip),
  'over-limit': failing('超出闪付限额', 'over the contactless limit', ERROR_CODE['use-chip']),
  'card-declined': failing('卡片拒绝', 'the card declines', ERROR_CODE.declined),
  'error-code': onAnswer(
    ['card', 'start'],
    '交易失败(自定代码)',
    'fails with this error code',
    (frame, errorCode) => [failed(frame, errorCode)],
    STATUS_VALUE(0x62),
  ),
  'go-to-contact': onActivation('要求插卡', 'asks for the chip, and no card is inserted', (reader) =>
    reader.send(activationAnswer(STATUS.failed, failureData(ERROR.goToContact))),
  ),
  'removed-in-authentication': onAnswer(
    ['authenticate'],
    '读芯片时拔卡',
    'pulled out while the chip works',
    (frame) => [failed(frame, ERROR_CODE.removed)],
  ),
  'removed-before-finish': onAnswer(['finish'], '等主机时拔卡', 'pulled out while the host is asked', (frame) => [
    failed(frame, ERROR.noResponse),
  ]),

  aac: onAnswer(PROOF, '卡片自行拒绝 (AAC)', 'the card declines by itself (AAC)', (frame) => [
    withResult(withTag(frame, TAG.cryptogramKind, CRYPTOGRAM.aac), RESULT.declinedOffline),
  ]),
  'tc-offline': onAnswer(PROOF, '卡片脱机批准 (TC)', 'the card approves by itself (TC)', (frame) => [
    withResult(withTag(frame, TAG.cryptogramKind, CRYPTOGRAM.tc), RESULT.approvedOffline),
  ]),
  'finish-aac': onAnswer(
    ['finish'],
    '主机批准后卡片拒绝 (AAC)',
    'the card refuses what the host approved (AAC)',
    (frame) => [withResult(withTag(frame, TAG.cryptogramKind, CRYPTOGRAM.aac), RESULT.declined)],
  ),
  'finish-arqc': onAnswer(['finish'], '结束时仍为 ARQC', 'at the end the card still asks the host (ARQC)', (frame) => [
    withTag(frame, TAG.cryptogramKind, CRYPTOGRAM.arqc),
  ]),
  'finish-tc': onAnswer(
    ['finish'],
    '结束时卡片接受 (TC)',
    'at the end the card accepts, whatever the host said (TC)',
    (frame) => [withResult(withTag(frame, TAG.cryptogramKind, CRYPTOGRAM.tc), RESULT.approved)],
  ),
  'finish-of-another': onAnswer(
    ['finish'],
    '返回另一笔交易的结果',
    'at the end the chip answers for another payment',
    (frame) => [withTag(frame, TAG.atc, 0x77, 0x77)],
  ),
  'finish-without-result': onAnswer(['finish'], '结束时无密文信息', 'at the end the card says nothing', (frame) => [
    withBody(frame, () => NO_DATA),
  ]),

  'cvm-none': verified('无', 'none', VERIFICATION.none),
  'cvm-signature': verified('签名', 'signature', VERIFICATION.signature),
  'cvm-online-pin': verified('联机密码', 'on-line PIN', VERIFICATION['online-pin']),
  'cvm-cdcvm': verified('手机验证', 'by the telephone', VERIFICATION.cdcvm),
  'cvm-unknown': verified('未知', 'unknown', 0x7f),

  encrypted: onAnswer(READ, '卡数据被加密 (KSN)', 'encrypted card data with a KSN', (frame) => [
    withAttribution(withTag(frame, TAG.ksn, ...ANY_KSN), (byte) => byte | ATTRIBUTION.encryptedMask),
  ]),
  'contactless-stripe': onAnswer(['card'], '非接磁条模式', 'contactless in stripe mode', (frame) =>
    isSwipe(frame) ? undefined : [withAttribution(frame, () => ATTRIBUTION.contactlessStripe)],
  ),
  'damaged-stripe': onAnswer(['card'], '磁道损坏', 'a damaged stripe', (frame) =>
    isSwipe(frame) ? [withEach(frame, (tag, value) => encodeTlv([[tag, value.map(spoilt)]]))] : undefined,
  ),
  'chip-broken': onAnswer(['start'], '芯片损坏', 'the chip is broken: use the stripe', (frame) => [
    withResult({ ...frame, data: frame.data.subarray(0, 3) }, RESULT.useStripe),
  ]),

  'tlv-long-lengths': onAnswer(READ, 'TLV 长格式长度', 'TLV lengths in three bytes', (frame) => [
    withEach(frame, (tag, value) =>
      Uint8Array.of(...fromHex(tag), 0x82, value.length >> 8, value.length & 0xff, ...value),
    ),
  ]),
  'tlv-padding': onAnswer(READ, 'TLV 之间有填充', 'padding between TLV objects', (frame) => [
    withEach(frame, (tag, value) => Uint8Array.of(0x00, 0xff, ...encodeTlv([[tag, value]]), 0x00)),
  ]),
  'tlv-unknown-tags': onAnswer(READ, '未知 TLV 标签', 'TLV tags that nobody knows', (frame) => [
    withTag(withTag(frame, 'DFAE77', 1, 2, 3), '9F7C', 4, 5),
  ]),
  'tlv-truncated': onAnswer(READ, 'TLV 截断', 'the last TLV object breaks off', (frame) => [
    withBody(frame, (tlv) => tlv.subarray(0, -1)),
  ]),
  'tlv-indefinite': onAnswer(READ, 'TLV 不定长', 'a TLV object of indefinite length', (frame) => [
    withBody(frame, (tlv) => Uint8Array.of(0x70, 0x80, ...tlv, 0, 0)),
  ]),
  'tlv-repeated': onAnswer(READ, 'TLV 重复', 'each TLV object twice', (frame) => [
    withBody(frame, (tlv) => Uint8Array.of(...tlv, ...tlv)),
  ]),
  'tlv-contradiction': onAnswer(READ, 'TLV 重复且不一致', 'two values for a tag', (frame) => [
    withBody(withTag(frame, TAG.expiry, 0x30, 0x12, 0x31), (tlv) =>
      Uint8Array.of(...tlv, ...encodeTlv([[TAG.expiry, Uint8Array.of(0x31, 0x12, 0x31)]])),
    ),
  ]),
  'answer-1500-bytes': onAnswer(READ, '1500 字节的应答', 'an answer of 1500 bytes', (frame) => {
    const filler = new Uint8Array(MAX_DATA_LENGTH - frame.data.length - 6).fill(0x55);
    return [withBody(frame, (tlv) => Uint8Array.of(...tlv, ...encodeTlv([['DFAE77', filler]])))];
  }),

  'cancel-races-result': onCancel('结果与取消交叉', 'the result is on its way when the cancel comes', (reader) => {
    reader.send(reader.resultFor(ANY_CARD));
    reader.send(cancelAnswer);
  }),
  'result-after-cancel': onCancel(
    '取消后仍返回结果',
    'a result comes after the cancel was confirmed',
    (reader, ms) => {
      const late = reader.resultFor(ANY_CARD);
      reader.send(cancelAnswer);
      reader.clock.after(ms, () => reader.send(late));
    },
    { unit: 'ms', byDefault: 200 },
  ),
  'cancel-unanswered': onCancel('取消无应答', 'a cancel is not confirmed', () => undefined),
  'cancelled-by-ping': onActivation(
    '等卡被心跳取消',
    'the wait for a card ends without a word, as by a ping',
    () => undefined,
  ),

  'boot-message': now('读卡器重启', 'the reader restarts and says so', (reader) => reader.restart()),
  'restart-while-waiting': onActivation('等卡时重启', 'the reader restarts while it waits', (reader) =>
    reader.restart(),
  ),
  'restart-before-finish': onChipFinish('等主机时重启', 'the reader restarts while the host is asked', (reader) =>
    reader.restart(),
  ),
  'chip-not-taken': onChipStart('芯片命令无应答', 'the command for the chip is not taken', () => undefined),
  'asks-for-menu': askingInstead('要求选择应用', 'asks which application to use', SUB.askDisplay, MENU),
  'asks-for-pin': askingInstead('要求输入密码', 'asks the terminal for a PIN', SUB.askPin, NO_DATA),
  'asks-for-stripe': askingInstead('要求刷磁条', 'asks the terminal for the stripe', SUB.askStripe, NO_DATA),

  'pin-cancel': onPinRead('持卡人取消输密', 'the customer cancels the PIN', (reader) =>
    answerPin(reader, STATUS.failed, PIN_STATE.keypadCancel),
  ),
  'pin-timeout': onPinRead('输密超时', 'the reader waits no longer for a PIN', (reader) =>
    answerPin(reader, STATUS.timeout),
  ),
  'pin-key-absent': onPinRead('密钥未装载', 'no PIN key is loaded', (reader) =>
    answerPin(reader, STATUS.failed, PIN_STATE.keyAbsent),
  ),
  'pin-keys-exhausted': onPinRead('密钥已用尽', 'the PIN keys are used up', (reader) =>
    answerPin(reader, STATUS.failed, PIN_STATE.keysExhausted),
  ),
  'pin-state': onPinRead(
    '输密结束(自定状态)',
    'the PIN entry ends with this state',
    (reader, state) => answerPin(reader, STATUS.failed, state),
    STATUS_VALUE(PIN_STATE.parameters),
  ),
  'pin-malformed': onPinRead('PIN 块格式错误', 'a PIN block that is none', (reader) =>
    answerPin(reader, STATUS.ok, PIN_STATE.ok, 0x31, 0x32),
  ),
  'pin-unknown': onPinRead('读卡器无密码键盘', 'the reader has no keys', (reader) =>
    reader.send({ command: COMMAND.pin, sub: STATUS.unknownCommand, data: NO_DATA }),
  ),
  'pin-not-taken': onPinRead('输密命令无应答', 'the command for a PIN is not taken', () => undefined),
  'pin-result-only': onPinRead('输密缺第一应答', 'the first answer for a PIN is missing', (reader) =>
    reader.send({ command: COMMAND.pin, sub: STATUS.failed, data: Uint8Array.of(PIN_STATE.keypadCancel) }),
  ),

  'hid-lost-first': onReport('丢失首个 HID 报告', 'the first HID report is lost', REPORT_ID.first, () => []),
  'hid-lost-middle': onReport('丢失中间 HID 报告', 'a middle HID report is lost', REPORT_ID.middle, () => []),
  'hid-lost-last': onReport('丢失末个 HID 报告', 'the last HID report is lost', REPORT_ID.last, () => []),
  'hid-out-of-order': onReport(
    'HID 报告次序错误',
    'the last HID report comes before a middle one',
    REPORT_ID.middle,
    (report) => [report.with(0, REPORT_ID.last)],
  ),
  'hid-unknown-id': onReport(
    '未知 HID 报告',
    'a HID report with an unknown ID in between',
    REPORT_ID.middle,
    (report) => [report.with(0, 0x55), report],
  ),
} as const satisfies FaultTable<SimulatedReader>;
