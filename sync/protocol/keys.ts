import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type OpeningKey, openingKey, type SealingKey, sealingKey } from './sealing.ts';
import { type SigningKey, signingKey, type VerifyKey, verifyKey } from './signing.ts';

/**
 * Key pairs as files of one folder: `terminal`, `host` (Ed25519) and `host-seal` (X25519), each `.key` and `.pub`, PEM, mode 0600.
 * A real host gives its `.pub` files only; they are put there by hand and never trusted on first use.
 */
export type KeyName = 'terminal' | 'host' | 'host-seal';

export interface TerminalKeys {
  readonly own: SigningKey;
  readonly host: VerifyKey;
  /** To seal card data to. */
  readonly hostSeal: SealingKey;
}

export interface HostKeys {
  readonly own: SigningKey;
  readonly opening: OpeningKey;
}

/** Makes the pairs that are missing; a pair that is there stays. */
export function makeKeys(folder: string, names: readonly KeyName[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const keyFile = join(folder, `${name}.key`);
    const pubFile = join(folder, `${name}.pub`);
    if (!existsSync(keyFile)) {
      const made = name === 'host-seal' ? generateKeyPairSync('x25519') : generateKeyPairSync('ed25519');
      writeDurably(keyFile, made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    }
    // Also after a stop between the two files: the public half follows from the private one.
    if (!existsSync(pubFile)) {
      const half = createPublicKey(readPrivate(keyFile));
      writeDurably(pubFile, half.export({ type: 'spki', format: 'pem' }).toString());
    }
  }
}

/** Throws when a file is missing or holds no key. */
export const loadTerminalKeys = (folder: string): TerminalKeys => ({
  own: signingKey(readPrivate(join(folder, 'terminal.key'))),
  host: verifyKey(readPublic(join(folder, 'host.pub'))),
  hostSeal: sealingKey(readPublic(join(folder, 'host-seal.pub'))),
});

/** Throws when a file is missing or holds no key. */
export const loadHostKeys = (folder: string): HostKeys => ({
  own: signingKey(readPrivate(join(folder, 'host.key'))),
  opening: openingKey(readPrivate(join(folder, 'host-seal.key'))),
});

/** The public half of a terminal, for the host. */
export const loadVerifyKey = (file: string): VerifyKey => verifyKey(readPublic(file));

const readPrivate = (file: string): KeyObject => createPrivateKey(readFileSync(file));
const readPublic = (file: string): KeyObject => createPublicKey(readFileSync(file));

function writeDurably(file: string, text: string): void {
  const fd = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${file}.new`, file);
}
