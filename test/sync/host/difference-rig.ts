import type { BillDifference } from '../../../sync/protocol/bills.ts';
import type { JournalOnWire } from '../../../sync/protocol/common.ts';
import type { DownRow } from '../../../sync/protocol/rows.ts';
import { day, numberOf, order } from './bill-rig.ts';
import { journal } from './journals.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

/** A terminal that finds planted differences, and two persons who decide about them. */

export const [sold, voided] = [numberOf(1), numberOf(2)];
export const channel = `1101:${day}`;
export const surplusLine = `${sold}X`;

/** What the terminal finds of a planted difference. */
export const found: Record<
  'surplus' | 'shortage' | 'amount' | 'state',
  Partial<BillDifference> & { readonly kind: BillDifference['kind'] }
> = {
  surplus: { kind: 'surplus', payment: surplusLine, here: '-', hereFen: 0, thereFen: 10_000 },
  shortage: { kind: 'shortage', payment: sold, there: '-', thereFen: 0 },
  amount: { kind: 'amount', payment: sold, thereFen: 10_100 },
  state: { kind: 'state', payment: sold, there: 'VOIDED', thereFen: 0 },
};

const factsOf = (change: Partial<BillDifference> & { readonly kind: BillDifference['kind'] }): BillDifference => {
  const facts = {
    date: day,
    payment: sold,
    txn: 'sale',
    batch: '000001',
    entry: 'CONTACTLESS',
    here: 'PAID',
    there: 'PAID',
    hereFen: 10_000,
    thereFen: 10_000,
    ...change,
  } as const;
  return { deltaFen: facts.thereFen - facts.hereFen, ...facts };
};

/** J-80, or J-81. */
export const suspense = (no: string, fen: number, to = channel): JournalOnWire[] =>
  fen === 0
    ? []
    : [
        fen > 0
          ? journal('J-80', no, `diff:${no}`, [
              [to, 'D', fen],
              [`2490:${no}`, 'C', fen],
            ])
          : journal('J-81', no, `diff:${no}`, [
              [`1290:${no}`, 'D', -fen],
              [to, 'C', -fen],
            ]),
      ];

export const undone = (fen: number, no = 'D1', event = 'J-82'): JournalOnWire =>
  fen > 0
    ? journal(event, no, `decided:${no}`, [
        [`2490:${no}`, 'D', fen],
        [channel, 'C', fen],
      ])
    : journal(event, no, `decided:${no}`, [
        [channel, 'D', -fen],
        [`1290:${no}`, 'C', -fen],
      ]);

export class DifferenceRig {
  private readonly host: TestHost;
  private readonly till: Till;
  private proposed: { readonly decision: Decision; readonly proposedBy: string } = {
    decision: 'explained',
    proposedBy: '',
  };

  constructor(host: TestHost, till: Till) {
    this.host = host;
    this.till = till;
  }

  async differs() {
    return (await this.till.down('mirror-differs')).map(({ body }) => [body.account, body.bookFen, body.mirrorFen]);
  }

  async decided() {
    return (await this.till.down('difference-decided')).map(({ body }) => body);
  }

  /** A bill of the day with one difference in it. */
  plant(kind: keyof typeof found): Promise<string> {
    return order(this.host, this.till, { command: 'publish-bill', date: day, plant: [{ kind, payment: sold }] });
  }

  /** A bill of the day without any. */
  mend(): Promise<string> {
    return order(this.host, this.till, { command: 'publish-bill', date: day, plant: [] });
  }

  async find(
    change: Partial<BillDifference> & { readonly kind: BillDifference['kind'] },
    given: { readonly no?: string; readonly journals?: JournalOnWire[] } = {},
  ): Promise<void> {
    const { no = 'D1' } = given;
    const bill = factsOf(change);
    const facts = { batch: bill.batch, what: 'bill', hereFen: bill.hereFen, thereFen: bill.thereFen, bill };
    const journals = given.journals ?? suspense(no, bill.deltaFen);
    await this.till.up({ kind: 'difference-found', id: no, body: { no, at: 1, by: 'SYS', facts, journals } });
  }

  propose(decision: Decision, by = 'u1', difference = 'D1'): Promise<string> {
    this.proposed = { decision, proposedBy: by };
    const command = { command: 'difference-propose', difference, decision, reason: '查过', by } as const;
    return order(this.host, this.till, command);
  }

  /** What was proposed last, unless something else is named. */
  approve(by = 'u2', difference = 'D1', read = this.proposed): Promise<string> {
    return order(this.host, this.till, { command: 'difference-approve', difference, ...read, by });
  }

  /** What the two persons did with it. */
  stands() {
    return this.host.host.store
      .selectFrom('bill_differences')
      .select(['state', 'decision', 'proposed_by', 'approved_by', 'posted'])
      .executeTakeFirst();
  }

  /** What the terminal posts for the decision that came down last. */
  async post(...journals: JournalOnWire[]): Promise<void> {
    await this.postFor((await this.till.down('difference-decided')).at(-1)?.id, ...journals);
  }

  /** Whatever seq the decision had when it came. */
  async postFor(causeId = '', ...journals: JournalOnWire[]): Promise<void> {
    const facts = { causeSeq: 9_999, causeKind: 'difference-decided', causeId, batch: this.till.batch };
    const no = `posted:${causeId}`;
    await this.till.up({ kind: 'posted', id: no, body: { no, at: 1, by: 'SYS', facts, journals } });
  }
}

type Decision = Extract<DownRow, { kind: 'difference-decided' }>['body']['decision'];
