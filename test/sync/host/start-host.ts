import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountData } from '../../../sync/host/accounts.ts';
import type { TerminalRef } from '../../../sync/host/business.ts';
import { Faults } from '../../../sync/host/faults.ts';
import type { Host } from '../../../sync/host/host.ts';
import { type MerchantSetUp, registerMerchant } from '../../../sync/host/merchants.ts';
import type { HostParameters } from '../../../sync/host/parameters.ts';
import { openHostStore } from '../../../sync/host/store.ts';
import { Upstream } from '../../../sync/host/upstream.ts';
import type { CardBlock } from '../../../sync/protocol/sealed.ts';
import { openingKey, sealCard, sealingKey } from '../../../sync/protocol/sealing.ts';
import { settle, type TestClock, testClock } from '../../support/test-clock.ts';

/** A whole reference host on a real file, without link: rows and requests are handed to it as the link would. */

export const merchant = '898310000000001';
export const terminal: TerminalRef = { merchant, terminal: '00000001' };
export const otherTerminal: TerminalRef = { merchant, terminal: '00000002' };

export const unionpay: CardBlock = { pan: '6222021122334455665', track2: null, expiry: '3012', emv: {}, pin: null };
export const visa: CardBlock = { pan: '4111111111111111', track2: null, expiry: '3012', emv: {}, pin: null };

export interface TestHost {
  readonly host: Host;
  readonly clock: TestClock;
  readonly upstream: Upstream;
  readonly folder: string;
  /** Terminals that the link was told to send to. */
  readonly woken: string[];
  readonly failures: unknown[];
  /** What the host wrote into its log, as JSON. */
  readonly logged: string[];
  stop(): Promise<void>;
}

/** The host's sealing pair. */
export const keys = generateKeyPairSync('x25519');

/** A card as it travels for a payment. */
export const sealed = (card: CardBlock, payment: string) => sealCard(card, payment, sealingKey(keys.publicKey));

export interface HostOptions {
  readonly parameters?: Partial<HostParameters>;
  readonly firstBatch?: string;
  readonly account?: AccountData | null;
  readonly profile?: MerchantSetUp['profile'];
  readonly waysOut?: Host['waysOut'];
}

const usualAccount: AccountData = { name: '测试商户', number: '6222020000001234', bank: '工商银行' };

export async function startHost(options: HostOptions = {}): Promise<TestHost> {
  const {
    parameters = {},
    firstBatch = '000001',
    account = usualAccount,
    profile,
    waysOut = ['email', 'sms'],
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  const store = await openHostStore(join(folder, 'host.db'));
  const clock = testClock();
  const woken: string[] = [];
  const failures: unknown[] = [];
  const logged: string[] = [];
  let chance = 0;
  const host: Host = {
    store,
    clock,
    random: {
      next: () => {
        chance = (chance + 0.381) % 1;
        return chance;
      },
      bytes: (length) => new Uint8Array(length).fill(7),
    },
    opening: openingKey(keys.privateKey),
    faults: new Faults(),
    waysOut,
    log: (...line) => logged.push(JSON.stringify(line)),
    wake: (to) => woken.push(to.terminal),
  };
  await store.transaction().execute((trx) =>
    registerMerchant(
      trx,
      {
        number: merchant,
        name: '测试商户',
        account,
        parameters,
        terminals: [terminal.terminal, otherTerminal.terminal],
        firstBatch,
        ...(profile && { profile }),
      },
      clock.now(),
    ),
  );
  const upstream = new Upstream(host, (error) => failures.push(error));
  upstream.start();
  await settle();
  return {
    host,
    clock,
    upstream,
    folder,
    woken,
    failures,
    logged,
    async stop() {
      await upstream.stop();
      await store.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
