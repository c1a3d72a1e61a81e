import iconv from 'iconv-lite';
import { CharacterSet, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import type { Slip } from '../../drivers/devices.ts';
import { encodeSlip } from '../../drivers/printer/encode-slip.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { type Figure, goalOf, median } from './figure.ts';

const profile = printerProfiles['escpos-80'];
const lineCount = 40;
const printedLines = [
  '商户名称:沙县小吃(朝阳门内大街分店)',
  '商户编号:898110153110001 终端号:00000001',
  '卡号:621700******1234 有效期:**/** 消费',
  '批次号:000001 凭证号:000123 授权码:654321',
  '金额:人民币壹佰贰拾叁元肆角伍分整',
  '本人确认以上交易,同意将其记入本卡账户',
  '龘靐齉爩鱻麤龗灪吁籲',
  '持卡人签名:______________________',
];

/** 40 lines as a slip has them, Chinese with figures between. */
const lines = Array.from({ length: lineCount }, (_, i) => printedLines[i % printedLines.length] ?? '');
const slip: Slip = [...lines.map((text) => ({ kind: 'text', text }) as const), { kind: 'cut' }];

const ours = (): Uint8Array => encodeSlip(slip, profile);

/** The peer, used as its README says. */
function theirs(printer: ThermalPrinter): Uint8Array {
  printer.clear();
  for (const line of lines) printer.println(line);
  printer.cut();
  return printer.getBuffer();
}

const millisecondsEach = (times: number, work: () => Uint8Array): number => {
  const started = performance.now();
  for (let i = 0; i < times; i++) work();
  return (performance.now() - started) / times;
};

/** Every character that GBK writes in two bytes, in lines of `cells` cells. */
function gbkRepertoire(cells: number): readonly string[] {
  const characters: string[] = [];
  for (let unit = 0x80; unit < 0x10000; unit++) {
    const character = String.fromCharCode(unit);
    const bytes = iconv.encode(character, 'gbk');
    if (bytes.length === 2 && iconv.decode(bytes, 'gbk') === character) characters.push(character);
  }
  const each = cells / 2;
  return Array.from({ length: Math.ceil(characters.length / each) }, (_, i) =>
    characters.slice(i * each, (i + 1) * each).join(''),
  );
}

/** Share of the texts whose bytes stand in our slip as iconv writes them, line by line. */
function equalShare(texts: readonly string[]): number {
  const equal = texts.filter((text) => {
    const bytes = encodeSlip([{ kind: 'text', text }], profile);
    const expected = Buffer.concat([iconv.encode(text, 'gbk'), Buffer.of(0x0a)]);
    return Buffer.from(bytes.subarray(bytes.length - expected.length)).equals(expected);
  });
  return equal.length / texts.length;
}

/** F10: a slip of 40 Chinese lines to ESC/POS beside node-thermal-printer, and its text beside iconv. */
export const f10 = (quick: boolean): Figure => ({
  name: 'F10',
  title: '凭条编码 receipt encoding',
  run: async (say) => {
    const printer = new ThermalPrinter({
      type: PrinterTypes.EPSON,
      interface: 'tcp://127.0.0.1', // never opened
      width: 48,
      characterSet: CharacterSet.CHINA,
    });
    const [ourTimes, theirTimes] = quick ? [100, 10] : [1000, 50];
    millisecondsEach(ourTimes, ours);
    millisecondsEach(theirTimes, () => theirs(printer));
    const rounds = Array.from({ length: 7 }, () => ({
      ours: millisecondsEach(ourTimes, ours),
      theirs: millisecondsEach(theirTimes, () => theirs(printer)),
    }));
    const microseconds = (values: readonly number[]) => `${(median(values) * 1000).toFixed(1)} µs`;
    say(
      `本机 ours ${microseconds(rounds.map((r) => r.ours))}, node-thermal-printer ${microseconds(rounds.map((r) => r.theirs))}`,
    );
    const repertoire = gbkRepertoire(profile.columns);
    say(`与 iconv 逐字节比较 bytes compared: ${lines.length} + ${repertoire.length} 行 lines`);
    return [
      goalOf(
        '× node-thermal-printer',
        rounds.map((r) => r.theirs / r.ours),
        15,
        'higher',
      ),
      goalOf('文字与 iconv 相同 text equals iconv', [equalShare([...lines, ...repertoire])], 1, 'higher'),
    ];
  },
});
