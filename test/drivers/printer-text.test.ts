import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { cellsOf, printable, wrap, writeGbk } from '../../drivers/printer/text.ts';

const gbk = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  return bytes.subarray(0, writeGbk(text, bytes, 0));
};

describe('text for a Chinese printer', () => {
  it('is byte for byte what iconv makes of every character with one byte below 80 or two bytes', () => {
    const wrong: string[] = [];
    let twoBytes = 0;
    for (let unit = 0x20; unit < 0x10000; unit++) {
      if ((unit >= 0xd800 && unit < 0xe000) || unit === 0xa5) continue;
      const character = String.fromCharCode(unit);
      const expected = iconv.encode(character, 'gbk');
      const known = expected.length === 2 || (unit >= 0x20 && unit < 0x7f);
      if (expected.length === 2) twoBytes += 1;
      const shown = printable(character);
      if (known !== (shown === character)) wrong.push(`U+${unit.toString(16)} known=${known}`);
      else if (known && Buffer.compare(gbk(character), expected) !== 0) wrong.push(`U+${unit.toString(16)}`);
    }
    expect(wrong).toEqual([]);
    expect(twoBytes).toBeGreaterThan(23_000);
  });

  it('gives back every two-byte code of GBK except the second code of the same character', () => {
    const wrong: string[] = [];
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const code = Buffer.from([lead, trail]);
        if (trail === 0x7f) continue;
        const character = iconv.decode(code, 'gbk');
        if (Buffer.compare(gbk(printable(character)), code) !== 0) wrong.push(code.toString('hex'));
      }
    }
    // U+3000 has A1A1 already; the euro sign has the one-byte code 80 in GBK, which printers do not know.
    expect(wrong).toEqual(['a2e3', 'a3a0']);
  });

  const replaced: readonly [what: string, from: string, to: string][] = [
    ['the yen sign by the one that printers have', '¥12.50', '￥12.50'],
    ['an emoji', '好😀吃', '好〓吃'],
    ['a character of GB18030 only', '㐀字𠮷', '〓字〓'],
    ['a Latin letter that GBK lacks', 'Žižek ñ', '?i?ek ?'],
    ['the euro sign', '€5', '?5'],
    ['commands hidden in a name', '店\x1b@\x1dV\x00\n店', '店 @ V  店'],
    ['a lone surrogate', 'a\ud83d', 'a〓'],
  ];
  it.each(replaced)('replaces %s', (_what, from, to) => expect(printable(from)).toBe(to));

  it('counts two cells for a Chinese character and one for a Latin one', () => {
    expect(cellsOf('合计 12.50元')).toBe(12);
    expect(cellsOf('，。￥')).toBe(6);
  });

  const wraps: readonly [text: string, width: number, lines: string[]][] = [
    ['消费撤销', 8, ['消费撤销']],
    ['消费撤销', 7, ['消费撤', '销']],
    ['ab消费', 5, ['ab消', '费']],
    ['reference number', 10, ['reference', 'number']],
    ['reference number', 12, ['reference', 'number']],
    ['ABCDEFGHIJ', 4, ['ABCD', 'EFGH', 'IJ']],
    ['商户 MERCHANT', 8, ['商户', 'MERCHANT']],
    ['字', 1, ['字']],
    ['', 4, ['']],
  ];
  it.each(wraps)('breaks %j at %d cells', (text, width, lines) => expect(wrap(text, width)).toEqual(lines));
});
