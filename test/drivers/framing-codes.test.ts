import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../drivers/framing/decoder.ts';
import { encodeHidPos, hidPos, hidPosLayouts } from '../../drivers/framing/hid-pos.ts';
import { type LineEnding, lines } from '../../drivers/framing/lines.ts';
import { encodeSsi, SSI, SSI_SOURCE, type SsiFrame, ssiDecoder } from '../../drivers/framing/ssi.ts';
import { testClock } from '../support/test-clock.ts';

const LONGEST = 2_048;
const CODE = '134512345678901234';
const OTHER = '6212345678901234567';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'latin1'));

/** What came out, in words: a code as its text, with its AIM id in front. */
function heard(make: (clock: ReturnType<typeof testClock>, emit: (frame: SsiFrame) => void) => Decoder) {
  const clock = testClock();
  const out: string[] = [];
  const decoder = make(clock, (frame) => {
    switch (frame.kind) {
      case 'code':
        out.push((frame.aim ?? '') + Buffer.from(frame.data).toString('latin1'));
        return;
      case 'unusable':
        out.push(`(${frame.reason})`);
        return;
      case 'wake':
        out.push('(wake)');
        return;
      case 'packet':
        out.push(`(${Buffer.from([frame.packet.opcode, frame.packet.source, ...frame.packet.data]).toString('hex')})`);
    }
  });
  return { clock, out, decoder };
}

const line = (ending: LineEnding) => heard((clock, emit) => lines({ clock, ending, longest: LONGEST }, emit));

describe('codes of a serial scanner', () => {
  const cases: readonly [what: string, ending: LineEnding, sent: string, codes: string[]][] = [
    ['CR', 'cr', `${CODE}\r`, [CODE]],
    ['CR LF', 'crlf', `${CODE}\r\n`, [CODE]],
    ['LF', 'lf', `${CODE}\n`, [CODE]],
    ['no ending', 'gap', CODE, [CODE]],
    ['CR where CR LF is sent', 'cr', `${CODE}\r\n${OTHER}\r\n`, [CODE, OTHER]],
    ['LF where CR LF is sent', 'lf', `${CODE}\r\n${OTHER}\r\n`, [CODE, OTHER]],
    ['no ending where CR LF is sent', 'gap', `${CODE}\r\n`, [CODE]],
    ['CR where LF is sent', 'cr', `${CODE}\n`, ['(incomplete)']],
    ['CR LF where CR is sent', 'crlf', `${CODE}\r`, ['(incomplete)']],
    ['CR where nothing is sent', 'cr', CODE, ['(incomplete)']],
    ['two codes in one chunk', 'cr', `${CODE}\r${OTHER}\r`, [CODE, OTHER]],
    ['the ending within a text', 'crlf', `a\rb\nc\r\n`, ['a\rb\nc']],
    ['endings without a code', 'cr', '\r\r\n\r', []],
    ['the longest code', 'cr', `${'7'.repeat(LONGEST)}\r`, ['7'.repeat(LONGEST)]],
    ['one byte more, and a good one behind', 'cr', `${'7'.repeat(LONGEST + 1)}\r${CODE}\r`, ['(too-long)', CODE]],
    ['far too much', 'crlf', `${'7'.repeat(9_000)}\r\n${CODE}\r\n`, ['(too-long)', CODE]],
    ['far too much without an ending', 'gap', '7'.repeat(9_000), ['(too-long)']],
    ['far too much where another ending is sent', 'cr', '7'.repeat(9_000), ['(too-long)']],
  ];
  it.each(cases)('%s', async (_what, ending, sent, codes) => {
    for (const pieces of [[text(sent)], Array.from(text(sent), (byte) => Uint8Array.of(byte))]) {
      const { clock, out, decoder } = line(ending);
      for (const piece of pieces) decoder.push(piece);
      await clock.advance(500);
      expect(out).toEqual(codes);
      expect(decoder.held()).toBe(0);
      expect(clock.pending()).toBe(0);
    }
  });

  it('without an ending, lets a code pause for 39 ms, not for 40', async () => {
    const { clock, out, decoder } = line('gap');
    decoder.push(text('12'));
    await clock.advance(39);
    decoder.push(text('34'));
    await clock.advance(39);
    expect(out).toEqual([]);
    await clock.advance(1);
    expect(out).toEqual(['1234']);
  });

  it('forgets half a code when the connection is lost', async () => {
    const { clock, out, decoder } = line('cr');
    decoder.push(text('1234'));
    decoder.dropPartial();
    decoder.push(text(`${CODE}\r`));
    expect(out).toEqual([CODE]);
    expect(clock.pending()).toBe(0);
  });
});

describe('packets of a GM72', () => {
  const vectors: readonly [what: string, opcode: number, source: number, data: string, bytes: string][] = [
    ['start decode', SSI.startDecode, SSI_SOURCE.host, '', '04 E4 04 00 FF 14'],
    ['stop decode', SSI.stopDecode, SSI_SOURCE.host, '', '04 E5 04 00 FF 13'],
    ['ACK', SSI.ack, SSI_SOURCE.decoder, '', '04 D0 00 00 FF 2C'],
    ['NAK', SSI.nak, SSI_SOURCE.decoder, '06', '05 D1 00 00 06 FF 24'],
  ];
  it.each(vectors)('%s is as in the manual', (_what, opcode, source, data, bytes) => {
    expect(encodeSsi({ opcode, source, data: hex(data) })).toEqual(hex(bytes));
    const { out, decoder } = ssi();
    for (const byte of hex(bytes)) decoder.push(Uint8Array.of(byte));
    expect(out).toEqual([`(${Buffer.from([opcode, source, ...hex(data)]).toString('hex')})`]);
  });

  const ssi = () => heard((clock, emit) => ssiDecoder({ clock, longest: LONGEST }, emit));
  const ACK = '\x04\xd0\x00\x00\xff\x2c';
  const cases: readonly [what: string, sent: string, out: string[]][] = [
    ['a code behind the answer, in one chunk', `${ACK}${CODE}\r`, ['(d000)', CODE]],
    ['a code without an ending', CODE, [CODE]],
    ['an answer right behind a code', `${CODE}${ACK}`, [CODE, '(d000)']],
    ['an answer behind a code with its ending', `${CODE}\r\n${ACK}`, [CODE, '(d000)']],
    ['a short code', '7', ['7']],
    ['the byte that wakes, and a packet', `\x00${ACK}`, ['(wake)', '(d000)']],
    ['a wrong checksum: what follows may lack its beginning', `\x04\xd0\x00\x00\xff\x2d${CODE}\r`, ['(damaged)']],
    ['a wrong length', `\x44\xd0\x00\x00\xff\x2c`, ['(damaged)']],
    ['a lost byte', `\x04\xd0\x00\xff\x2c${CODE}`, ['(damaged)']],
    ['half a packet', '\x04\xd0\x00', ['(damaged)']],
    ['line noise', '\x01\x7f\x80', ['(damaged)']],
    ['far too much', '7'.repeat(9_000), ['(too-long)']],
    ['one byte too much', '7'.repeat(LONGEST + 1), ['(too-long)']],
  ];
  it.each(cases)('%s', async (_what, sent, expected) => {
    for (const pieces of [[text(sent)], Array.from(text(sent), (byte) => Uint8Array.of(byte))]) {
      const { clock, out, decoder } = ssi();
      for (const piece of pieces) decoder.push(piece);
      await clock.advance(40);
      expect(out).toEqual(expected);
      decoder.push(text(ACK));
      expect(out.at(-1)).toBe('(d000)');
      expect(clock.pending()).toBe(0);
    }
  });
});

describe('reports of an HID POS scanner', () => {
  const { common, microscan } = hidPosLayouts;
  const pos = (layout = common as typeof common | typeof microscan) =>
    heard((clock, emit) => hidPos({ clock, layout, longest: LONGEST }, emit));
  /** A report written out by hand, filled up to 64 bytes. */
  const report = (head: string, code: string, more = 0): Uint8Array => {
    const bytes = new Uint8Array(64);
    bytes.set([...hex(head), ...text(code)]);
    bytes[63] = more;
    return bytes;
  };

  it('reads the report of the manual', () => {
    const { out, decoder } = pos();
    decoder.push(report('02 12 5D 51 31', CODE));
    expect(out).toEqual([`]Q1${CODE}`]);
    const aim = ']Q1';
    expect(encodeHidPos(common, { data: text(CODE), aim })).toEqual([report('02 12 5D 51 31', CODE)]);
  });

  const cases: readonly [what: string, reports: Uint8Array[], out: string[]][] = [
    ['one byte before the AIM id', [report('02 12 00 5D 51 31', CODE)], [`]Q1${CODE}`]],
    ['no AIM id', [report('02 12 00 00 00', CODE)], [CODE]],
    ['a trailing CR', [report('02 13 5D 43 30', `${CODE}\r`)], [`]C0${CODE}`]],
    ['several reports', [report('02 04 5D 51 31', '1234', 1), report('02 02 5D 51 31', '56')], [']Q1123456']],
    ['other bits beside the one that says more', [report('02 04 5D 51 31', '1234', 0xfe)], [']Q11234']],
    ['an empty report', [report('02 00 5D 51 31', '')], []],
    [
      'empty reports around a code',
      [report('02 00 5D 51 31', ''), report('02 12 5D 51 31', CODE), report('02 00 5D 51 31', '')],
      [`]Q1${CODE}`],
    ],
    ['a lost last report', [report('02 04 5D 51 31', '1234', 1)], ['(incomplete)']],
    [
      'another code where a report was lost',
      [report('02 04 5D 51 31', '1234', 1), report('02 12 5D 43 30', CODE)],
      ['(incomplete)', `]C0${CODE}`],
    ],
    ['another report ID', [report('03 12 5D 51 31', CODE)], []],
    ['a length that cannot be', [report('02 39 5D 51 31', CODE)], []],
    ['half a report', [report('02 12 5D 51 31', CODE).subarray(0, 40)], []],
    ['nothing', [new Uint8Array(0)], []],
    [
      'too much, and a good one behind',
      [
        ...Array.from({ length: 40 }, () => report('02 38 5D 51 31', '7'.repeat(56), 1)),
        report('02 01 5D 51 31', '7'),
        report('02 12 5D 51 31', CODE),
      ],
      ['(too-long)', `]Q1${CODE}`],
    ],
  ];
  it.each(cases)('%s', async (_what, reports, expected) => {
    const { clock, out, decoder } = pos();
    for (const one of reports) decoder.push(one);
    await clock.advance(100);
    expect(out).toEqual(expected);
    expect(decoder.held()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('reads what a Microscan sends, a full report being followed by another', async () => {
    const { clock, out, decoder } = pos(microscan);
    decoder.push(report('01 12', CODE));
    expect(out).toEqual([CODE]);
    for (const one of encodeHidPos(microscan, { data: text('8'.repeat(100)), aim: ']Q1' })) decoder.push(one);
    for (const one of encodeHidPos(microscan, { data: text('9'.repeat(62)), aim: ']Q1' })) decoder.push(one);
    await clock.advance(100);
    expect(out).toEqual([CODE, '8'.repeat(100), '9'.repeat(62)]);
  });
});

describe('whatever comes', () => {
  const kinds: readonly [string, (clock: ReturnType<typeof testClock>, emit: (frame: SsiFrame) => void) => Decoder][] =
    [
      ['CR', (clock, emit) => lines({ clock, ending: 'cr', longest: LONGEST }, emit)],
      ['CR LF', (clock, emit) => lines({ clock, ending: 'crlf', longest: LONGEST }, emit)],
      ['gap', (clock, emit) => lines({ clock, ending: 'gap', longest: LONGEST }, emit)],
      ['SSI', (clock, emit) => ssiDecoder({ clock, longest: LONGEST }, emit)],
      ['HID', (clock, emit) => hidPos({ clock, layout: hidPosLayouts.common, longest: LONGEST }, emit)],
    ];
  it.each(kinds)('%s: never throws, keeps no more than its bound, and is empty after a pause', async (_what, make) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (chunks) => {
        const { clock, decoder } = heard(make);
        for (const chunk of chunks) decoder.push(chunk);
        expect(decoder.held()).toBeLessThanOrEqual(LONGEST + 2);
        await clock.advance(500);
        expect(decoder.held()).toBe(0);
        expect(clock.pending()).toBe(0);
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
