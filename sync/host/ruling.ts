import type { Verification } from '../protocol/card-requests.ts';
import type { EntryMode } from '../protocol/common.ts';
import type { FeeRate } from '../protocol/payments.ts';
import type { CardBlock } from '../protocol/sealed.ts';
import type { ApprovalState } from './business-tables.ts';
import { groupOf, issuerOf, maskCard } from './cards.ts';

/** What is answered of a card: never the number. */
export interface CardFacts {
  readonly masked: string | null;
  readonly issuer: string | null;
  readonly group: 'domestic' | 'foreign';
}

/** What the host found about a card transaction, before any of it is written. */
export interface Ruling {
  readonly code: string;
  readonly card: CardFacts;
  readonly entry: EntryMode;
  /** Amounts in fen; 0 when it is declined. */
  readonly approvedFen: number;
  readonly discountFen: number;
  /** Of what takes money. */
  readonly rate: FeeRate | null;
  /** The money is the merchant's at once. */
  readonly cleared: boolean;
  readonly original: string | null;
  /** What becomes of the original. */
  readonly originalBecomes: ApprovalState | null;
  readonly validUntil: number | null;
  /** Nothing is decided: the customer must be verified first. */
  readonly verification: Verification | null;
  readonly answer: 'now' | 'late' | 'lost' | 'none';
}

export const noCard: CardFacts = { masked: null, issuer: null, group: 'domestic' };

export const cardFacts = (card: CardBlock | null): CardFacts =>
  card ? { masked: maskCard(card.pan), issuer: issuerOf(card.pan), group: groupOf(card.pan) } : noCard;

const nothing: Omit<Ruling, 'code' | 'card' | 'entry'> = {
  approvedFen: 0,
  discountFen: 0,
  rate: null,
  cleared: false,
  original: null,
  originalBecomes: null,
  validUntil: null,
  verification: null,
  answer: 'now',
};

export const declined = (code: string, card: CardFacts = noCard, entry: EntryMode = 'MAG'): Ruling => ({
  ...nothing,
  code,
  card,
  entry,
});

/** An approval of `approvedFen`; what is not given is none. */
export const approved = (given: Pick<Ruling, 'card' | 'entry' | 'approvedFen'> & Partial<Ruling>): Ruling => ({
  ...nothing,
  code: '00',
  ...given,
});

export const isApproved = (ruling: Pick<Ruling, 'code'>): boolean => ruling.code === '00' || ruling.code === '10';
