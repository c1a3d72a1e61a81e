import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan, parseYuan } from '../base/money.ts';
import { offerAnswer, type SettlementAnswer, settlementsAnswer, settleResult } from './contract.ts';
import { confirm, credentials } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { table } from './table.ts';
import { stateText, timeText } from './words.ts';

export interface SettleFlags {
  readonly amount?: string | undefined;
  readonly all?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** `pos settle`: shows what would go where, asks, settles once for each key. */
export async function settle(run: Run, flags: SettleFlags): Promise<ExitStatus> {
  const wanted = wantedAmount(flags);
  const offer = v.parse(offerAnswer, await run.client.get('/settlement-offer'));
  const { account, availableFen } = offer;
  const amountFen = wanted.amountFen ?? availableFen;
  const [amount, available] = [formatYuan(amountFen), formatYuan(availableFen)];
  const to = `${account.bank} ${account.maskedNumber} ${account.name}`;
  if (amountFen === 0) throw new TerminalError('INSUFFICIENT_BALANCE', { limit: available, value: formatYuan(1) });
  await confirm(run, {
    what: run.say(
      `结算 ${amount} 元 (可用 ${available} 元) 到 ${to}`,
      `Settle ${amount} yuan (available ${available}) to ${to}`,
    ),
    how: run.say('确认请输入 yes', 'Type yes'),
    word: 'yes',
  });
  const who = await credentials(run);
  const idempotencyKey = flags.idempotencyKey ?? run.shell.newNumber();
  if (run.options.json) run.step({ kind: 'progress', at: 'requesting', idempotencyKey });
  else if (flags.idempotencyKey === undefined)
    run.note(
      `幂等号 ${idempotencyKey} (重试时加 --idempotency-key)`,
      `Key ${idempotencyKey} (to retry, add --idempotency-key)`,
    );
  const raw = await run.client.post(
    '/settle',
    { ...who, ...wanted, expectedAvailableFen: availableFen, idempotencyKey },
    run.step,
  );
  const { settlement } = v.parse(settleResult, raw);
  await run.show(raw, () => settlementText(settlement, run.language));
  return settleExit(settlement.state);
}

export function wantedAmount(flags: SettleFlags): { readonly amountFen?: number; readonly all?: true } {
  if ((flags.amount === undefined) === !flags.all)
    throw usage('请给出 --amount 元 或 --all 之一', 'Give one of --amount YUAN and --all');
  if (flags.amount === undefined) return { all: true };
  const amountFen = parseYuan(flags.amount);
  if (!amountFen)
    throw new TerminalError('INVALID_AMOUNT', { value: flags.amount, min: '0.01', max: '9,999,999,999.99' });
  return { amountFen };
}

export function settlementText(settlement: SettlementAnswer, language: Language): string {
  const { no, amountFen, netFen, maskedAccount, state, reason } = settlement;
  const words = `${stateText(state, language)}${reason ? ` (${reason})` : ''}`;
  return language === 'zh'
    ? `结算 ${no}: ${formatYuan(amountFen)} 元 (净额 ${formatYuan(netFen)}) 到 ${maskedAccount}，${words}`
    : `Settlement ${no}: ${formatYuan(amountFen)} yuan (net ${formatYuan(netFen)}) to ${maskedAccount}, ${words}`;
}

/** A request whose end is not known yet is `unknown`: it must not be repeated under another key. */
export function settleExit(state: string): ExitStatus {
  if (state === 'SUCCESS') return exitStatus.ok;
  return state === 'REQUESTED' || state === 'PROCESSING' ? exitStatus.unknown : exitStatus.declined;
}

/** `pos settle list`. */
export async function listSettlements(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/settlements');
  const { settlements } = v.parse(settlementsAnswer, raw);
  const head = [
    run.say('编号', 'No'),
    run.say('时间', 'Time'),
    run.say('金额', 'Amount'),
    run.say('净额', 'Net'),
    run.say('账户', 'Account'),
    run.say('状态', 'State'),
    run.say('原因', 'Reason'),
  ];
  await run.show(raw, () =>
    settlements.length === 0
      ? run.say('没有结算', 'No settlements')
      : table(
          head,
          settlements.map((one) => settlementRow(one, run.language)),
          [2, 3],
        ),
  );
  return exitStatus.ok;
}

const settlementRow = (one: SettlementAnswer, language: Language): readonly string[] => [
  one.no,
  timeText(one.requestedAt),
  formatYuan(one.amountFen),
  formatYuan(one.netFen),
  one.maskedAccount,
  stateText(one.state, language) + (one.checked ? ' ✓' : ''),
  one.reason ?? '',
];
