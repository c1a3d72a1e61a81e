import * as v from 'valibot';
import { fen } from '../protocol/common.ts';
import type { Parameters } from '../protocol/settlement.ts';
import type { RatePolicy } from './fee.ts';
import type { HostTrx } from './store.ts';

const ppm = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000));
const ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(86_400_000));

/** What a merchant's parameters are. Those that begin with `host.` steer the reference host and stay there; the others go to the terminals. */
const schema = v.strictObject({
  /** When a closed batch's card sales are cleared: with the close, by command, or never. */
  clearing: v.optional(v.picklist(['at-close', 'manual', 'never']), 'at-close'),
  /** Batch totals, gross: a voided sale stays in debit (payments.md, batch close 2). */
  profile: v.optional(v.picklist(['gross']), 'gross'),
  'fee.card.normalPpm': v.optional(ppm, 6000),
  'fee.contactless.discountPpm': v.optional(ppm, 3800),
  'fee.contactless.maxFen': v.optional(fen, 100_000),
  'sale.maxFen': v.optional(fen, 999_999_999),
  'batch.maxRecords': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000)), 500),
  'host.lateAnswerMs': v.optional(ms, 40_000),
  /** From the acceptance of a settlement to its outcome. */
  'host.settleDelayMs': v.optional(ms, 0),
  /** `manual`: the outcome waits for settle-decide. */
  'host.settleDecision': v.optional(v.picklist(['auto', 'manual']), 'auto'),
  /** From a success to its return by the bank, where a return was planned. */
  'host.returnDelayMs': v.optional(ms, 0),
});

export type HostParameters = v.InferOutput<typeof schema>;
export type ParameterName = keyof HostParameters;

/** What a configuration may give; the rest has its default. */
export const parameterOverrides = v.partial(schema);

export function isParameterName(name: string): name is ParameterName {
  return name in schema.entries;
}

/** Is it a legal value of this parameter? */
export function fitsParameter(name: ParameterName, value: unknown): boolean {
  return v.safeParse(schema, { [name]: value }).success;
}

export async function readParameters(trx: HostTrx, merchant: string): Promise<HostParameters> {
  const rows = await trx
    .selectFrom('parameters')
    .select(['name', 'value_json'])
    .where('merchant', '=', merchant)
    .execute();
  return v.parse(schema, Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value_json)])));
}

export function forTerminal(parameters: HostParameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.startsWith('host.')));
}

export function ratePolicy(parameters: HostParameters): RatePolicy {
  return {
    normalPpm: parameters['fee.card.normalPpm'],
    contactlessPpm: parameters['fee.contactless.discountPpm'],
    contactlessMaxFen: parameters['fee.contactless.maxFen'],
  };
}
