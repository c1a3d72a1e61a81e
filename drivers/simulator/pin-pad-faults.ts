import { encodeK100 } from '../framing/k100.ts';
import { ACK, KEY_NOTICE, NAK_CODE, RESULT_LENGTH } from '../pin-pad/k100-codes.ts';
import type { Behaviour } from './behaviours.ts';
import type { Fault, FaultTable } from './fault.ts';
import { isCancelCommand, isPinCommand, type SimulatedPinPad } from './simulated-pin-pad.ts';

const ANY_PIN = '123456';
const BODY_AT = 3;
const FRAME_BYTES = 6;

/** What can go wrong at a PIN pad; what any wire can do is in wire-faults.ts. `value` of `nak` is the two bytes of its code. */
export const pinPadFaults = {
  'pin-cancel': onAsk('持卡人取消', 'the customer cancels', (pad, command) => {
    pad.begin(command);
    pad.pressCancel();
  }),
  'pin-timeout': onAsk(
    '密码键盘等待超时',
    'the pad itself waits no longer',
    (pad, command, ms) => pad.begin(command, ms),
    { unit: 'ms', byDefault: 10_000 },
  ),
  'key-absent': refusing('密钥未装载', 'no PIN key is loaded', NAK_CODE.keyAbsent),
  'keys-exhausted': refusing('密钥已用尽', 'the PIN keys are used up', NAK_CODE.keysExhausted),
  'card-number-refused': refusing('卡号被拒', 'the card number is refused', NAK_CODE.cardNumber),
  'parameters-refused': refusing('参数错误', 'the parameters are refused', NAK_CODE.parameters),
  'unknown-command': refusing('命令不支持', 'the command is not known', NAK_CODE.unknownCommand),
  'battery-low': refusing('电池电量低', 'the battery is low', NAK_CODE.batteryLow),
  tampered: refusing('防拆触发', 'the pad was taken off its place', NAK_CODE.removed),
  suspended: refusing('输入过于频繁', 'too many PINs in a short time', NAK_CODE.suspended),
  busy: refusing('密码键盘忙', 'the pad is busy', NAK_CODE.busy),
  'frame-refused': refusing('帧校验被拒', 'our frame arrived damaged', NAK_CODE.frame),
  nak: onAsk('拒绝(自定代码)', 'a refusal with any code', (pad, _command, code) => pad.refuse(code), {
    unit: 'status',
    byDefault: 0x5500,
  }),
  'bad-lrc': changed('LRC 错误', 'a wrong LRC', isResult, flipped(-3)),
  'bad-sum': changed('SUM 错误', 'a wrong SUM', isResult, flipped(-2)),
  'bad-end': changed('结束符错误', 'a wrong last byte', isResult, flipped(-1)),
  'bad-length': changed('长度错误', 'a wrong length', isResult, flipped(1)),
  'truncated-result': changed(
    '结果截断',
    'only the first bytes of the result arrive',
    isResult,
    (frame, count) => frame.slice(0, count),
    { unit: 'bytes', byDefault: 20 },
  ),
  'short-result': changed('结果过短', 'half a PIN block', isResult, (frame) =>
    encodeK100(bodyOf(frame).slice(0, RESULT_LENGTH - 8)),
  ),
  'malformed-result': changed('结果格式错误', 'a PIN block that is no hex', isResult, (frame) =>
    encodeK100(bodyOf(frame).fill(0x7a, RESULT_LENGTH - 16)),
  ),
  'lost-result': changed('结果丢失', 'the result does not arrive', isResult, () => undefined),
  'late-result': {
    zh: '结果迟到',
    en: 'the result comes later',
    value: { unit: 'ms', byDefault: 90_000 },
    apply(pad, { value, times, chance }) {
      const later: Behaviour<Uint8Array> = {
        onSend(frame, deliver) {
          if (isResult(frame)) pad.clock.after(value, () => deliver(frame));
          else deliver(frame);
        },
      };
      pad.use(later, times, chance);
    },
  },
  'result-crosses-cancel': onCancel('结果与取消交叉', 'the result is on its way when the cancel comes', (pad) => {
    pad.enterPin(ANY_PIN);
    pad.refuse(NAK_CODE.cancelled);
  }),
  'result-after-cancel': onCancel('取消后仍返回结果', 'a result after the cancel was confirmed', (pad) => {
    pad.refuse(NAK_CODE.cancelled);
    pad.enterPin(ANY_PIN);
  }),
  'cancel-confirmed-twice': onCancel('取消应答两次', 'a cancel is confirmed twice', (pad) => {
    pad.restart();
    pad.refuse(NAK_CODE.cancelled);
    pad.refuse(NAK_CODE.cancelled);
  }),
  'cancel-ignored': onCancel('取消无应答', 'a cancel is not confirmed', (pad) => pad.restart()),
  restart: onAsk('密码键盘重启', 'the pad restarts and forgets that it was asked', (pad, command) => {
    pad.begin(command);
    pad.restart();
  }),
  'digits-cleared': onAsk(
    '按键超时清空',
    'what was typed is cleared when Enter does not follow',
    (pad, command, ms) => {
      pad.begin(command);
      pad.typeDigits('12');
      pad.clock.after(ms, () => pad.clearDigits());
    },
    { unit: 'ms', byDefault: 20_000 },
  ),
  'acknowledged-first': onAsk(
    '先应答再等待',
    'the command is acknowledged before the PIN is waited for',
    (pad, command) => {
      pad.send(Uint8Array.of(ACK));
      pad.begin(command);
    },
  ),
  'bare-key-notices': changed('按键通知不成帧', 'key notices come without a frame', isNotice, bodyOf),
  'no-key-notices': changed('无按键通知', 'the pad says nothing of its keys', isNotice, () => undefined),
  'other-card': onAsk('PIN 块属于另一张卡', 'the PIN block is made for another card number', (pad, command) =>
    // The last digit but one: the check digit is no part of a PIN block.
    pad.begin(command.map((byte, at) => (at === command.length - 2 ? 0x30 + ((byte - 0x2f) % 10) : byte))),
  ),
} as const satisfies FaultTable<SimulatedPinPad>;

type Value = NonNullable<Fault<never>['value']>;

/** Does `act` with the command that asks for a PIN, instead of what a good pad does. */
function onAsk(
  zh: string,
  en: string,
  act: (pad: SimulatedPinPad, command: Uint8Array, value: number) => void,
  takes?: Value,
): Fault<SimulatedPinPad> {
  const onCommand = (pad: SimulatedPinPad, value: number) => (command: Uint8Array) => {
    if (!isPinCommand(command)) return false;
    act(pad, command, value);
    return true;
  };
  const valued = takes && { value: takes };
  return {
    zh,
    en,
    ...valued,
    apply: (pad, { value, times, chance }) => pad.use({ onCommand: onCommand(pad, value) }, times, chance),
  };
}

function refusing(zh: string, en: string, code: number): Fault<SimulatedPinPad> {
  return onAsk(zh, en, (pad) => pad.refuse(code));
}

/** The same for a cancel, when there is something to cancel. */
function onCancel(zh: string, en: string, act: (pad: SimulatedPinPad) => void): Fault<SimulatedPinPad> {
  const onCommand = (pad: SimulatedPinPad) => (command: Uint8Array) => {
    if (!isCancelCommand(command) || !pad.isWaiting()) return false;
    act(pad);
    return true;
  };
  return { zh, en, apply: (pad, { times, chance }) => pad.use({ onCommand: onCommand(pad) }, times, chance) };
}

/** `change` gives what is sent instead of such a frame; undefined: nothing. */
function changed(
  zh: string,
  en: string,
  which: (frame: Uint8Array) => boolean,
  change: (frame: Uint8Array, value: number) => Uint8Array | undefined,
  takes?: Value,
): Fault<SimulatedPinPad> {
  const onSend = (value: number) => (frame: Uint8Array, deliver: (frame: Uint8Array) => void) => {
    const out = which(frame) ? change(frame, value) : frame;
    if (out) deliver(out);
  };
  const valued = takes && { value: takes };
  return {
    zh,
    en,
    ...valued,
    apply: (pad, { value, times, chance }) => pad.use({ onSend: onSend(value) }, times, chance),
  };
}

function bodyOf(frame: Uint8Array): Uint8Array {
  return frame.slice(BODY_AT, frame.length - (FRAME_BYTES - BODY_AT));
}

function isResult(frame: Uint8Array): boolean {
  return frame.length === RESULT_LENGTH + FRAME_BYTES && frame[BODY_AT] === ACK;
}

function isNotice(frame: Uint8Array): boolean {
  return frame.length === 1 + FRAME_BYTES && Object.values(KEY_NOTICE).some((key) => key === frame[BODY_AT]);
}

/** The byte at this place, counted from the end when negative, has a wrong bit. */
function flipped(at: number): (frame: Uint8Array) => Uint8Array {
  return (frame) => frame.with(at, (frame.at(at) ?? 0) ^ 0x01);
}
