import * as v from 'valibot';
import { fen } from '../protocol/common.ts';
import type { Parameters } from '../protocol/merchant-data.ts';
import type { RatePolicy } from './fee.ts';
import type { HostTrx } from './store.ts';

const ppm = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000_000));
const days = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(3650));
/** The actions at the terminal that may ask a cashier for the supervisor's secret, as a list of words; a refund always does. */
const supervised = v.pipe(v.string(), v.regex(/^((void|refund|preauth-void|completion-void|drawer)( |$))*$/));
const ms = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(86_400_000));

/** What a merchant's parameters are. Those that begin with `host.` steer the reference host and stay there; the others go to the terminals. */
const schema = v.strictObject({
  /** When a closed batch's card sales are cleared: with the close, on the business day after that of the batch (B-025), by command, or never. */
  clearing: v.optional(v.picklist(['at-close', 'next-business-day', 'manual', 'never']), 'at-close'),
  /** Batch totals. Gross: a voided sale stays in debit (payments.md, batch close 2); net: it and its void are left out. */
  profile: v.optional(v.picklist(['gross', 'net']), 'gross'),
  'fee.card.normalPpm': v.optional(ppm, 6000),
  'fee.contactless.discountPpm': v.optional(ppm, 3800),
  'fee.contactless.maxFen': v.optional(fen, 100_000),
  'fee.qr.ppm': v.optional(ppm, 3800),
  /** KEEP: a refund gives no fee back, but for one of what is not cleared (accounting.md §4.2). */
  'fee.refundPolicy': v.optional(v.picklist(['RETURN_PROPORTIONAL', 'KEEP']), 'RETURN_PROPORTIONAL'),
  /** real-time: the merchant is entitled, cards clear in the answer. */
  'settle.cardCycle': v.optional(v.picklist(['T+1', 'real-time']), 'T+1'),
  /** What stays back at AUTO and REALTIME, for refunds (races.md). */
  'settle.keepFen': v.optional(fen, 0),
  /** Service fee d of a settlement in real time: so much, and a part of the amount in 1/10000 (B-006). */
  'settle.realtimeFeeFen': v.optional(fen, 0),
  'settle.realtimeFeeBps': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_000)), 0),
  'preauth.validDays': v.optional(days, 30),
  'preauth.maxPercent': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)), 115),
  /** The registered merchant category: a request with another one is declined (E-073). */
  'merchant.mcc': v.optional(v.pipe(v.string(), v.regex(/^\d{4}$/)), '5411'),
  'supervisor.required': v.optional(supervised, 'void refund preauth-void completion-void'),
  /** Voids ask for the card of their original, and for its PIN. */
  'void.needsCard': v.optional(v.boolean(), false),
  'void.needsPin': v.optional(v.boolean(), false),
  'preauth.voidNeedsCard': v.optional(v.boolean(), false),
  'preauth.voidNeedsPin': v.optional(v.boolean(), false),
  /** How a customer may pay (B-018). */
  'instrument.MAG': v.optional(v.boolean(), true),
  'instrument.CHIP': v.optional(v.boolean(), true),
  'instrument.CONTACTLESS': v.optional(v.boolean(), true),
  'instrument.QR_WECHAT': v.optional(v.boolean(), true),
  'instrument.QR_ALIPAY': v.optional(v.boolean(), true),
  'instrument.QR_UNIONPAY': v.optional(v.boolean(), true),
  'refund.maxFen': v.optional(fen, 1_000_000),
  'refund.maxDays': v.optional(days, 365),
  /** 0: the customer is never verified; else from this amount on. */
  'verify.fromFen': v.optional(fen, 0),
  'verify.by': v.optional(v.picklist(['sms', 'wechat']), 'sms'),
  'verify.validMs': v.optional(ms, 300_000),
  'verify.tries': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(9)), 3),
  'offline.enabled': v.optional(v.boolean(), false),
  'offline.maxFen': v.optional(fen, 20_000),
  'offline.maxTotalFen': v.optional(fen, 200_000),
  'offline.maxCount': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 20),
  'offline.maxAgeHours': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(720)), 24),
  /** Rules that a terminal keeps by itself; 0: no rule. About one sale and one minute, and about one card and day: beyond the third it warns (E-074), beyond the others it refuses. */
  'risk.maxFenPerSale': v.optional(fen, 0),
  'risk.maxCountPerMinute': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  'risk.contactlessPerDay': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 3),
  'risk.maxCountPerCardDay': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  'risk.maxFenPerCardDay': v.optional(fen, 0),
  'sale.maxFen': v.optional(fen, 999_999_999),
  'batch.maxRecords': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000)), 500),
  'host.lateAnswerMs': v.optional(ms, 40_000),
  /** `manual`: an account that is applied for waits for account-decide. */
  'host.accountDecision': v.optional(v.picklist(['auto', 'manual']), 'auto'),
  'host.accountDelayMs': v.optional(ms, 0),
  /** From the row of a settlement to its acceptance: so long it may be stopped. */
  'host.acceptDelayMs': v.optional(ms, 0),
  /** From the acceptance of a settlement to its outcome. */
  'host.settleDelayMs': v.optional(ms, 0),
  /** `manual`: the outcome waits for settle-decide. */
  'host.settleDecision': v.optional(v.picklist(['auto', 'manual']), 'auto'),
  /** From a success to its return by the bank, where a return was planned. */
  'host.returnDelayMs': v.optional(ms, 0),
  /** From the acceptance of a refund to its outcome. */
  'host.refundDelayMs': v.optional(ms, 0),
  /** `manual`: the outcome waits for refund-decide. */
  'host.refundDecision': v.optional(v.picklist(['auto', 'manual']), 'auto'),
  /** What a promoter pays of every sale from `host.discountFromFen` on, in 1/10000. */
  'host.discountBps': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(9_999)), 0),
  'host.discountFromFen': v.optional(fen, 0),
  /** What every card has, for a balance inquiry. */
  'host.balanceFen': v.optional(fen, 123_456),
  /** How long the simulated customer takes to scan a code, and to type a PIN into the phone. */
  'host.walletScanMs': v.optional(ms, 3_000),
  'host.walletPinMs': v.optional(ms, 5_000),
  /** Life of an order of a code. */
  'host.codeValidMs': v.optional(ms, 120_000),
  /** At this hour in Shanghai the bill of the day before is made (B-032); 0: by command only. */
  'host.billHour': v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(23)), 10),
  /** B-046: what is paid is frozen for review when the cashier reports it. */
  'host.freezeReported': v.optional(v.boolean(), true),
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

/** E-073. A terminal that was not told its category yet names none. */
export const isOtherCategory = (
  { mcc }: { readonly mcc?: string | null | undefined },
  parameters: HostParameters,
): boolean => mcc !== undefined && mcc !== null && mcc !== parameters['merchant.mcc'];

export function ratePolicy(parameters: HostParameters): RatePolicy {
  return {
    normalPpm: parameters['fee.card.normalPpm'],
    contactlessPpm: parameters['fee.contactless.discountPpm'],
    contactlessMaxFen: parameters['fee.contactless.maxFen'],
    qrPpm: parameters['fee.qr.ppm'],
  };
}
