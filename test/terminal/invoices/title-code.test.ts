import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { readTitleCode } from '../../../terminal/invoices/title-code.ts';
import { refusal } from '../../support/refusal.ts';

/** 便捷开票二维码 as the tax office describes it, made here by long division, bit by bit. */
function crcOf(bytes: Uint8Array): string {
  let rest = 0;
  for (const byte of [...bytes, 0, 0]) {
    for (let bit = 7; bit >= 0; bit--) {
      const out = rest >> 15;
      rest = ((rest << 1) & 0xffff) | ((byte >> bit) & 1);
      if (out === 1) rest ^= 0x8005;
    }
  }
  return rest.toString(16).toUpperCase();
}

const packed = (text: string): string => `$01${Buffer.from(text).toString('base64')}$`;
const codeOf = (fields: readonly string[], encoding: 'utf8' | 'gbk' = 'utf8'): string => {
  const covered = fields.map((field) => `${field}</>`).join('');
  return packed(covered + crcOf(iconv.encode(covered, encoding)));
};
const taxNo = '91110000MA00000001';
const bank = '工商银行北京分行|0200001234567890123';

describe('a code of the tax office', () => {
  // Made up by others, in public tests of two programs that make such codes.
  test.each([
    ['$01YTwvPjEyMzQ1Njc4OTAxMjM0NTwvPjwvPjwvPjM4N0Q=$', { title: 'a', taxNo: '123456789012345' }],
    [
      '$01QzjlpKfmjpLmoaM8Lz44ODg4MjgyODI4Mzk0ODU8Lz7lpKnmsrPlspHmnZE4MjI2NzM8Lz7lub/lj5Hpk7booYw4ODk5MjIzPC8+OUJCMA==$',
      { title: 'C8大排档', taxNo: '888828282839485', address: '天河岑村822673' },
    ],
  ])('%s', (code, said) => {
    expect(readTitleCode(code)).toEqual(said);
  });

  test.each(['utf8', 'gbk'] as const)('whose CRC was made over %s', (encoding) => {
    const fields = ['账平科技（北京）有限公司', taxNo, '北京市朝阳区1号|010-12345678', bank];
    expect(readTitleCode(codeOf(fields, encoding))).toEqual({
      title: '账平科技（北京）有限公司',
      taxNo,
      address: '北京市朝阳区1号',
      phone: '010-12345678',
    });
  });

  test.each([
    ['高新大道182号020-62980000', { address: '高新大道182号', phone: '020-62980000' }],
    ['高新大道182号 13800000000', { address: '高新大道182号', phone: '13800000000' }],
    ['高新大道18|62980000', { address: '高新大道18', phone: '62980000' }],
    ['高新大道182号', { address: '高新大道182号' }],
    ['|13800000000', { phone: '13800000000' }],
    ['|', {}],
    ['', {}],
  ])('address and telephone: %s', (text, said) => {
    expect(readTitleCode(codeOf(['某', taxNo, text, '']))).toEqual({ title: '某', taxNo, ...said });
  });

  test('a person has no tax number; blanks and line feeds around it are nothing', () => {
    expect(readTitleCode(` ${codeOf([' 张三\n', '', '', ''])}\r\n`)).toEqual({ title: '张三', taxNo: '' });
  });
});

describe('anything else is refused', () => {
  const good = codeOf(['某某公司', taxNo, '', '']);
  const fields = (text: string) => Buffer.from(text.slice(3, -1), 'base64').toString();
  test.each([
    ['nothing', '', 'BAD_REQUEST'],
    ['a payment code', '134567890123456789', 'BAD_REQUEST'],
    ['a link', 'https://w.example.cn/s/AAAA', 'BAD_REQUEST'],
    ['another version', good.replace('$01', '$02'), 'BAD_REQUEST'],
    ['its end is missing', good.slice(0, -1), 'BAD_REQUEST'],
    ['nothing inside', '$01$', 'BAD_REQUEST'],
    ['no base64', '$01某某$', 'BAD_REQUEST'],
    ['no UTF-8', '$01/////w==$', 'BAD_REQUEST'],
    ['a field too few', packed(fields(good).replace('</>', '')), 'BAD_REQUEST'],
    ['a field too many', packed(`</>${fields(good)}`), 'BAD_REQUEST'],
    ['one character changed', packed(fields(good).replace('某某', '某其')), 'BAD_REQUEST'],
    ['no CRC', packed(fields(good).replace(/[0-9A-F]+$/, '')), 'BAD_REQUEST'],
    ['a CRC that is no number', packed(fields(good).replace(/[0-9A-F]+$/, 'XYZ!')), 'BAD_REQUEST'],
    ['far too long', codeOf(['长'.repeat(2_000), taxNo, '', '']), 'BAD_REQUEST'],
    ['no title', codeOf([' ', taxNo, '', '']), 'INVOICE_TITLE_REQUIRED'],
    ['a tax number of 16', codeOf(['某某公司', '1234567890123456', '', '']), 'TAX_NO_INVALID'],
    ['characters that GBK has not', packed('😀</></></></>0000'), 'BAD_REQUEST'],
  ])('%s', async (_, code, error) => {
    expect(await refusal(() => readTitleCode(code))).toBe(error);
  });
});
