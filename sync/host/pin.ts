import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { CardBlock } from '../protocol/sealed.ts';

/**
 * The PIN check of the reference host: every test card has the same PIN, and PIN pads are loaded from the published test key
 * (ANSI X9.24-1 2009, TDES DUKPT). Written apart from the simulated PIN pad, so that each is the other's proof. Neither the PIN nor its
 * block goes anywhere from here.
 */

const testPin = '123456';
const baseKey = 0x0123456789abcdef_fedcba9876543210n;
const counterMask = 0x1f_ffffn;
const keyMask = 0xc0c0c0c000000000_c0c0c0c000000000n;
const pinVariant = 0x00000000000000ff_00000000000000ffn;
const low64 = (1n << 64n) - 1n;

/** True when the block holds the test PIN, made for this card number; false for anything else, also for what is no PIN block. */
export function isRightPin(pan: string, pin: NonNullable<CardBlock['pin']>): boolean {
  if (!/^[\dA-F]{16}$/i.test(pin.block) || !/^[\dA-F]{20}$/i.test(pin.ksn)) return false;
  const key = keyOf(BigInt(`0x${pin.ksn}`)) ^ pinVariant;
  const clear = tripleDes(createDecipheriv, key, BigInt(`0x${pin.block}`));
  const account = BigInt(`0x${pan.slice(-13, -1)}`);
  const field = (clear ^ account).toString(16).padStart(16, '0');
  return field === `0${testPin.length.toString(16)}${testPin}`.padEnd(16, 'f');
}

/** The key with a serial number: without its lowest counter bit it is the parent's, down to the key that was loaded at first. */
function keyOf(ksn: bigint): bigint {
  const counter = ksn & counterMask;
  if (counter === 0n) {
    const register = ksn >> 16n;
    const left = tripleDes(createCipheriv, baseKey, register);
    return (left << 64n) | tripleDes(createCipheriv, baseKey ^ keyMask, register);
  }
  const parent = keyOf(ksn ^ (counter & -counter));
  const register = ksn & low64;
  return (oneWay(parent ^ keyMask, register) << 64n) | oneWay(parent, register);
}

function oneWay(key: bigint, register: bigint): bigint {
  const [left, right] = [key >> 64n, key & low64];
  // The same key twice makes single DES of triple DES.
  return tripleDes(createCipheriv, (left << 64n) | left, register ^ right) ^ right;
}

/** One block under a key of double length; DES ignores the lowest bit of each key byte. */
function tripleDes(make: typeof createCipheriv | typeof createDecipheriv, key: bigint, block: bigint): bigint {
  const cipher = make('des-ede3-ecb', bytesOf((key << 64n) | (key >> 64n), 24), null).setAutoPadding(false);
  return BigInt(`0x${Buffer.concat([cipher.update(bytesOf(block, 8)), cipher.final()]).toString('hex')}`);
}

const bytesOf = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
