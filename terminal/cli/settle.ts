import * as v from 'valibot';
import { shanghai } from '../base/clock.ts';
import type { Language } from '../base/errors.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan, parseYuan } from '../base/money.ts';
import {
  type OfferAnswer,
  offerAnswer,
  type SettlementAnswer,
  settlementOfKey,
  settlementsAnswer,
  settleResult,
} from './contract.ts';
import { confirm, credentials, keyFor, noteKnown } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { stateText } from './words.ts';

export interface SettleFlags {
  readonly amount?: string | undefined;
  readonly all?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** `pos settle`: shows what would go where, asks, settles once for each key. A key that is known was confirmed the first time. */
export async function settle(run: Run, flags: SettleFlags): Promise<ExitStatus> {
  const wanted = wantedAmount(flags);
  const seen = (await isKnown(run, flags.idempotencyKey)) ? {} : await confirmed(run, wanted.amountFen);
  const who = await credentials(run);
  const idempotencyKey = keyFor(run, flags.idempotencyKey);
  const raw = await run.client.post('/settle', { ...who, ...wanted, ...seen, idempotencyKey }, run.step);
  const { settlement } = v.parse(settleResult, raw);
  await run.show(raw, () => settlementText(settlement, run.language));
  return settleExit(settlement.state);
}

async function isKnown(run: Run, key: string | undefined): Promise<boolean> {
  if (key === undefined) return false;
  const { settlement } = v.parse(settlementOfKey, await run.client.get(`/settlement-of-key/${key}`));
  if (settlement) noteKnown(run, key);
  return settlement !== null;
}

/** What the person saw and said yes to. */
async function confirmed(run: Run, wantedFen: number | undefined): Promise<{ readonly expectedAvailableFen: number }> {
  const offer = v.parse(offerAnswer, await run.client.get('/settlement-offer'));
  const { account, availableFen } = offer;
  const amountFen = wantedFen ?? availableFen;
  const [amount, available] = [formatYuan(amountFen), formatYuan(availableFen)];
  if (amountFen === 0)
    throw new TerminalError('INSUFFICIENT_BALANCE', { limit: available, value: formatYuan(1), ...whereElse(offer) });
  if (run.canAsk && !run.options.yes) run.shell.err(`${await confirmPage(run, offer, amountFen)}\n`);
  await confirm(run, {
    what: run.say(`结算 ${amount} 元到 ${account.maskedNumber}`, `Settle ${amount} yuan to ${account.maskedNumber}`),
    how: run.say('确认请输入 yes', 'Type yes'),
    word: 'yes',
  });
  return { expectedAvailableFen: availableFen };
}

/** B-049: where money is that is not available. */
function whereElse({ unclearedFen, inTransitFen }: OfferAnswer) {
  const held = Object.entries({ unclearedFen, inTransitFen }).find(([, fen]) => fen > 0);
  return held && { what: held[0], held: formatYuan(held[1]) };
}

/** Step 3 (B-010): what is paid, to whom and when. Settling by hand costs nothing; the fees of the payments went off when they cleared. */
function confirmPage(run: Run, { account, availableFen, expectedArrival }: OfferAnswer, amountFen: number) {
  const yuan = (fen: number) => `${formatYuan(fen)} ${run.say('元', 'yuan')}`;
  const rows: readonly [string, string][] = [
    [run.say('结算金额', 'Amount'), yuan(amountFen)],
    [run.say('服务费', 'Service fee'), yuan(0)],
    [run.say('到账金额', 'Net'), yuan(amountFen)],
    [run.say('户名', 'Name'), account.name],
    [run.say('账号', 'Account'), account.maskedNumber],
    [run.say('开户行', 'Bank'), account.bank],
    [run.say('预计到账', 'Arrives'), expectedArrival ?? ''],
    [run.say('结算后可用', 'Left'), amountFen > availableFen ? '' : yuan(availableFen - amountFen)],
  ];
  return pairs(rows.filter(([, value]) => value !== ''));
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

/** `pos settle list`: the newest first. */
export async function listSettlements(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/settlements?limit=${limit}`);
  const { settlements } = v.parse(settlementsAnswer, raw);
  const head = [
    run.say('编号', 'No'),
    run.say('日期', 'Day'),
    run.say('金额', 'Amount'),
    run.say('状态', 'State'),
    run.say('原因', 'Reason'),
  ];
  await run.show(raw, () =>
    settlements.length === 0
      ? run.say('没有结算', 'No settlements')
      : table(
          head,
          settlements.map((one) => settlementRow(one, run.language)),
          [2],
        ),
  );
  return exitStatus.ok;
}

const settlementRow = (one: SettlementAnswer, language: Language): readonly string[] => [
  one.no,
  shanghai(one.requestedAt).day,
  formatYuan(one.amountFen),
  stateText(one.state, language) + (one.checked ? ' ✓' : ''),
  one.reason ?? '',
];
