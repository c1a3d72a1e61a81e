import * as v from 'valibot';
import type { TerminalRef } from './business.ts';
import type { RecordTable } from './business-tables.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** The terminal's version of a payment or reversal. A later row of the same replaces the earlier: a reversal that needed a human may yet be done. */
export async function keepRecord(
  trx: HostTrx,
  from: TerminalRef,
  given: Pick<RecordTable, 'kind' | 'payment' | 'at'> & {
    readonly facts: {
      readonly batch: string;
      readonly stan: string;
      readonly state: string;
      readonly amountFen: number;
    };
  },
): Promise<void> {
  const { kind, payment, at, facts } = given;
  const record = {
    batch: facts.batch,
    stan: facts.stan,
    state: facts.state,
    amount_fen: facts.amountFen,
    facts_json: JSON.stringify(facts),
    at,
  };
  await trx
    .insertInto('records')
    .values({ ...owner(from), kind, payment, ...record })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'kind', 'payment']).doUpdateSet(record))
    .execute();
}

/** What the terminal's record of a payment says of its original, and whether it cleared at once. */
export async function recordedFacts(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
): Promise<{ readonly original: string | null; readonly cleared: boolean }> {
  const row = await trx
    .selectFrom('records')
    .select('facts_json')
    .where((eb) => eb.and({ ...owner(from), kind: 'payment', payment }))
    .executeTakeFirst();
  const parsed = v.safeParse(recorded, JSON.parse(row?.facts_json ?? 'null'));
  return parsed.success ? parsed.output : { original: null, cleared: false };
}

const recorded = v.object({
  original: v.optional(v.nullable(v.string()), null),
  cleared: v.optional(v.boolean(), false),
});
