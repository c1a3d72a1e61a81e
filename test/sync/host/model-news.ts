import type { JournalOnWire } from '../../../sync/protocol/common.ts';
import type { DownRow } from '../../../sync/protocol/rows.ts';
import { businessDate } from './journals.ts';
import { type ModelTill, receivable } from './model-till.ts';

/** What a model's terminal does with the rows from above. */

/** Applies the oldest rows from above; returns whether there was one. */
export async function hear(model: ModelTill, count = Number.POSITIVE_INFINITY): Promise<boolean> {
  const news = (await model.till.newsAfter(model.appliedSeq)).slice(0, count);
  for (const row of news) {
    model.appliedSeq = row.seq;
    apply(model, row);
  }
  return news.length > 0;
}

/** Until nothing is under way in either direction. */
export async function rest(model: ModelTill): Promise<void> {
  do {
    await model.deliver();
    await model.till.test.clock.advance(0);
  } while (await hear(model));
}

export async function close(model: ModelTill): Promise<void> {
  await rest(model);
  const { batch } = model.till;
  model.send({
    kind: 'batch-totals',
    id: batch,
    body: model.body(batch, { batch, businessDate, totals: model.totals(), records: 0 }, []),
  });
  await model.deliver();
  model.send({ kind: 'batch-end', id: batch, body: model.body(batch, { batch, uploaded: 0 }, []) });
  await rest(model);
  await model.till.signIn();
}

function apply(model: ModelTill, row: DownRow): void {
  const journals = follow(model, row);
  if (journals === null) return;
  model.posted += 1;
  const facts = { causeSeq: row.seq, causeKind: row.kind, causeId: row.id, batch: null };
  model.send({
    kind: 'posted',
    id: `posted:${model.posted}`,
    body: model.body(`posted:${model.posted}`, facts, journals),
  });
}

/** What a row from above does to the book; null: it is not answered. */
function follow(model: ModelTill, row: DownRow): JournalOnWire[] | null {
  switch (row.kind) {
    case 'batch-cleared': {
      const due = [...model.payments.values()].filter(
        (p) => p.batch === row.body.batch && !p.cleared && !p.voided && !row.body.except.includes(p.no),
      );
      const gross = due.reduce((sum, p) => sum + p.grossFen, 0);
      const fee = due.reduce((sum, p) => sum + p.feeFen, 0);
      if (gross !== row.body.grossFen || fee !== row.body.feeFen)
        throw new Error(`clearing of ${row.body.batch} does not add up`);
      return due.flatMap((p) => model.clear(p));
    }
    case 'funds-received': {
      const { no, account, date, n, amountFen } = row.body;
      const [into, out] = amountFen > 0 ? (['D', 'C'] as const) : (['C', 'D'] as const);
      const fen = Math.abs(amountFen);
      return model.book.post('J-05', no, `fund:${account}:${date}:${n}`, [
        ['1001', into, fen],
        [`${account}:${date}`, out, fen],
      ]);
    }
    case 'refund-result':
      return refundResult(model, row.body.no, row.body.outcome);
    case 'refunded-elsewhere': {
      const p = model.payments.get(row.body.payment);
      if (p) {
        p.refundedFen += row.body.amountFen;
        p.refundedFeeFen += row.body.feeFen;
      }
      return null;
    }
    case 'stored-sale-result':
    case 'advice-result': {
      const waiting = model.waiting.get(row.body.no);
      model.waiting.delete(row.body.no);
      if (row.body.outcome !== 'accepted' || !waiting || !row.body.rate) return null;
      const { no, stan, txn, amountFen: grossFen, entry } = waiting;
      const p = model.newPayment({
        no,
        stan,
        txn,
        grossFen,
        entry,
        group: row.body.group,
        rate: row.body.rate,
        original: null,
      });
      return model.sold(p);
    }
    case 'freeze': {
      const p = model.payments.get(row.body.payment);
      const freeze = { no: row.body.no, amountFen: row.body.amountFen, byClearing: !p?.cleared, n: 0 };
      if (p) p.frozen = freeze.no;
      model.book.freezes.push(freeze);
      return freeze.byClearing ? [] : model.book.hold(freeze, freeze.amountFen);
    }
    case 'unfreeze':
      return free(model, row.body.no, row.body.payment);
    case 'charge-back': {
      const { no, freeze, amountFen, account, date, payment } = row.body;
      const held = freeze === null ? 0 : Math.min(model.book.of(`2004:${freeze}`), amountFen);
      const available = Math.min(model.book.of('2002'), amountFen - held);
      const rest = amountFen - held - available;
      const lines: JournalOnWire['lines'] = [
        [`2004:${freeze}`, 'D', held],
        ['2002', 'D', available],
        ['1202', 'D', rest],
        [`${account}:${date}`, 'C', amountFen],
      ];
      const lost = model.book.post('J-11', no, `cb:${no}`, lines);
      return freeze === null ? lost : [...lost, ...free(model, freeze, payment)];
    }
    default:
      return null;
  }
}

function free(model: ModelTill, no: string, payment: string): JournalOnWire[] {
  const at = model.book.freezes.findIndex((freeze) => freeze.no === no);
  model.book.freezes.splice(at, 1);
  const p = model.payments.get(payment);
  if (p) p.frozen = null;
  const fen = model.book.of(`2004:${no}`);
  return model.book.post('J-10', no, `unfrz:${no}`, [
    [`2004:${no}`, 'D', fen],
    ['2002', 'C', fen],
  ]);
}

function refundResult(model: ModelTill, no: string, outcome: string): JournalOnWire[] | null {
  const refund = model.refunds.get(no);
  if (!refund) throw new Error(`result of an unknown refund ${no}`);
  const { amountFen: R, feeFen: f, source, payment, entry } = refund;
  const p = refund.elsewhere ? undefined : model.payments.get(payment);
  if (outcome === 'accepted') {
    refund.state = 'ACCEPTED';
    return null;
  }
  if (outcome === 'succeeded') {
    refund.state = 'SUCCEEDED';
    if (p) {
      p.refundedFen += R;
      p.refundedFeeFen += f;
    }
    return model.book.post('J-07', no, `refunded:${no}`, [
      [`2302:${no}`, 'D', R],
      [`${receivable[entry]}:${businessDate}`, 'C', R],
    ]);
  }
  refund.state = outcome === 'refused' ? 'REFUSED' : 'FAILED';
  if (p && source === '2001') {
    p.takenFen -= R;
    p.takenFeeFen -= f;
  }
  const back: JournalOnWire['lines'] =
    source === '2001' && p && !p.cleared
      ? [[`2001:${payment}`, 'C', R]]
      : [
          ['2002', 'C', R - f],
          ['4001', 'C', f],
        ];
  return model.book.post('J-08', no, `unrefund:${no}`, [[`2302:${no}`, 'D', R], ...back]);
}
