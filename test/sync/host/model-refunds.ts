import type { EntryMode, Group, JournalOnWire } from '../../../sync/protocol/common.ts';
import type { Original } from '../../../sync/protocol/refunds.ts';
import { businessDate } from './journals.ts';
import type { ModelPayment, ModelTill } from './model-till.ts';

/** Refunds of a model's terminal: reserved, then told (accounting.md §4.2). */

/** A refund of a payment of this terminal. */
export function refund(model: ModelTill, p: ModelPayment, refundFen: number): void {
  const source = p.cleared ? '2002' : '2001';
  const origin = { payment: p.no, terminal: model.till.ref.terminal, batch: p.batch, stan: p.stan, rrn: null };
  if (p.voided || p.frozen !== null) return;
  instruct(model, { ...p, refundFen, source, origin, elsewhere: false });
}

/** A refund of a payment of another terminal, found upstream. */
export async function refundElsewhere(model: ModelTill, number: string, refundFen: number): Promise<void> {
  const { stan } = model.till.next();
  const asked = { kind: 'find-original', stan, number, rrn: null, date: null } as const;
  const answer = await model.till.ask(`${number}:find-original:${stan}`, asked);
  const found: Original | null = answer?.kind === 'find-original' ? answer.original : null;
  if (!found || found.state === 'VOIDED' || found.frozen) return;
  const { payment, terminal, batch, entry, group, refundedFen, refundedFeeFen } = found;
  const origin = { payment, terminal, batch, stan: found.stan, rrn: found.rrn };
  const base = { grossFen: found.amountFen, feeFen: found.feeFen, refundedFen, refundedFeeFen, entry, group };
  instruct(model, { ...base, refundFen, source: '2002', origin, elsewhere: true });
}

function instruct(
  model: ModelTill,
  asked: {
    readonly grossFen: number;
    readonly feeFen: number;
    readonly refundedFen: number;
    readonly refundedFeeFen: number;
    readonly entry: EntryMode;
    readonly group: Group;
    readonly refundFen: number;
    readonly source: '2001' | '2002';
    readonly elsewhere: boolean;
    readonly origin: { payment: string; terminal: string; batch: string; stan: string; rrn: string | null };
  },
): void {
  const { grossFen, refundFen: R, source, origin, entry, group } = asked;
  const share = Math.floor((2 * asked.feeFen * (asked.refundedFen + R) + grossFen) / (2 * grossFen));
  const f = Math.min(R, Math.max(0, share - asked.refundedFeeFen));
  const from = source === '2001' ? `2001:${origin.payment}` : '2002';
  if (R <= 0 || model.book.of(from) < (source === '2001' ? R : R - f)) return;
  const { payment: no, stan } = model.till.next();
  const lines: JournalOnWire['lines'] =
    source === '2001'
      ? [
          [from, 'D', R],
          [`2302:${no}`, 'C', R],
        ]
      : [
          ['2002', 'D', R - f],
          ['4001', 'D', f],
          [`2302:${no}`, 'C', R],
        ];
  const journals = model.book.post(source === '2001' ? 'J-06b' : 'J-06', no, `refund:${no}`, lines);
  const { batch } = model.till;
  model.refunds.set(no, {
    no,
    batch,
    stan,
    payment: origin.payment,
    elsewhere: asked.elsewhere,
    amountFen: R,
    feeFen: f,
    source,
    entry,
    group,
    state: 'REQUESTED',
  });
  const p = model.payments.get(origin.payment);
  if (p && source === '2001') {
    p.takenFen += R;
    p.takenFeeFen += f;
  }
  const facts = {
    batch,
    businessDate,
    stan,
    origin,
    amountFen: R,
    feeFen: f,
    cumBefore: asked.refundedFen,
    source,
    entry,
    group,
    card: null,
    rev: 1,
  };
  model.send({ kind: 'refund', id: no, body: model.body(no, facts, journals) });
}
