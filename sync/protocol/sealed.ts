import * as v from 'valibot';
import { text } from './common.ts';

/** Card data sealed to the host's X25519 key (sealing.ts); base64. */
export const sealed = v.object({
  key: text,
  ephemeral: text,
  iv: text,
  data: v.pipe(v.string(), v.maxLength(4096)),
  tag: text,
});
export type Sealed = v.InferOutput<typeof sealed>;

/** What is inside a sealed card block; never leaves memory but sealed. */
export interface CardBlock {
  readonly pan: string;
  readonly track2: string | null;
  readonly expiry: string | null;
  /** EMV tags by hex name, hex values (field 55). */
  readonly emv: Readonly<Record<string, string>>;
  /** What the PIN pad gave away: enciphered PIN block (ISO 9564-1 format 0) and key serial number, both hex; null where no PIN was asked for. */
  readonly pin: { readonly block: string; readonly ksn: string } | null;
}
