import { scrypt, timingSafeEqual } from 'node:crypto';
import type { Random } from '../base/random.ts';

/** A secret as it is kept: scrypt with a salt of its own. The secret itself is never stored, logged or audited. */
export interface SealedSecret {
  readonly salt: Uint8Array;
  readonly secretHash: Uint8Array;
}

/** 4 MiB and some 50 ms a try, off the main thread. Four passes instead of one large block: glibc keeps what each of libuv's threads once took. */
const cost = { N: 4_096, r: 8, p: 4 };
const saltLength = 16;
const hashLength = 32;

/** What a try for an unknown operator is held against: costs the same time, fits no secret. */
const nobody: SealedSecret = { salt: new Uint8Array(saltLength), secretHash: new Uint8Array(hashLength) };

/** Takes time: never inside a transaction. */
export async function sealSecret(random: Random, secret: string): Promise<SealedSecret> {
  const salt = random.bytes(saltLength);
  return { salt, secretHash: await hash(secret, salt) };
}

/** Takes the same time whether the operator is known, the secret right, or neither. */
export async function secretMatches(secret: string, sealed: SealedSecret | undefined): Promise<boolean> {
  const { salt, secretHash } = sealed ?? nobody;
  return timingSafeEqual(await hash(secret, salt), secretHash) && sealed !== undefined;
}

const hash = (secret: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(secret, salt, hashLength, cost, (error, key) => (error ? reject(error) : resolve(key))),
  );
