import type { CardAnswer } from '../../../sync/protocol/card-requests.ts';
import type { EntryMode, JournalOnWire } from '../../../sync/protocol/common.ts';
import { businessDate } from './journals.ts';
import { type ModelPayment, type ModelTill, receivable, type Waiting } from './model-till.ts';
import { sealed, unionpay, visa } from './start-host.ts';

/** What a model's terminal does at the counter. */

export async function sell(
  model: ModelTill,
  amountFen: number,
  how: { readonly entry: 'MAG' | 'CONTACTLESS'; readonly foreign: boolean },
): Promise<void> {
  const request = model.till.saleRequest({ amountFen, entry: how.entry, card: how.foreign ? visa : unionpay });
  const answer = await model.till.sale(request);
  if (answer) charged(model, 'sale', request, answer, null);
}

export async function hold(model: ModelTill, amountFen: number): Promise<void> {
  const { otp: _, ...sale } = model.till.saleRequest({ amountFen });
  const request = { ...sale, kind: 'preauth' } as const;
  const answer = await model.till.ask(`${request.payment}:preauth:${request.stan}`, request);
  if (answer?.kind === 'preauth' && answer.code === '00') model.held.set(request.payment, amountFen);
}

export async function complete(model: ModelTill, original: string, amountFen: number): Promise<void> {
  const { payment, stan } = model.till.next();
  const base = { payment, stan, batch: model.till.batch, operator: '01', amountFen, entry: 'MAG' } as const;
  const request = { kind: 'completion', ...base, card: null, original, authCode: null } as const;
  const answer = await model.till.ask(`${payment}:completion:${stan}`, request);
  if (answer?.kind !== 'completion') return;
  charged(model, 'completion', request, answer, original);
  if (answer.code === '00') model.held.delete(original);
}

/** Asks for a void; what the host knows too is left for it to refuse. Without an answer it is reversed. */
export async function voidPayment(model: ModelTill, p: ModelPayment): Promise<void> {
  // A refund that waits here is unknown to the host.
  if ([...model.refunds.values()].some((r) => r.payment === p.no && r.state !== 'REFUSED' && r.state !== 'FAILED'))
    return;
  const { payment: no, stan } = model.till.next();
  const kind = p.txn === 'completion' ? 'completion-void' : 'void';
  const atOnce = p.cleared;
  const netFen = p.grossFen - p.feeFen;
  if (
    atOnce &&
    (p.refundedFen > 0 || p.frozen || p.voided || model.book.of('2002') < netFen || p.batch !== model.till.batch)
  )
    return;
  const facts = model.factsOf(p, { txn: kind, stan, original: p.no });
  if (atOnce) {
    const lines: JournalOnWire['lines'] = [
      ['2002', 'D', netFen],
      ['4001', 'D', p.feeFen],
      [`2302:${no}`, 'C', p.grossFen],
    ];
    const journals = model.book.post('J-02r', no, `void:${no}`, lines);
    model.send({
      kind: 'payment-recorded',
      id: `${no}:requested`,
      body: model.body(no, { ...facts, state: 'REQUESTED' }, journals),
    });
  }
  const request = {
    kind,
    payment: no,
    stan,
    batch: model.till.batch,
    operator: '01',
    amountFen: p.grossFen,
    original: p.no,
    card: null,
  } as const;
  const answer = await model.till.ask(`${no}:${kind}:${stan}`, request);
  const giveUp = (): JournalOnWire[] =>
    !atOnce
      ? []
      : model.book.post('J-02f', no, `unvoid:${no}`, [
          [`2302:${no}`, 'D', p.grossFen],
          ['2002', 'C', netFen],
          ['4001', 'C', p.feeFen],
        ]);
  if (!answer) {
    const reverse = {
      kind: 'reverse',
      payment: no,
      of: kind,
      stan,
      batch: model.till.batch,
      amountFen: p.grossFen,
      reason: 'NO_ANSWER',
    } as const;
    const ended = await model.till.ask(`${no}:reverse:${stan}`, reverse);
    if (ended?.kind !== 'reverse' || ended.code === '96') throw new Error('a reversal did not end');
    const reversal = {
      payment: no,
      batch: model.till.batch,
      stan,
      amountFen: p.grossFen,
      state: 'DONE',
      code: ended.code,
      attempts: 1,
      reason: '',
    } as const;
    model.send({ kind: 'reversal-ended', id: no, body: model.body(no, reversal, giveUp()) });
    return;
  }
  if (!('code' in answer) || answer.code !== '00') {
    model.send({ kind: 'payment-recorded', id: no, body: model.body(no, { ...facts, state: 'FAILED' }, giveUp()) });
    return;
  }
  const channel: JournalOnWire['lines'][number] = [`${receivable[p.entry]}:${businessDate}`, 'C', p.grossFen];
  const journals = atOnce
    ? model.book.post('J-02s', no, `voided:${no}`, [[`2302:${no}`, 'D', p.grossFen], channel])
    : model.book.post('J-02', p.no, `void:${p.no}`, [[`2001:${p.no}`, 'D', p.grossFen], channel]);
  p.voided = true;
  model.voids.push({ batch: p.batch, group: p.group, fen: p.grossFen });
  if (p.original !== null) model.held.set(p.original, p.grossFen);
  model.send({ kind: 'payment-recorded', id: no, body: model.body(no, { ...facts, state: 'DONE' }, journals) });
}

export async function sellByCode(model: ModelTill, amountFen: number): Promise<void> {
  const { payment, stan } = model.till.next();
  const code = sealed({ ...unionpay, pan: '134567890123456789' }, payment);
  const base = { payment, stan, batch: model.till.batch, operator: '01', amountFen, instrument: null } as const;
  await model.till.ask(`${payment}:code-open:${stan}`, { kind: 'code-open', ...base, way: 'customer-shows', code });
  const answer = await model.till.ask(`${payment}:code-query:${stan}`, { kind: 'code-query', payment, stan });
  if (answer?.kind !== 'code-query' || answer.state !== 'SUCCESS' || !answer.rate || !answer.instrument) return;
  const grossFen = answer.amountFen - answer.discountFen;
  const p = model.newPayment({
    no: payment,
    stan,
    txn: 'code-sale',
    grossFen,
    entry: answer.instrument,
    group: 'codes',
    rate: answer.rate,
    original: null,
  });
  model.record(p, [...model.sold(p), ...model.clear(p)]);
}

/** Offline, or a completion that is told. */
export function forward(model: ModelTill, txn: Waiting['txn'], amountFen: number, original: string | null): void {
  const { payment: no, stan } = model.till.next();
  const entry = 'CHIP';
  model.waiting.set(no, { no, stan, batch: model.till.batch, txn, amountFen, entry });
  const facts = { batch: model.till.batch, stan, amountFen, entry, card: '622202*********5665', mcc: null } as const;
  if (txn === 'stored-sale')
    model.send({ kind: 'store-sale', id: no, body: model.body(no, { ...facts, sealed: sealed(unionpay, no) }, []) });
  else {
    model.send({
      kind: 'complete-by-advice',
      id: no,
      body: model.body(no, { ...facts, original, authCode: null }, []),
    });
    if (original !== null) model.held.delete(original);
  }
}

function charged(
  model: ModelTill,
  txn: 'sale' | 'completion',
  request: { readonly payment: string; readonly stan: string; readonly entry: EntryMode },
  answer: CardAnswer,
  original: string | null,
): void {
  const { payment: no, stan, entry } = request;
  if ((answer.code !== '00' && answer.code !== '10') || !answer.rate) return;
  const grossFen = answer.approvedFen - answer.discountFen;
  const p = model.newPayment({ no, stan, txn, grossFen, entry, group: answer.group, rate: answer.rate, original });
  model.record(p, [...model.sold(p), ...(answer.cleared ? model.clear(p) : [])]);
}
