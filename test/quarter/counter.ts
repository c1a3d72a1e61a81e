import { TerminalError } from '../../terminal/base/errors.ts';
import { fen } from '../../terminal/base/money.ts';
import type { Shop } from './shop.ts';

/** What a cashier does on a day, drawn by chance. */

interface Sold {
  readonly no: string;
  readonly stan: string;
  readonly leftFen: number;
}

const { signal } = new AbortController();
const secret = '123456';
/** Whole yuan: other endings mean something to the reference host. */
const yuan = (shop: Shop, most: number): number => (5 + shop.chance.below(most)) * 100;

/** At least one card and one code; then whatever comes. */
export async function sellInTheMorning(shop: Shop): Promise<void> {
  await sellByCard(shop);
  await sellByCode(shop);
  if (shop.chance.next() < 0.4) await sellByCard(shop);
}

export async function workInTheAfternoon(shop: Shop): Promise<void> {
  if (shop.chance.next() < 0.5) await sellByCard(shop);
  if (shop.chance.next() < 0.3) await sellByCode(shop);
  if (shop.chance.next() < 0.25) await takeBack(shop);
  if (shop.chance.next() < 0.4) await giveBack(shop);
}

export async function sellByCard(shop: Shop): Promise<void> {
  await shop.system.ready();
  const how = shop.chance.pick(['contactless', 'contactless', 'swipe'] as const);
  // Above this a card that is held to the reader wants its PIN.
  const { kind } = await shop.system.sell(yuan(shop, 900), { how, card: shop.card });
  if (kind !== 'approved') throw new Error(`a card sale ended ${kind}`);
  shop.count(`sale ${how}`);
}

async function sellByCode(shop: Shop): Promise<void> {
  await shop.system.ready();
  const way = { by: 'customer-shows', typed: '134567890123456789' } as const;
  const { kind } = await shop.system.cashier.codes.sale(fen(yuan(shop, 400)), way, signal, () => {});
  if (kind !== 'approved') throw new Error(`a code sale ended ${kind}`);
  shop.count('code-sale');
}

/** A void of the newest card sale of the open batch (撤销). */
async function takeBack(shop: Shop): Promise<void> {
  const sale = shop.one<Sold>(
    `SELECT no, stan, amount_fen AS leftFen FROM payment WHERE txn = 'sale' AND state = 'PAID' AND refunded_fen = 0
       AND batch = (SELECT no FROM batch ORDER BY id DESC LIMIT 1)
       AND NOT EXISTS (SELECT 1 FROM freeze f WHERE f.payment = payment.no) ORDER BY id DESC LIMIT 1`,
  );
  if (!sale) return;
  const dialog = { signal, progress: () => {}, confirm: async () => true };
  const { kind } = await shop.system.cashier.void(sale.stan, secret, dialog);
  if (kind !== 'approved') throw new Error(`a void ended ${kind}`);
  shop.count('void');
}

/** A refund of some payment of the last days, whole or in part; pressed twice with one key it is one (P-05). */
async function giveBack(shop: Shop): Promise<void> {
  const sold = shop.rows<Sold>(
    `SELECT no, stan, amount_fen - refunded_fen AS leftFen FROM payment WHERE txn IN ('sale', 'code-sale')
       AND state IN ('PAID', 'CLEARED', 'PARTLY_REFUNDED') AND amount_fen > refunded_fen ORDER BY id DESC LIMIT 12`,
  );
  if (sold.length === 0) return;
  const { no, leftFen } = shop.chance.pick(sold);
  const amount = fen(shop.chance.next() < 0.3 ? leftFen : Math.ceil(leftFen * shop.chance.next()));
  const order = { payment: no, amount, secret, key: `refund-${no}-${leftFen}` };
  const before = writtenBy(shop);
  try {
    const first = await shop.system.cashier.refunds.refund(order, signal, () => {});
    if (first.kind !== 'succeeded') throw new Error(`a refund ended ${first.kind}`);
    const second = await shop.system.cashier.refunds.refund(order, signal, () => {});
    if (second.refund.no !== first.refund.no) throw new Error(`P-05: ${first.refund.no}, and ${second.refund.no}`);
    shop.count('refund');
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    shop.count(`refund ${error.code}`);
    const after = writtenBy(shop);
    if (after.moved !== before.moved || after.refused !== before.refused + 1)
      throw new Error(`P-06: a refund that was refused with ${error.code} left ${JSON.stringify([before, after])}`, {
        cause: error,
      });
  }
}

/** What a refusal may not change, and the one thing that it adds (P-06). */
export const writtenBy = ({ system }: Shop): { readonly moved: string; readonly refused: number } => ({
  moved: JSON.stringify(
    system.db
      .prepare(
        `SELECT (SELECT count(*) FROM entry) AS entries, (SELECT max(seq) FROM outbox) AS rows,
           (SELECT count(*) FROM settlement) AS settlements, (SELECT count(*) FROM refund) AS refunds`,
      )
      .get(),
  ),
  refused: system.count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND by <> 'SYS'"),
});
