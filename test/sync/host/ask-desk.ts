import { type Command, carryOut } from '../../../sync/host/commands.ts';
import { settlementReport } from '../../../sync/host/report-settlement.ts';
import type { Application } from '../../../sync/protocol/merchant-data.ts';
import { type AccountBlock, sealAccount, sealingKey } from '../../../sync/protocol/sealing.ts';
import { keys, merchant, type TestHost } from './start-host.ts';
import type { Till } from './till.ts';

/** What the console of a terminal and the people at the host ask for. */

/** An application as its row brings it. */
export function applyFor(till: Till, no: string, facts: Application, by = '00'): Promise<void> {
  return till.up({ kind: 'apply', id: no, body: { no, at: till.test.clock.now(), by, facts, journals: [] } });
}

/** A good card number of the merchant's own, and its licence. */
export const goodAccount: AccountBlock = { number: '6222021234567890128', id: '91310000MA1FL0001X' };

export interface AccountChange extends Partial<AccountBlock> {
  readonly name?: string;
  readonly bank?: string;
  readonly destination?: 'bank' | 'payment';
  readonly sealedFor?: string;
}

export function applyForAccount(till: Till, no: string, change: AccountChange = {}, by = '00'): Promise<void> {
  const { name = '测试商户', bank = '中国工商银行北京分行', destination = 'bank', sealedFor = no, ...block } = change;
  const sealed = sealAccount({ ...goodAccount, ...block }, sealedFor, sealingKey(keys.publicKey));
  return applyFor(till, no, { kind: 'account', name, bank, destination, maskedNumber: '****', sealed }, by);
}

/** Each answer to an application: outcome, stage and reason. */
export const answers = async (till: Till, no: string) =>
  (await till.down('apply-result'))
    .filter(({ body }) => body.application === no)
    .map(({ body }) => [body.outcome, body.stage, body.reason].filter((part) => part !== null).join(' '));

/** A command as the control socket hands it on. */
export const order = (host: TestHost, till: Till, command: Command) =>
  host.host.store.transaction().execute((trx) => carryOut(host.host, trx, till.ref, command));

export const report = (host: TestHost) =>
  host.host.store.transaction().execute((trx) => settlementReport(trx, merchant));
