import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overHidReports, reportDecoder, toReports } from '../../drivers/framing/hid-report.ts';
import { fromHex } from '../../drivers/framing/tlv.ts';
import { encodeVivotech2, MAX_DATA_LENGTH } from '../../drivers/framing/vivotech2.ts';
import { transportPair } from '../../drivers/transport/pair.ts';

const frameWith = (dataLength: number, fill = 0): Uint8Array =>
  encodeVivotech2('answer', { command: 0x02, sub: 0x23, data: new Uint8Array(dataLength).fill(fill) });

const ids = (reports: readonly Uint8Array[]): (number | undefined)[] => reports.map(([id]) => id);

function decodeAll(reports: readonly Uint8Array[]) {
  const frames: Uint8Array[] = [];
  const decoder = reportDecoder((frame) => frames.push(frame));
  for (const report of reports) decoder.push(report);
  return { frames, decoder };
}

describe('frames in HID reports', () => {
  it('a ping is one report, padded to 64 bytes', () => {
    const ping = fromHex('5669564F746563683200 18 01 0000 B3CD');
    const [report] = toReports(ping);
    expect(report).toEqual(Uint8Array.of(0x01, ...ping, ...new Uint8Array(47)));
  });

  const lengths: readonly [what: string, dataLength: number, ids: number[]][] = [
    ['as long as one report', 63 - 16, [1]],
    ['one byte longer', 64 - 16, [2, 4]],
    ['as long as two reports', 126 - 16, [2, 4]],
    ['one byte longer than two', 127 - 16, [2, 3, 4]],
    ['of the longest data', MAX_DATA_LENGTH, [2, ...new Array<number>(23).fill(3), 4]],
  ];
  it.each(lengths)('a frame %s', (_what, dataLength, expected) => {
    const frame = frameWith(dataLength, 0x41);
    expect(ids(toReports(frame))).toEqual(expected);
    expect(toReports(frame).every((report) => report.length === 64)).toBe(true);
    expect(decodeAll(toReports(frame)).frames).toEqual([frame]);
  });

  it('keeps the zeros at the end of a frame, and nothing of the padding', () => {
    const frame = Uint8Array.of(...frameWith(20).subarray(0, -2), 0, 0);
    expect(decodeAll(toReports(frame)).frames).toEqual([frame]);
  });

  const [first = frameWith(0), middle = first, last = first] = toReports(frameWith(150, 0x41));
  const good = frameWith(3);
  const broken: readonly [what: string, reports: readonly Uint8Array[]][] = [
    ['a lost middle report', [first, last]],
    ['a lost first report', [middle, last]],
    ['a last report alone', [last]],
    ['a lost last report', [first, middle]],
    ['the last before the middle', [first, last, middle]],
    ['an unknown ID', [first.with(0, 0x07)]],
    ['an empty report', [new Uint8Array(0)]],
    ['middle reports without end', [first, ...new Array<Uint8Array>(200).fill(middle)]],
  ];
  it.each(broken)('drops what is wrong with %s, and reads the next frame', (_what, reports) => {
    const { frames, decoder } = decodeAll([...reports, ...toReports(good)]);
    expect(frames).toEqual([good]);
    expect(decoder.held()).toBe(0);
  });

  it('ignores a report with an unknown ID in the middle of a frame', () => {
    expect(decodeAll([first, middle.with(0, 0x55), middle, last]).frames).toEqual([frameWith(150, 0x41)]);
  });

  it('never throws and never keeps more than the longest frame, whatever comes', () => {
    const report = fc.oneof(
      fc.uint8Array({ maxLength: 70 }),
      fc.constantFrom(first, middle, last),
      fc.constant(frameWith(1400)).chain((frame) => fc.constantFrom(...toReports(frame))),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
        const { decoder } = decodeAll(reports);
        expect(decoder.held()).toBeLessThanOrEqual(25 * 63);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('a port over HID reports', () => {
  it('writes one report at a time, never two frames mixed, and hands over whole frames', async () => {
    const { near, far } = transportPair();
    const port = overHidReports({ describe: 'hid:test', connect: async () => near });
    expect(port.describe).toBe('hid:test');
    const written: Uint8Array[] = [];
    far.onData((report) => written.push(report));
    const transport = await port.connect();
    const received: Uint8Array[] = [];
    transport.onData((frame) => received.push(frame));
    await Promise.all([transport.write(frameWith(150)), transport.write(frameWith(0))]);
    for (const report of toReports(frameWith(150))) await far.write(report);
    expect(ids(written)).toEqual([2, 3, 4, 1]);
    expect(received).toEqual([frameWith(150)]);
  });

  it('tells when something is plugged in, where the port knows that', () => {
    const heard: string[] = [];
    const connect = async () => transportPair().near;
    const onAppear = (listener: () => void) => {
      listener();
      return () => void heard.push('stopped');
    };
    overHidReports({ describe: 'hid:test', connect, onAppear }).onAppear?.(() => heard.push('plugged in'))();
    expect(heard).toEqual(['plugged in', 'stopped']);
    expect(overHidReports({ describe: 'hid:test', connect }).onAppear).toBeUndefined();
  });
});
