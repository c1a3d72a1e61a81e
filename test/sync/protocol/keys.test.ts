import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SyncError } from '../../../sync/errors.ts';
import { pack, unpack } from '../../../sync/protocol/envelope.ts';
import { loadHostKeys, loadTerminalKeys, loadVerifyKey, makeKeys } from '../../../sync/protocol/keys.ts';
import type { CardBlock, Sealed } from '../../../sync/protocol/sealed.ts';
import { openCard, sealCard } from '../../../sync/protocol/sealing.ts';

const card: CardBlock = {
  pan: '6222021122334455',
  track2: null,
  expiry: '3012',
  emv: { '9F26': '0011223344556677' },
  pin: { block: '1B9C1845EB993A7A', ksn: 'FFFF9876543210E00001' },
};
let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keys-')), 'keys');
  makeKeys(folder, ['terminal', 'host', 'host-seal']);
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('keys', () => {
  it('are files for their owner only', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'host-seal.key',
      'host-seal.pub',
      'host.key',
      'host.pub',
      'terminal.key',
      'terminal.pub',
    ]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('stay when they are there, and the public half is made again from the private one', () => {
    const read = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const before = read();
    rmSync(join(folder, 'terminal.pub'));
    makeKeys(folder, ['terminal', 'host', 'host-seal']);
    expect(read()).toEqual(before);
  });

  it('of terminal and host fit each other', () => {
    const terminal = loadTerminalKeys(folder);
    const host = loadHostKeys(folder);
    expect(unpack('t', pack('t', '{"a":1}', host.own), terminal.host)).toEqual({ a: 1 });
    expect(unpack('t', pack('t', '{"a":1}', terminal.own), loadVerifyKey(join(folder, 'terminal.pub')))).toEqual({
      a: 1,
    });
  });
});

describe('a sealed card block', () => {
  const seal = () => sealCard(card, 'P1', loadTerminalKeys(folder).hostSeal);
  const open = (sealed: Sealed, payment = 'P1') => openCard(sealed, payment, loadHostKeys(folder).opening);

  it('is read by the host and shows nothing to others', () => {
    const sealed = seal();
    expect(open(sealed)).toEqual(card);
    const bytes = Object.values(sealed).map((part) => `${part} ${Buffer.from(part, 'base64').toString('latin1')}`);
    for (const secret of ['6222021122334455', '3012', '9F26', '1B9C1845EB993A7A'])
      expect(bytes.join()).not.toContain(secret);
  });

  it('from a terminal that knows nothing of PINs has none', () => {
    const old: CardBlock = JSON.parse('{"pan":"6222021122334455","track2":null,"expiry":"3012","emv":{}}');
    expect(open(sealCard(old, 'P1', loadTerminalKeys(folder).hostSeal)).pin).toBeNull();
  });

  it('differs each time', () => {
    expect(seal().data).not.toBe(seal().data);
  });

  it.each<[string, (sealed: Sealed) => Sealed, string]>([
    ['for another payment', (s) => s, 'P2'],
    ['with changed data', (s) => ({ ...s, data: `AAAA${s.data.slice(4)}` }), 'P1'],
    ['with a shortened tag', (s) => ({ ...s, tag: s.tag.slice(0, 8) }), 'P1'],
    ['to another key', (s) => ({ ...s, key: '0000000000000000' }), 'P1'],
    ['with no key in it', (s) => ({ ...s, ephemeral: 'AAAA' }), 'P1'],
  ])('%s is not opened', (_, change, payment) => {
    expect(() => open(change(seal()), payment)).toThrow(SyncError);
  });
});
