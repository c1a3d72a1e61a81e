import type { AmountRule, WalletRule } from './amount-table.ts';
import type { HostParameters } from './parameters.ts';

/** 优惠 (B-022): what a promoter pays of an amount, in fen, down to the fen; always less than the amount. */
export function discountOf(
  amountFen: number,
  rule: Pick<AmountRule | WalletRule, 'does'>,
  parameters: Pick<HostParameters, 'host.discountBps' | 'host.discountFromFen'>,
): number {
  if (rule.does === 'discount') return share(amountFen, 1_000);
  const { 'host.discountBps': bps, 'host.discountFromFen': fromFen } = parameters;
  return amountFen >= fromFen ? share(amountFen, bps) : 0;
}

const share = (amountFen: number, bps: number): number => Number((BigInt(amountFen) * BigInt(bps)) / 10_000n);
