import type { SettleResult } from '../protocol/settlement.ts';

/** Why an instruction is not accepted, and which limit it ran into. */
export interface Refused {
  readonly reason: string;
  readonly limit: SettleResult['limit'];
}

export const because = (reason: string, limit: Refused['limit'] = null): Refused => ({ reason, limit });
