import { describe, expect, it } from 'vitest';
import { toReports } from '../../../drivers/framing/hid-report.ts';
import { encodeK100 } from '../../../drivers/framing/k100.ts';
import { decodeTlv, encodeTlv, findTag, fromHex } from '../../../drivers/framing/tlv.ts';
import { encodeVivotech2, type Vivotech2Frame, vivotech2Decoder } from '../../../drivers/framing/vivotech2.ts';
import type { DeviceName, WireEvent } from '../../../terminal/bench/contract.ts';
import { dialectsFor } from '../../../terminal/bench/dialects/dialects.ts';
import { type RecordedLine, recorder } from '../../../terminal/bench/recording.ts';
import { wireLog } from '../../../terminal/bench/wire-log.ts';
import { WireReader } from '../../../terminal/bench/wire-reader.ts';
import { readConfig } from '../../../terminal/config.ts';
import { canary, traces, tracesIn } from '../../support/canary.ts';
import { testClock } from '../../support/test-clock.ts';

const bird = canary('622588776655443322');
const wanted = traces(bird);

/** What a tester sees of bytes, and what a recording holds of them. */
async function seen(
  device: DeviceName,
  dir: 'out' | 'in',
  chunks: readonly Uint8Array[],
  config: Readonly<Record<string, unknown>> = {},
) {
  const clock = testClock();
  const reader = new WireReader(clock, dialectsFor(readConfig(config)));
  const log = wireLog();
  const tape = recorder(() => reader.nextOrder());
  reader.listen(log);
  reader.listen(tape);
  tape.start(undefined, clock.now(), {});
  for (const bytes of chunks) reader.take({ t: clock.now(), device, dir, bytes: Uint8Array.from(bytes), note: '' });
  await clock.advance(1_000);
  return { events: log.events(undefined, 2_000, 0), lines: tape.lines() };
}

const words = (events: readonly WireEvent[]): readonly string[] => events.map((event) => event.words);
const bytesOf = (lines: readonly RecordedLine[]): Buffer =>
  Buffer.concat(lines.map((line) => ('hex' in line ? Buffer.from(line.hex, 'hex') : Buffer.alloc(0))));

const leaks = (found: { readonly events: readonly WireEvent[]; readonly lines: readonly RecordedLine[] }): string[] => [
  ...tracesIn(Buffer.from(JSON.stringify(found)), wanted),
  ...tracesIn(bytesOf(found.lines), wanted),
];

const cardAnswer = (): Uint8Array => {
  const track2 = `${bird.pan}D${bird.expiry}20100000123`;
  const data = encodeTlv([
    ['57', fromHex(track2.length % 2 ? `${track2}F` : track2)],
    ['5A', fromHex(`${bird.pan}F`)],
    ['5F24', fromHex(`${bird.expiry}31`)],
    ['9F02', fromHex('000000001100')],
    ['9F26', fromHex('0102030405060708')],
  ]);
  return encodeVivotech2('answer', { command: 0x02, sub: 0x23, data: Uint8Array.of(0x01, ...data) });
};

const swipe = (): Uint8Array => {
  const tracks = Buffer.from(
    `%B${bird.pan}^CANARY/BIRD^${bird.expiry}201000?;${bird.pan}=${bird.expiry}20100000123?`,
    'latin1',
  );
  const xor = tracks.reduce((all, byte) => all ^ byte, 0);
  const sum = tracks.reduce((all, byte) => (all + byte) & 0xff, 0);
  const wrapped = Uint8Array.of(0x02, tracks.length & 0xff, tracks.length >> 8, ...tracks, xor, sum, 0x03);
  const data = Uint8Array.of(0x08, ...encodeTlv([['DFEE23', wrapped]]));
  return encodeVivotech2('answer', { command: 0x02, sub: 0x00, data });
};

const singles = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
const spoilt = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

describe('card data never reaches a tester, nor a recording', () => {
  it.each<[string, Uint8Array[], Record<string, unknown>]>([
    ['a contactless answer', [cardAnswer()], {}],
    ['byte by byte', singles(cardAnswer()), {}],
    ['in HID reports', toReports(cardAnswer()), { readerProfile: 'vivotech2-hid' }],
    ['a swipe', [swipe()], {}],
    ['a swipe in HID reports', toReports(swipe()), { readerProfile: 'vivotech2-hid' }],
    ['with a wrong bit', [spoilt(cardAnswer())], {}],
    ['with junk inside', [cardAnswer().subarray(0, 30), Uint8Array.of(1, 2, 3), cardAnswer().subarray(30)], {}],
    ['without its beginning', [cardAnswer().subarray(20)], {}],
    ['that breaks off', [cardAnswer().subarray(0, 50)], {}],
    ['two at once', [Uint8Array.of(...cardAnswer(), ...swipe())], {}],
    ['over the wrong kind of wire', [cardAnswer()], { readerProfile: 'vivotech2-hid' }],
  ])('%s', async (_, chunks, config) => {
    const found = await seen('card-reader', 'in', chunks, config);
    expect(found.events.length).toBeGreaterThan(0);
    expect(leaks(found)).toEqual([]);
  });

  it('a PIN request and its answer: number and block are hidden, the key serial number is shown', async () => {
    const number = bird.pan.slice(-16);
    const ask = await seen('pin-pad', 'out', [
      encodeK100(Uint8Array.of(0x75, 0x46, 0x07, 0x01, ...Buffer.from(number, 'latin1'))),
    ]);
    expect(
      tracesIn(
        Buffer.from(JSON.stringify(ask)),
        new Map([['number', Buffer.from(Buffer.from(number).toString('hex'))]]),
      ),
    ).toEqual([]);
    const block = '0123456789ABCDEF';
    const answer = await seen('pin-pad', 'in', [
      encodeK100(Uint8Array.of(0x06, ...Buffer.from(`FFFF9876543210E00001${block}`, 'latin1'))),
    ]);
    expect(words(answer.events)).toEqual(['PIN KSN=FFFF9876543210E00001 block=***']);
    expect(JSON.stringify(answer)).not.toContain(Buffer.from(block).toString('hex'));
  });

  it('a payment code shows its first two and last four characters', async () => {
    const { events, lines } = await seen('scanner', 'in', [Buffer.from('134512345678909876\r')]);
    expect(words(events)).toEqual(['code 18 B CR']);
    expect(Buffer.from(events[0]?.hex.replaceAll('**', '2a') ?? '', 'hex').toString()).toBe('13************9876\r');
    expect(bytesOf(lines).toString()).toBe('130000000000000000\r');
  });

  it('digits of a keypad are hidden: a password is typed there', async () => {
    const { events, lines } = await seen('keypad', 'in', [Buffer.from('73\r')], { keypad: 'sim' });
    expect(words(events)).toEqual(['digit', 'digit', 'enter']);
    expect(events.map(({ hex }) => hex)).toEqual(['**', '**', '0d']);
    expect(bytesOf(lines).toString()).toBe('00\r');
  });
});

describe('what a tester reads', () => {
  it.each<[string, DeviceName, 'out' | 'in', Uint8Array, string]>([
    [
      'a ping',
      'card-reader',
      'out',
      encodeVivotech2('command', { command: 0x18, sub: 0x01, data: new Uint8Array(0) }),
      'ping 18-01',
    ],
    [
      'its answer',
      'card-reader',
      'in',
      encodeVivotech2('answer', { command: 0x18, sub: 0x00, data: new Uint8Array(0) }),
      'ping 00 ok',
    ],
    ['a question to the printer', 'printer', 'out', Uint8Array.of(0x10, 0x04, 0x02), 'DLE EOT 2'],
    [
      'a line of a slip',
      'printer',
      'out',
      Uint8Array.of(0x1c, 0x26, 0xd6, 0xd0, 0xce, 0xc4, 0x41, 0x0a),
      'FS & "中文A" LF',
    ],
    ['a cut', 'printer', 'out', Uint8Array.of(0x1d, 0x56, 0x42, 0x00), 'GS V 66 0'],
    [
      'automatic status',
      'printer',
      'in',
      Uint8Array.of(0x18, 0x00, 0x0c, 0x00),
      'automatic status off-line, paper end',
    ],
    [
      'a line of the display',
      'display',
      'out',
      Buffer.from('\u001bQATOTAL          11.00\r', 'latin1'),
      'upper "TOTAL          11.00"',
    ],
    ['an SSI packet', 'scanner', 'out', fromHex('04E40400FF14'), 'start decode'],
  ])('%s', async (_, device, dir, bytes, said) => {
    expect(words((await seen(device, dir, [bytes])).events)).toEqual([said]);
  });

  it('the tags of a card, with a name and without a value where it is secret', async () => {
    const [event] = (await seen('card-reader', 'in', [cardAnswer()])).events;
    expect(event?.words).toBe(
      'activate 23 online-request 57=*** 5A=*** 5F24=*** 9F02=000000001100 9F26=0102030405060708',
    );
  });

  it('names an answer of the printer by its own question, although an older one was never answered', () => {
    const { printer } = dialectsFor(readConfig({}));
    for (const n of [3, 1]) printer.read('out', Uint8Array.of(0x10, 0x04, n));
    expect(printer.read('in', Uint8Array.of(0x1a)).words).toBe('status 1 off-line');
  });

  it('keeps the last two thousand', async () => {
    const pings = Array.from({ length: 2_600 }, () => Uint8Array.of(0x10, 0x04, 0x01));
    const { events } = await seen('printer', 'out', pings);
    expect(events).toHaveLength(2_000);
    expect(events.at(-1)?.n).toBe(2_600);
  });
});

describe('a recording', () => {
  /** The frames that a driver finds in it. */
  const framesIn = (bytes: Uint8Array): Vivotech2Frame[] => {
    const frames: Vivotech2Frame[] = [];
    vivotech2Decoder('answer', (frame) => frames.push(frame)).push(bytes);
    return frames;
  };

  it.each([
    ['a contactless answer', cardAnswer],
    ['a swipe', swipe],
  ])('of %s has test data with right checksums, in the same chunks', async (_, make) => {
    const bytes = make();
    const chunks = [bytes.subarray(0, 33), bytes.subarray(33)];
    const { lines } = await seen('card-reader', 'in', chunks);
    expect(lines.map((line) => ('hex' in line ? line.hex.length / 2 : 0))).toEqual(chunks.map(({ length }) => length));
    const [frame] = framesIn(bytesOf(lines));
    const decoded = decodeTlv(frame?.data.subarray(1) ?? new Uint8Array(0));
    const found = decoded.ok ? (findTag(decoded.objects, '5A') ?? findTag(decoded.objects, 'DFEE23')) : undefined;
    expect(Buffer.from(found ?? []).toString(make === swipe ? 'latin1' : 'hex')).toContain('622202000000000000');
  });

  it('keeps a wrong checksum wrong', async () => {
    const { lines } = await seen('card-reader', 'in', [spoilt(cardAnswer())]);
    expect(framesIn(bytesOf(lines))).toEqual([]);
  });
});
