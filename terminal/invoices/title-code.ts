import { TerminalError } from '../base/errors.ts';
import { taxNoOf, tidy } from './customer.ts';

/** What a customer's 发票抬头二维码 says. `taxNo` is empty for a person. */
export interface TitleCode {
  readonly title: string;
  readonly taxNo: string;
  readonly address?: string;
  readonly phone?: string;
}

/** 1,451 characters are the most that 便捷开票二维码 has. */
const longestCode = 2_000;
const separator = '</>';

/**
 * Reads 便捷开票二维码 of the tax office: `$01`, base64 of `名称</>税号</>地址|电话</>开户行|账号</>CRC` in UTF-8, `$`. Its CRC-16 (X16+X15+X2+1, from 0, high bit first) is over
 * what stands before it, the last separator too, in UTF-8, or, of other programs, in GBK. BAD_REQUEST for another code or a wrong CRC, INVOICE_TITLE_REQUIRED, TAX_NO_INVALID.
 */
export function readTitleCode(code: string): TitleCode {
  const [, base64] = (code.length <= longestCode && /^\$01([0-9A-Za-z+/]+={0,2})\$$/.exec(code.trim())) || [];
  const text = base64 === undefined ? undefined : utf8(Buffer.from(base64, 'base64'));
  const parts = text?.split(separator) ?? [];
  const [name, typedTaxNo, addressPhone = '', , crc = ''] = parts;
  if (text === undefined || parts.length !== 5 || !isCrcOf(text.slice(0, text.length - crc.length), crc))
    throw new TerminalError('BAD_REQUEST', { what: 'title-code' });
  const title = tidy(name);
  if (!title) throw new TerminalError('INVOICE_TITLE_REQUIRED');
  const taxNo = tidy(typedTaxNo) === undefined ? '' : taxNoOf(typedTaxNo);
  return { title, taxNo, ...addressAndPhone(addressPhone) };
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The norm has no mark between them; programs set a bar or a space. */
function addressAndPhone(text: string): Pick<TitleCode, 'address' | 'phone'> {
  const phoneAtEnd = /(?<![\d-])(?:\+?86[ -]?)?(?:1\d{10}|(?:0\d{2,3}-?)?\d{7,8})$/;
  const bar = text.lastIndexOf('|');
  const end = bar < 0 ? (phoneAtEnd.exec(text)?.index ?? text.length) : bar;
  const [address, phone] = [tidy(text.slice(0, end)), tidy(text.slice(bar < 0 ? end : end + 1))];
  return { ...(address !== undefined && { address }), ...(phone !== undefined && { phone }) };
}

function isCrcOf(covered: string, crc: string): boolean {
  if (!/^[0-9A-Fa-f]{1,4}$/.test(crc)) return false;
  const said = Number.parseInt(crc, 16);
  if (crc16(Buffer.from(covered)) === said) return true;
  const inGbk = gbk(covered);
  return inGbk !== undefined && crc16(inGbk) === said;
}

function crc16(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x8005 : 0)) & 0xffff;
  }
  return crc;
}

/** Undefined for what GBK does not have. */
function gbk(text: string): number[] | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0) < 0x80 ? character.charCodeAt(0) : gbkCodes().get(character);
    if (code === undefined) return undefined;
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
  }
  return bytes;
}

let codes: ReadonlyMap<string, number> | undefined;

/** Node decodes GBK and does not encode it. Made when it is first wanted, because it costs some milliseconds. */
function gbkCodes(): ReadonlyMap<string, number> {
  if (codes) return codes;
  const decoder = new TextDecoder('gbk');
  const made = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (character.length === 1 && character !== '\ufffd' && !made.has(character))
        made.set(character, lead * 256 + trail);
    }
  }
  codes = made;
  return made;
}
