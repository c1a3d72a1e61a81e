import { expect, test } from 'vitest';
import {
  filterOf,
  queryOf,
  type TransactionFilter,
  transactionStates,
  transactionTypes,
} from '../../../../terminal/console/web/pages/transaction-filter.ts';
import { linkTo, placeOf } from '../../../../terminal/console/web/router.ts';

/** The way of a link: written into the address, opened by somebody else. */
const throughAddress = (filter: TransactionFilter): TransactionFilter =>
  filterOf(placeOf(linkTo(['transactions'], queryOf(filter))).query);

const whole: TransactionFilter = {
  from: '2026-11-01',
  to: '2026-11-22',
  type: 'refund',
  state: 'PARTLY_REFUNDED',
  operator: '01',
  stan: '000123',
  minFen: 0,
  maxFen: 99_999_999_999,
};

test('a filter in the address of the page comes back as it was, whole and each part alone', () => {
  expect(throughAddress(whole)).toEqual(whole);
  for (const [name, value] of Object.entries(whole))
    expect(throughAddress({ [name]: value })).toEqual({ [name]: value });
  expect(throughAddress({})).toEqual({});
});

test.each(['01', 'zhang.wei', 'SYS'])('an operator can be asked for: %s', (operator) => {
  expect(throughAddress({ operator })).toEqual({ operator });
});

test('every type and state that can be chosen survives the address', () => {
  for (const type of transactionTypes) expect(throughAddress({ type })).toEqual({ type });
  for (const state of transactionStates) expect(throughAddress({ state })).toEqual({ state });
});

test.each([
  ['a day that is none', { from: '2026-1-1' }],
  ['a type that is none', { type: 'gift' }],
  ['a state that is none', { state: 'paid' }],
  ['an amount in yuan', { minFen: '1.50' }],
  ['an amount below zero', { maxFen: '-1' }],
  ['a voucher that is too short', { stan: '123' }],
  ['an operator with a quote', { operator: "01' OR 1" }],
  ['an operator in capitals', { operator: 'Zhang' }],
  ['a name of an object', { ['__proto__']: 'x' }],
])('what a person wrote into the address without meaning is left out: %s', (_, query) => {
  expect(filterOf(query as Readonly<Record<string, string>>)).toEqual({});
});

test('nothing that is empty stands in the address', () => {
  expect(queryOf({ operator: '', type: undefined, minFen: 0 })).toEqual({ minFen: '0' });
});
