import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Ed25519 signatures over a domain tag, the topic and the exact payload bytes. */

/** `id` names the public half: the first 16 hex digits of its SHA-256. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

export interface VerifyKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

const domain = 'zhangping pos/v1 message';

/** Name of a key, the same for both halves. */
export function keyId(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

export const signingKey = (privateKey: KeyObject): SigningKey => ({ id: keyId(privateKey), privateKey });
export const verifyKey = (publicKey: KeyObject): VerifyKey => ({ id: keyId(publicKey), publicKey });

export const signBytes = (topic: string, payload: Buffer, key: SigningKey): Buffer =>
  sign(null, signed(topic, payload), key.privateKey);

export const isSignedBy = (topic: string, payload: Buffer, signature: Buffer, key: VerifyKey): boolean =>
  verify(null, signed(topic, payload), key.publicKey, signature);

/** The same on a thread of the pool: a host that hears many terminals has better to do meanwhile. */
export const isSignedByLater = (topic: string, payload: Buffer, signature: Buffer, key: VerifyKey): Promise<boolean> =>
  new Promise((resolve, reject) =>
    verify(null, signed(topic, payload), key.publicKey, signature, (error, good) =>
      error ? reject(error) : resolve(good),
    ),
  );

// Neither the domain nor a topic holds a zero byte, so no other split of the same bytes can be meant.
const signed = (topic: string, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${domain}\0${topic}\0`, 'utf8'), payload]);
