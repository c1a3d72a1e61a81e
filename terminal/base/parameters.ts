import { type Database, perDatabase, type Tx } from './database.ts';
import { setSetting, setting } from './settings.ts';

/** What upstream decided for this merchant, by the names of constants.md. `sent` is what came last; the values here hold until then. */
const usual = {
  /** Batch totals: gross, or net: what was voided and its void are left out. */
  profile: 'gross',
  /** Records in a batch before a close is demanded. */
  'batch.maxRecords': 500,
  /** Of a pre-authorisation that comes back from the host, which tells no date. */
  'preauth.validDays': 30,
  /** How much a completion may be of what is held, in percent. */
  'preauth.maxPercent': 115,
  'fee.refundPolicy': 'RETURN_PROPORTIONAL',
  'refund.maxFen': 1_000_000,
  'refund.maxDays': 365,
  /** What stays back of the available balance at AUTO and REALTIME, for refunds (races.md). */
  'settle.keepFen': 0,
  /** The merchant's registered category (E-073); empty: not told yet. */
  'merchant.mcc': '',
  /** What asks a cashier for 主管密码, of void, preauth-void, completion-void and drawer; a refund always does. */
  'supervisor.required': 'void refund preauth-void completion-void',
  /** Whether a void asks for the card of its original, and for its PIN, which needs the card too: 消费撤销, and the voids of 预授权 and its completion. */
  'void.needsCard': false,
  'void.needsPin': false,
  'preauth.voidNeedsCard': false,
  'preauth.voidNeedsPin': false,
  /** What the merchant takes (B-018). */
  'instrument.MAG': true,
  'instrument.CHIP': true,
  'instrument.CONTACTLESS': true,
  'instrument.QR_WECHAT': true,
  'instrument.QR_ALIPAY': true,
  'instrument.QR_UNIONPAY': true,
  'offline.enabled': false,
  'offline.maxFen': 20_000,
  'offline.maxTotalFen': 200_000,
  'offline.maxCount': 20,
  'offline.maxAgeHours': 24,
  'risk.contactlessPerDay': 3,
  /** 0: no rule. */
  'risk.maxFenPerSale': 0,
  'risk.maxCountPerMinute': 0,
  'risk.maxFenPerCardDay': 0,
  'risk.maxCountPerCardDay': 0,
} as const;

type Name = keyof typeof usual;
type Value<N extends Name> = (typeof usual)[N] extends number
  ? number
  : (typeof usual)[N] extends boolean
    ? boolean
    : string;

/** Settings in which they are kept. */
const parametersName = 'parameters';
const beforeName = 'parameters-before';

const sent = perDatabase(() => ({ text: '', values: {} as Readonly<Record<string, unknown>> }));

/** A parameter; what upstream sent of another type counts as not sent. */
export function parameter<N extends Name>(db: Database, name: N): Value<N>;
export function parameter(db: Database, name: Name): string | number | boolean {
  const last = sent(db);
  const text = setting(db, parametersName) ?? '{}';
  if (text !== last.text) {
    last.text = text;
    last.values = JSON.parse(text);
  }
  const value = last.values[name];
  const fits = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return fits && typeof value === typeof usual[name] ? value : usual[name];
}

/** What upstream decided last; what held before is kept beside it, for whoever looks for what changed. */
export function saveParameters(tx: Tx, record: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(record);
  const before = setting(tx.db, parametersName);
  if (before === text) return;
  setSetting(tx, beforeName, before ?? '{}');
  setSetting(tx, parametersName, text);
}

export interface ShownParameter {
  readonly name: string;
  readonly value: string | number | boolean;
  /** Of this program; undefined for one that it does not know. */
  readonly usual: string | number | boolean | undefined;
  /** In the revision before, where it was another. */
  readonly before: string | number | boolean | undefined;
}

/** By name: what this program knows, and what upstream sent beside that. */
export function shownParameters(db: Database): readonly ShownParameter[] {
  const [now, before] = [parametersName, beforeName].map((name) => plainValues(setting(db, name)));
  const usually: Readonly<Record<string, string | number | boolean>> = usual;
  const names = new Set([...Object.keys(usually), ...Object.keys(now ?? {})]);
  return [...names].sort().flatMap((name) => {
    const value = now?.[name] ?? usually[name];
    const earlier = before?.[name] ?? usually[name];
    if (value === undefined) return [];
    return [{ name, value, usual: usually[name], before: earlier === value ? undefined : earlier }];
  });
}

function plainValues(text: string | undefined): Readonly<Record<string, string | number | boolean>> {
  const values: Readonly<Record<string, string | number | boolean>> = JSON.parse(text ?? '{}');
  return values;
}
