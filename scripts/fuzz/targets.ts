import { decodeCardAnswer, decodeContactAnswer } from '../../drivers/card-reader/card-answer.ts';
import { decodeCard, decodeChip } from '../../drivers/card-reader/decode-card.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { printerStatusDecoder } from '../../drivers/framing/escpos-status.ts';
import { hidKeys } from '../../drivers/framing/hid-keys.ts';
import { HID_POS_REPORT_LENGTH, hidPos, hidPosLayouts } from '../../drivers/framing/hid-pos.ts';
import { reportDecoder, toReports } from '../../drivers/framing/hid-report.ts';
import { encodeK100, k100Decoder } from '../../drivers/framing/k100.ts';
import { type LineEnding, lines } from '../../drivers/framing/lines.ts';
import { encodeSsi, SSI, SSI_SOURCE, ssiDecoder } from '../../drivers/framing/ssi.ts';
import { decodeTlv } from '../../drivers/framing/tlv.ts';
import { encodeVivotech2, MAX_FRAME_LENGTH, vivotech2Decoder } from '../../drivers/framing/vivotech2.ts';
import { ttyKeys } from '../../drivers/keypad/tty-keys.ts';
import { bitmapFromPbm } from '../../drivers/printer/bitmap.ts';
import { decodeCode } from '../../drivers/scanner/decode-code.ts';
import { LONGEST_CODE } from '../../drivers/scanner/profiles.ts';
import { TerminalError } from '../../terminal/base/errors.ts';
import { readTitleCode } from '../../terminal/invoices/title-code.ts';
import { decoderTarget, type FuzzTarget } from './target.ts';

/** Every parser of what a device, a customer's code, or a file of a merchant, says. */

const ping = (direction: 'command' | 'answer'): Uint8Array =>
  encodeVivotech2(direction, { command: 0x18, sub: 0x01, data: new Uint8Array(0) });
const code = Buffer.from('134567890123456789', 'latin1');
/** A line break may have to be kept until it is known to be one. */
const LONGEST_LINE = LONGEST_CODE + 2;

const vivotech2 = (direction: 'command' | 'answer'): FuzzTarget =>
  decoderTarget({
    name: `vivotech2-${direction}`,
    boundBytes: MAX_FRAME_LENGTH,
    make: (_, emit) => vivotech2Decoder(direction, emit),
    good: [ping(direction)],
  });

const scannerLines = (ending: LineEnding, last: string): FuzzTarget =>
  decoderTarget({
    name: `lines-${ending}`,
    boundBytes: LONGEST_LINE,
    make: (clock, emit) => lines({ clock, ending, longest: LONGEST_CODE }, (frame) => frame.kind === 'code' && emit()),
    good: [Uint8Array.from([...code, ...Buffer.from(last, 'latin1')])],
  });

const posReport = (layout: keyof typeof hidPosLayouts): Uint8Array => {
  const { reportId, dataAt } = hidPosLayouts[layout];
  const report = new Uint8Array(HID_POS_REPORT_LENGTH);
  report.set([reportId, code.length]);
  if (layout === 'common') report.set(Buffer.from(']Q1', 'latin1'), 2);
  report.set(code, dataAt);
  return report;
};

const hidScanner = (layout: keyof typeof hidPosLayouts): FuzzTarget =>
  decoderTarget({
    name: `hid-pos-${layout}`,
    boundBytes: LONGEST_LINE + HID_POS_REPORT_LENGTH,
    reportBytes: HID_POS_REPORT_LENGTH,
    make: (clock, emit) =>
      hidPos(
        { clock, layout: hidPosLayouts[layout], longest: LONGEST_CODE },
        (frame) => frame.kind === 'code' && emit(),
      ),
    good: [posReport(layout)],
  });

/** A function that is given the whole input at once. */
const whole = (
  name: string,
  parse: (bytes: Uint8Array) => void,
  own: (error: unknown) => boolean = isDeviceError,
): FuzzTarget => ({
  name,
  boundBytes: undefined,
  feed: (chunks) => parse(Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))),
  own,
});

const released = new Uint8Array(8);

export const fuzzTargets: readonly FuzzTarget[] = [
  vivotech2('answer'),
  vivotech2('command'),
  decoderTarget({
    name: 'hid-report',
    boundBytes: MAX_FRAME_LENGTH + 63,
    reportBytes: 64,
    make: (_, emit) => reportDecoder(emit),
    good: toReports(encodeVivotech2('answer', { command: 0x02, sub: 0x23, data: new Uint8Array(300) })),
  }),
  whole('tlv', (bytes) => void decodeTlv(bytes)),
  whole('card-answer', (bytes) => void decodeCard('card-reader', decodeCardAnswer('card-reader', bytes), false)),
  whole('chip-answer', (bytes) => {
    const half = bytes.length >> 1;
    const started = decodeContactAnswer('card-reader', bytes.slice(0, half));
    decodeChip('card-reader', started, decodeContactAnswer('card-reader', bytes.slice(half)));
  }),
  decoderTarget({
    name: 'escpos-status',
    boundBytes: 81,
    make: (_, emit) => printerStatusDecoder(emit),
    good: [Uint8Array.of(0x12)],
  }),
  decoderTarget({
    name: 'k100',
    boundBytes: 70,
    make: (_, emit) => k100Decoder(emit),
    good: [encodeK100(Uint8Array.of(0x15, 0x18, 0x00))],
  }),
  scannerLines('cr', '\r'),
  scannerLines('crlf', '\r\n'),
  scannerLines('lf', '\n'),
  scannerLines('gap', ''),
  decoderTarget({
    name: 'ssi',
    boundBytes: LONGEST_LINE,
    make: (clock, emit) => ssiDecoder({ clock, longest: LONGEST_CODE }, (frame) => frame.kind === 'packet' && emit()),
    good: [encodeSsi({ opcode: SSI.ack, source: SSI_SOURCE.decoder, data: new Uint8Array(0) })],
  }),
  hidScanner('common'),
  hidScanner('microscan'),
  whole('code', (bytes) => void decodeCode(bytes, bytes[0] === undefined ? undefined : ']Q1')),
  whole(
    'title-code',
    (bytes) => void readTitleCode(Buffer.from(bytes).toString('utf8')),
    (error) => error instanceof TerminalError,
  ),
  decoderTarget({
    name: 'hid-keys',
    boundBytes: 8,
    reportBytes: 8,
    make: (clock, emit) => hidKeys(clock, (frame) => frame.kind === 'key' && emit()),
    good: [released, Uint8Array.of(0, 0, 0x59, 0, 0, 0, 0, 0)],
  }),
  decoderTarget({
    name: 'tty-keys',
    boundBytes: 17,
    make: (clock, emit) => ttyKeys(clock, emit),
    good: [Buffer.from('1', 'latin1')],
  }),
  whole(
    'bitmap',
    (bytes) => void bitmapFromPbm(bytes, 576),
    (error) => error instanceof RangeError,
  ),
];
