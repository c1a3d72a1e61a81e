import iconv from 'iconv-lite';
import type { ScannedCode } from '../devices.ts';
import { AIM_LENGTH } from '../framing/hid-pos.ts';

/** What the letter of an AIM id stands for (devices.md §3), and the id that a scanner sends with it. */
const symbologies = [
  { letter: 'Q', name: 'QR', aim: ']Q1' },
  { letter: 'C', name: 'CODE128', aim: ']C0' },
  { letter: 'E', name: 'EAN', aim: ']E0' },
  { letter: 'L', name: 'PDF417', aim: ']L0' },
  { letter: 'd', name: 'DATAMATRIX', aim: ']d1' },
  { letter: 'h', name: 'HANXIN', aim: ']h0' },
] as const;

export type Symbology = (typeof symbologies)[number]['name'];

/** The AIM id of a kind of code. */
export const aimOf = (symbology: Symbology): string =>
  symbologies.find(({ name }) => name === symbology)?.aim ?? symbologies[0].aim;

const symbologyOf = (aim: string): Symbology | undefined =>
  symbologies.find(({ letter }) => letter === aim.charAt(1))?.name;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * What a scanner read, as text: UTF-8, or else GBK, which never fails. Whether such a text can pay is decided by whoever asked. `aim`: sent beside the
 * code; a serial scanner may be set to send it in front of the code.
 */
export function decodeCode(data: Uint8Array, aim: string | undefined): ScannedCode {
  const text = decodeText(data);
  if (aim !== undefined) return { text, symbology: symbologyOf(aim) };
  const symbology = text.startsWith(']') ? symbologyOf(text) : undefined;
  return { text: symbology ? text.slice(AIM_LENGTH) : text, symbology };
}

function decodeText(data: Uint8Array): string {
  try {
    return utf8.decode(data);
  } catch {
    return iconv.decode(Buffer.from(data), 'gbk');
  }
}
