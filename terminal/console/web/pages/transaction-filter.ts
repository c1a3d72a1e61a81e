/** What a list of transactions is of, as it stands in the address of the page and in the question to the server: one form for both, so that a link shows what its sender saw. */
export interface TransactionFilter {
  readonly from?: string;
  readonly to?: string;
  readonly type?: string;
  readonly state?: string;
  readonly operator?: string;
  readonly stan?: string;
  readonly minFen?: number;
  readonly maxFen?: number;
}

/** The kinds of a payment (sync/protocol/common.ts), and refunds. */
export const transactionTypes = [
  'sale',
  'code-sale',
  'stored-sale',
  'void',
  'refund',
  'preauth',
  'preauth-void',
  'completion',
  'completion-void',
  'completion-advice',
] as const;

/** Of payments and refunds (states.md 1 and 2). */
export const transactionStates = [
  'PAID',
  'CLEARED',
  'DONE',
  'SUCCESS',
  'PARTLY_REFUNDED',
  'REFUNDED',
  'VOIDING',
  'VOIDED',
  'HELD',
  'COMPLETED',
  'EXPIRED',
  'STORED',
  'CREATED',
  'AUTHORIZING',
  'UNKNOWN',
  'REQUESTED',
  'PROCESSING',
  'REVERSING',
  'REVERSED',
  'NEEDS_HUMAN',
  'FAILED',
] as const;

type Form = RegExp | readonly string[];
const day = /^\d{4}-\d{2}-\d{2}$/;
const forms: Readonly<Record<'from' | 'to' | 'type' | 'state' | 'operator' | 'stan', Form>> = {
  from: day,
  to: day,
  type: transactionTypes,
  state: transactionStates,
  operator: /^([0-9a-z._-]{1,32}|SYS)$/,
  stan: /^\d{6}$/,
};
const texts = ['from', 'to', 'type', 'state', 'operator', 'stan'] as const;
const amounts = ['minFen', 'maxFen'] as const;

/** Of an address that a person may have changed: what has no meaning is left out. */
export function filterOf(query: Readonly<Record<string, string>>): TransactionFilter {
  const filter: { -readonly [Name in keyof TransactionFilter]: TransactionFilter[Name] } = {};
  for (const name of texts) {
    const value = query[name];
    if (value !== undefined && fits(name, value)) filter[name] = value;
  }
  for (const name of amounts) {
    const value = query[name];
    if (value !== undefined && /^\d{1,11}$/.test(value)) filter[name] = Number(value);
  }
  return filter;
}

/** The other way; what is empty does not stand in the address. */
export const queryOf = (filter: TransactionFilter): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...texts, ...amounts].flatMap((name) => {
      const value = filter[name];
      return value === undefined || value === '' ? [] : [[name, String(value)]];
    }),
  );

/** Whether what a person wrote can be asked for. */
export function fits(name: keyof typeof forms, value: string): boolean {
  const form = forms[name];
  return form instanceof RegExp ? form.test(value) : form.includes(value);
}
