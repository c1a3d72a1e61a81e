import { scrypt, timingSafeEqual } from 'node:crypto';

/** A reviewer's secret is kept as `scrypt$<salt>$<hash>`, both in base64url. */

const cost = { N: 16_384, r: 8, p: 1 } as const;
const bytes = 32;

/** Each secret with a salt of its own. Takes some 50 ms, not of this thread. */
export async function hashSecret(secret: string, salt: Uint8Array): Promise<string> {
  const hash = await derived(secret, salt);
  return ['scrypt', Buffer.from(salt).toString('base64url'), hash.toString('base64url')].join('$');
}

/** As slow as hashing. */
export async function isSecret(secret: string, hashed: string): Promise<boolean> {
  const [kind, salt = '', hash = ''] = hashed.split('$');
  const wanted = Buffer.from(hash, 'base64url');
  if (kind !== 'scrypt' || wanted.length !== bytes) return false;
  return timingSafeEqual(await derived(secret, Buffer.from(salt, 'base64url')), wanted);
}

const derived = (secret: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret, salt, bytes, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
