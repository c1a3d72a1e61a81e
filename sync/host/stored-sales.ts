import type { CompleteByAdvice, ForwardedResult, StoreSale } from '../protocol/payments.ts';
import { ruleForAmount } from './amount-table.ts';
import { findApproval, isBarred } from './approvals.ts';
import { acquirer, type Booking, bookRuling } from './authorise.ts';
import { isBatchOpen } from './batches.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { checkCard } from './check-card.ts';
import { ruleCompletion } from './completion.ts';
import { at } from './crash-points.ts';
import { noEffects } from './effects.ts';
import { chooseRate } from './fee.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { authCode, nextRrn } from './numbers.ts';
import { type HostParameters, isOtherCategory, ratePolicy, readParameters } from './parameters.ts';
import { keepRecord } from './records.ts';
import type { RowPlan } from './row-plan.ts';
import { approved, cardFacts, declined, isApproved, type Ruling } from './ruling.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/**
 * What was done at the counter without asking: offline sales (离线消费) and completions by advice (预授权完成通知). Each is accepted or refused when its row is
 * applied, and that is final; the terminal books it then (J-01).
 */
export async function planForward(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row:
    | { readonly kind: 'store-sale'; readonly body: StoreSale }
    | { readonly kind: 'complete-by-advice'; readonly body: CompleteByAdvice },
): Promise<RowPlan> {
  const { body, kind } = row;
  const txn = kind === 'store-sale' ? 'stored-sale' : 'completion-advice';
  const known = await findApproval(trx, from, body.no);
  if (known && !isSame(known, body)) throw new HostReject('IDEMPOTENCY_CONFLICT');
  if (known) return { expected: noEffects, apply: async () => {} };
  return {
    expected: noEffects,
    apply: async () => {
      const parameters = await readParameters(trx, from.merchant);
      const ruled = await rule(host, trx, from, row, parameters);
      await keep(host, trx, from, { body, txn, ...ruled });
      at('host.forward-before-commit');
    },
  };
}

const isSame = (known: ApprovalTable, { facts }: StoreSale | CompleteByAdvice): boolean =>
  known.stan === facts.stan && known.batch === facts.batch && known.asked_fen === facts.amountFen;

interface Ruled {
  readonly ruling: Ruling;
  /** Why it is refused, in the words of errors.md; null: the issuer's code says it. */
  readonly reason: string | null;
  readonly limit: ForwardedResult['limit'];
}

async function rule(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  row: Parameters<typeof planForward>[3],
  parameters: HostParameters,
): Promise<Ruled> {
  const { no, facts } = row.body;
  const simple = (ruling: Ruling): Ruled => ({ ruling, reason: null, limit: null });
  const fault = host.faults.take('forward-refuse');
  if (fault) return simple(declined(fault.code, undefined, facts.entry));
  if (!(await isBatchOpen(trx, from, facts.batch))) return simple(declined('77', undefined, facts.entry));
  if (await isBarred(trx, from, no)) return simple(declined('94', undefined, facts.entry));
  if (isOtherCategory(facts, parameters)) return { ...simple(declined('03')), reason: 'MCC_MISMATCH' };
  if (row.kind === 'store-sale') return ruleStored(host, row.body, parameters, await waitingThen(trx, from, row.body));
  const { original, authCode: code, card: masked } = row.body.facts;
  const asked = {
    payment: no,
    amountFen: facts.amountFen,
    entry: facts.entry,
    card: null,
    masked,
    original,
    authCode: code,
  };
  return simple(await ruleCompletion(host, trx, from, asked, parameters));
}

const hourMs = 3_600_000;

/**
 * The offline sales that waited for this host when this one was made: told before it and not heard of yet, by the terminal's clock. A close leaves none, so they are of the
 * same batch.
 */
async function waitingThen(
  trx: HostTrx,
  from: TerminalRef,
  { at: madeAt, facts }: StoreSale,
): Promise<{ readonly count: number; readonly totalFen: number }> {
  const sales = await trx
    .selectFrom('approvals')
    .select('asked_fen')
    .where((eb) => eb.and({ ...owner(from), batch: facts.batch, txn: 'stored-sale' }))
    .where('at', '>', madeAt)
    .execute();
  return { count: sales.length, totalFen: sales.reduce((sum, { asked_fen }) => sum + asked_fen, 0) };
}

/** Offline sales must be switched on, small enough, few enough, and not too old; then the card and the amount decide as online. */
function ruleStored(
  host: Host,
  { no, at: madeAt, facts }: StoreSale,
  parameters: HostParameters,
  waiting: Awaited<ReturnType<typeof waitingThen>>,
): Ruled {
  const { amountFen, entry } = facts;
  const checked = checkCard(host, no, facts.sealed);
  const card = cardFacts(checked.card);
  const limits = [
    { name: 'offline.enabled', used: 1, limit: parameters['offline.enabled'] ? 1 : 0 },
    { name: 'offline.maxFen', used: amountFen, limit: parameters['offline.maxFen'] },
    {
      name: 'offline.maxTotalFen',
      used: waiting.totalFen + amountFen,
      limit: parameters['offline.maxTotalFen'],
    },
    { name: 'offline.maxCount', used: waiting.count + 1, limit: parameters['offline.maxCount'] },
    {
      name: 'offline.maxAgeHours',
      used: Math.floor((host.clock.now() - madeAt) / hourMs),
      limit: parameters['offline.maxAgeHours'],
    },
  ];
  const over = limits.find(({ used, limit }) => used > limit);
  if (over)
    return {
      ruling: declined('57', card, entry),
      reason: 'OFFLINE_NOT_ALLOWED',
      limit: { ...over, who: 'merchant' },
    };
  const simple = (ruling: Ruling): Ruled => ({ ruling, reason: null, limit: null });
  if (!parameters[`instrument.${entry}`])
    return { ...simple(declined('58', card, entry)), reason: 'INSTRUMENT_NOT_SUPPORTED' };
  if (checked.code !== null) return simple(declined(checked.code, card, entry));
  const byAmount = ruleForAmount(amountFen);
  if (byAmount.does === 'decline') return simple(declined(byAmount.code, card, entry));
  const rate = chooseRate(ratePolicy(parameters), entry, amountFen);
  return simple(approved({ card, entry, approvedFen: amountFen, rate }));
}

async function keep(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  given: Ruled & { readonly body: StoreSale | CompleteByAdvice; readonly txn: 'stored-sale' | 'completion-advice' },
): Promise<void> {
  const { body, txn, reason, limit } = given;
  const { no, facts } = body;
  // Clears with its batch, also where cards clear in the answer: there was none.
  const ruling: Ruling = { ...given.ruling, cleared: false };
  const now = host.clock.now();
  const good = isApproved(ruling);
  const rrn = await nextRrn(trx, now);
  const code = good ? authCode(host.random) : null;
  const booking: Booking = {
    payment: no,
    txn,
    batch: facts.batch,
    stan: facts.stan,
    amountFen: facts.amountFen,
    bookedBy: 'row',
    rrn,
    authCode: code,
    now,
  };
  await bookRuling(trx, from, booking, ruling);
  const told = {
    txn,
    batch: facts.batch,
    stan: facts.stan,
    amountFen: facts.amountFen,
    state: good ? 'PAID' : 'FAILED',
  };
  await keepRecord(trx, from, { kind: 'payment', payment: no, at: body.at, facts: told });
  await sendDown(trx, from, {
    kind: txn === 'stored-sale' ? 'stored-sale-result' : 'advice-result',
    id: no,
    body: {
      no,
      at: now,
      outcome: good ? 'accepted' : 'refused',
      reason: good ? null : (reason ?? `CODE_${ruling.code}`),
      limit,
      hostRef: null,
      code: ruling.code,
      rrn,
      authCode: code,
      issuer: ruling.card.issuer,
      acquirer: good ? acquirer : null,
      group: ruling.card.group,
      rate: good ? ruling.rate : null,
      rev: (await findMerchant(trx, from.merchant))?.rev ?? 0,
    },
  });
}
