import { createCipheriv } from 'node:crypto';

/**
 * What a test PIN pad does inside: ISO 9564-1 format 0 PIN blocks, enciphered by TDES DUKPT (ANSI X9.24-1 2009) from the published test
 * key. Real keys never leave a real device; this file is no part of a driver.
 */

const BDK = Buffer.from('0123456789ABCDEFFEDCBA9876543210', 'hex');
/** Key set and device; the lowest 21 bits are the counter. */
const KSN_BASE = 0xffff9876543210e00000n;
const COUNTER_BITS = 21;
const KEY_MASK = Buffer.from('C0C0C0C000000000C0C0C0C000000000', 'hex');
const PIN_VARIANT = Buffer.from('00000000000000FF00000000000000FF', 'hex');

/**
 * A PIN of 4 to 12 digits under the `counter`-th key (1 ≤ counter < 2^21), for the card number with its check digit. Upper-case hex:
 * `ksn` 20 digits, `block` 16. Throws RangeError for any other PIN, card number or counter.
 */
export function encipheredPin(pin: string, pan: string, counter: number): { ksn: string; block: string } {
  if (!Number.isInteger(counter) || counter < 1 || counter >= 2 ** COUNTER_BITS)
    throw new RangeError('the counter is out of range');
  const pinKey = xor(sessionKey(counter), PIN_VARIANT);
  const block = tripleDes(pinKey, format0(pin, pan));
  return { ksn: hex(ksnOf(counter)), block: hex(block) };
}

/** The key that is loaded into the device: everything else is derived from it. */
export function initialKey(): Uint8Array {
  const register = ksnOf(0).subarray(0, 8);
  return Buffer.concat([tripleDes(BDK, register), tripleDes(xor(BDK, KEY_MASK), register)]);
}

function format0(pin: string, pan: string): Uint8Array {
  if (!/^\d{4,12}$/.test(pin)) throw new RangeError('a PIN has 4 to 12 digits');
  if (!/^\d{12,19}$/.test(pan)) throw new RangeError('a card number has 12 to 19 digits');
  const pinField = `0${pin.length.toString(16)}${pin}`.padEnd(16, 'F');
  const panField = pan.slice(0, -1).slice(-12).padStart(16, '0');
  return xor(Buffer.from(pinField, 'hex'), Buffer.from(panField, 'hex'));
}

/** Walks the tree of keys: one step for each bit of the counter that is set, highest first. */
function sessionKey(counter: number): Uint8Array {
  let key = initialKey();
  let reached = 0;
  for (let bit = COUNTER_BITS - 1; bit >= 0; bit--) {
    const step = counter & (1 << bit);
    if (step === 0) continue;
    reached |= step;
    key = childKey(key, ksnOf(reached).subarray(2));
  }
  return key;
}

function childKey(parent: Uint8Array, register: Uint8Array): Uint8Array {
  return Buffer.concat([half(xor(parent, KEY_MASK), register), half(parent, register)]);
}

function half(key: Uint8Array, register: Uint8Array): Uint8Array {
  const [left, right] = [key.subarray(0, 8), key.subarray(8)];
  return xor(des(left, xor(register, right)), right);
}

const ksnOf = (counter: number): Uint8Array =>
  Buffer.from((KSN_BASE + BigInt(counter)).toString(16).padStart(20, '0'), 'hex');

/** Single DES is triple DES with one key three times: the plain cipher is not in every OpenSSL. */
const des = (key: Uint8Array, block: Uint8Array): Uint8Array => ede(Buffer.concat([key, key, key]), block);
const tripleDes = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  ede(Buffer.concat([key, key.subarray(0, 8)]), block);

function ede(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv('des-ede3-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, at) => byte ^ (b[at] ?? 0));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
