import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import * as v from 'valibot';
import { SyncError } from '../errors.ts';
import type { CardBlock, Sealed } from './sealed.ts';
import { keyId } from './signing.ts';

/**
 * Card data and the numbers of settlement accounts are sealed to the host's X25519 key: a fresh key for each block, HKDF-SHA256, AES-256-GCM. The number of the
 * payment or application is bound in, so that a block can not be moved to another one.
 */

/** The host's public half; `id` as in signing.ts. */
export interface SealingKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

export interface OpeningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

export const sealingKey = (publicKey: KeyObject): SealingKey => ({ id: keyId(publicKey), publicKey });
export const openingKey = (privateKey: KeyObject): OpeningKey => ({ id: keyId(privateKey), privateKey });

const tagBytes = 16;
const cardBlock = v.object({
  pan: v.string(),
  track2: v.nullable(v.string()),
  expiry: v.nullable(v.string()),
  emv: v.record(v.string(), v.string()),
  // Absent in what older terminals sealed.
  pin: v.optional(v.nullable(v.object({ block: v.string(), ksn: v.string() })), null),
});

const accountBlock = v.object({ number: v.string(), id: v.string() });
/** A settlement account as it is applied for (B-013): its number, and that of the identity document or licence of its holder. */
export type AccountBlock = v.InferOutput<typeof accountBlock>;

type What = 'card' | 'account';

/** Seals the card of payment `payment` so that only the host can read it. */
export const sealCard = (card: CardBlock, payment: string, to: SealingKey): Sealed => seal('card', card, payment, to);

/** The card in a sealed block of payment `payment`. Throws BAD_MESSAGE when it was sealed to another key, for another payment, or changed. */
export const openCard = (sealed: Sealed, payment: string, own: OpeningKey): CardBlock =>
  open('card', cardBlock, sealed, payment, own);

/** The same for the account of application `application`. */
export const sealAccount = (account: AccountBlock, application: string, to: SealingKey): Sealed =>
  seal('account', account, application, to);

export const openAccount = (sealed: Sealed, application: string, own: OpeningKey): AccountBlock =>
  open('account', accountBlock, sealed, application, own);

function seal(what: What, content: object, no: string, to: SealingKey): Sealed {
  const fresh = generateKeyPairSync('x25519');
  const ephemeral = fresh.publicKey.export({ type: 'spki', format: 'der' });
  const secret = diffieHellman({ privateKey: fresh.privateKey, publicKey: to.publicKey });
  const iv = randomBytes(12);
  const key = blockKey(what, secret, ephemeral, to.id);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(no, 'utf8'));
  const data = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return {
    key: to.id,
    ephemeral: ephemeral.toString('base64'),
    iv: iv.toString('base64'),
    data: data.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

function open<S extends v.GenericSchema>(
  what: What,
  schema: S,
  sealed: Sealed,
  no: string,
  own: OpeningKey,
): v.InferOutput<S> {
  if (sealed.key !== own.id) throw new SyncError('BAD_MESSAGE', 'sealed to another key', { key: sealed.key });
  try {
    const ephemeral = Buffer.from(sealed.ephemeral, 'base64');
    const publicKey = createPublicKey({ key: ephemeral, format: 'der', type: 'spki' });
    const secret = diffieHellman({ privateKey: own.privateKey, publicKey });
    const key = blockKey(what, secret, ephemeral, own.id);
    const iv = Buffer.from(sealed.iv, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(no, 'utf8'));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    const plain = Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
    return v.parse(schema, JSON.parse(plain.toString('utf8')));
  } catch {
    throw new SyncError('BAD_MESSAGE', `sealed ${what} block can not be opened`, { key: sealed.key });
  }
}

const blockKey = (what: What, secret: Buffer, ephemeral: Buffer, hostKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, ephemeral, `zhangping pos/v1 ${what} ${hostKey}`, 32));
