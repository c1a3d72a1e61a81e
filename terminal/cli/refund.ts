import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { confirm, credentials, keyFor, noteKnown, supervisorSecret } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import {
  type RefundAnswer,
  type RefundOfferAnswer,
  type RefundOutcomeAnswer,
  refundOfferResult,
  refundOfKey,
  refundResult,
  refundsAnswer,
} from './give-back-contract.ts';
import type { Run } from './run.ts';
import { wantedAmount } from './settle.ts';
import { table } from './table.ts';
import { stanOf } from './transactions.ts';
import { stateText, timeText } from './words.ts';

export interface RefundFlags {
  readonly voucher?: string | undefined;
  readonly batch?: string | undefined;
  readonly rrn?: string | undefined;
  readonly date?: string | undefined;
  readonly amount?: string | undefined;
  readonly all?: boolean | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly supervisorFile?: string | undefined;
}

/** `pos refund make`: finds the payment, shows what is left of it, asks, refunds once for each key. */
export async function makeRefund(run: Run, flags: RefundFlags): Promise<ExitStatus> {
  const reference = referenceOf(flags);
  const wanted = wantedAmount(flags);
  const known = await knownRefund(run, flags.idempotencyKey, reference);
  const who = await credentials(run);
  const order = known
    ? { payment: known.payment, amountFen: wanted.amountFen ?? known.amountFen }
    : await confirmed(run, who, { reference, amountFen: wanted.amountFen, file: flags.supervisorFile });
  const body = { ...who, ...order, idempotencyKey: keyFor(run, flags.idempotencyKey) };
  const raw = await run.client.post('/refunds', body, run.step);
  const { outcome } = v.parse(refundResult, raw);
  await run.show(raw, () => outcomeText(outcome, run.language));
  if (outcome.printProblem) {
    const { stan } = outcome.refund;
    run.note(
      `退货单未打印 (${outcome.printProblem})，请用 pos refund reprint ${stan}`,
      `The slip was not printed (${outcome.printProblem}); use pos refund reprint ${stan}`,
    );
  }
  return exits[outcome.kind];
}

/** A key that is known was confirmed the first time. IDEMPOTENCY_CONFLICT when it is of another payment. */
async function knownRefund(run: Run, key: string | undefined, reference: Reference): Promise<RefundAnswer | undefined> {
  if (key === undefined) return undefined;
  const { refund } = v.parse(refundOfKey, await run.client.get(`/refund-of-key/${key}`));
  if (!refund) return undefined;
  const isSame = reference.by === 'voucher' ? refund.originStan === reference.stan : refund.originRrn === reference.rrn;
  if (!isSame) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: key });
  noteKnown(run, key);
  return refund;
}

/** What the person saw, said yes to, and has the secret for. */
async function confirmed(
  run: Run,
  who: Awaited<ReturnType<typeof credentials>>,
  wanted: {
    readonly reference: Reference;
    readonly amountFen: number | undefined;
    readonly file: string | undefined;
  },
): Promise<{ readonly payment: string; readonly amountFen: number; readonly supervisor?: string }> {
  const found = await run.client.post('/refunds/find', { ...who, reference: wanted.reference }, run.step);
  const { offer } = v.parse(refundOfferResult, found);
  const amountFen = wanted.amountFen ?? offer.leftFen;
  if (amountFen > offer.leftFen || amountFen === 0) {
    throw new TerminalError('REFUND_EXCEEDS_PAID', {
      limit: formatYuan(offer.leftFen),
      value: formatYuan(Math.max(amountFen, 1)),
    });
  }
  await confirm(run, {
    what: offerText(offer, amountFen, run),
    how: run.say('确认请输入 yes', 'Type yes'),
    word: 'yes',
  });
  const supervisor = await supervisorSecret(run, who.operator, wanted.file);
  return { payment: offer.payment, amountFen, ...(supervisor !== undefined && { supervisor }) };
}

type Reference =
  | { readonly by: 'voucher'; readonly stan: string; readonly batch?: string }
  | { readonly by: 'reference'; readonly rrn: string; readonly date: string };

const exits = {
  succeeded: exitStatus.ok,
  failed: exitStatus.declined,
  continues: exitStatus.unknown,
} as const satisfies Record<RefundOutcomeAnswer['kind'], ExitStatus>;

function referenceOf({ voucher, batch, rrn, date }: RefundFlags): Reference {
  const byVoucher = voucher !== undefined && rrn === undefined && date === undefined;
  if (byVoucher) return { by: 'voucher', stan: stanOf(voucher), ...(batch !== undefined && { batch: stanOf(batch) }) };
  if (voucher === undefined && batch === undefined && rrn !== undefined && date !== undefined) {
    return { by: 'reference', rrn, date };
  }
  throw usage(
    '请给出 --voucher 凭证号，或 --rrn 参考号 与 --date 日期',
    'Give --voucher STAN, or --rrn REFERENCE with --date DAY',
  );
}

function offerText({ stan, terminal, card = '', leftFen }: RefundOfferAnswer, amountFen: number, run: Run): string {
  const [amount, left] = [formatYuan(amountFen), formatYuan(leftFen)];
  return run.say(
    `退货 ${amount} 元 (可退 ${left} 元)，终端 ${terminal} 凭证 ${stan} ${card}`,
    `Refund ${amount} yuan (${left} left) of terminal ${terminal}, voucher ${stan} ${card}`,
  );
}

function outcomeText({ kind, refund, reason }: RefundOutcomeAnswer, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const amount = formatYuan(refund.amountFen);
  switch (kind) {
    case 'succeeded':
      return say(`已退货 ${amount} 元，流水号 ${refund.stan}`, `Refunded ${amount} yuan, STAN ${refund.stan}`);
    case 'failed':
      return say(`退货未成 (${reason ?? ''})，资金已退回可用余额`, `Not refunded (${reason ?? ''}); the money is back`);
    case 'continues':
      return say(
        `退货 ${amount} 元处理中，流水号 ${refund.stan}，结果请看 pos refund list`,
        `The refund of ${amount} yuan is under way, STAN ${refund.stan}; see pos refund list`,
      );
  }
}

/** `pos refund list`. */
export async function listRefunds(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/refunds?limit=${limit}`);
  const { refunds } = v.parse(refundsAnswer, raw);
  const head = [
    run.say('流水号', 'STAN'),
    run.say('批次', 'Batch'),
    run.say('时间', 'Time'),
    run.say('金额', 'Amount'),
    run.say('原终端', 'Terminal'),
    run.say('原流水', 'Original'),
    run.say('状态', 'State'),
    run.say('原因', 'Reason'),
  ];
  await run.show(raw, () =>
    refunds.length === 0
      ? run.say('没有退货', 'No refunds')
      : table(
          head,
          refunds.map((one) => refundRow(one, run.language)),
          [3],
        ),
  );
  return exitStatus.ok;
}

const refundRow = (refund: RefundAnswer, language: Language): readonly string[] => [
  refund.stan,
  refund.batch,
  timeText(refund.requestedAt),
  formatYuan(refund.amountFen),
  refund.originTerminal,
  refund.originStan,
  stateText(refund.state, language),
  refund.reason ?? '',
];

/** `pos refund reprint`. */
export async function reprintRefund(run: Run, stan: string): Promise<ExitStatus> {
  const raw = await run.client.post(`/refunds/${stanOf(stan)}/reprint`, await credentials(run), run.step);
  await run.show(raw, () => run.say('退货单已重打', 'The slip was printed again'));
  return exitStatus.ok;
}
