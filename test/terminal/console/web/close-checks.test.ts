import { describe, expect, it, test } from 'vitest';
import { fen } from '../../../../terminal/base/money.ts';
import type { Overview } from '../../../../terminal/console/contract.ts';
import { isWord } from '../../../../terminal/console/web/catalogues.ts';
import { closeChecks, closeStepOf, closeSteps } from '../../../../terminal/console/web/pages/close-checks.ts';
import type { CounterStatus } from '../../../../terminal/flows/counter.ts';
import { nextBatchState } from '../../../../terminal/settlement/batch.ts';

const ready: CounterStatus = {
  merchantName: '',
  terminal: '10000001',
  simulated: true,
  operator: undefined,
  link: 'online',
  signedIn: true,
  waitingRows: 0,
  batch: undefined,
  batchAlert: undefined,
  reversalsDue: 0,
  reversalsStuck: 0,
  clockWrong: false,
  restoring: false,
  printerProblem: undefined,
  readerProblem: undefined,
  deviceProblems: [],
  hotline: '',
};
const openBatch: Overview['openBatch'] = { no: '000012', openedAt: 0, records: 3, maxRecords: 500, grossFen: fen(900) };

const looksOf = (change: Partial<CounterStatus>, undecided = 0) =>
  closeChecks({ status: { ...ready, ...change }, openBatch, undecided })
    .filter(({ look }) => look !== 'good')
    .map(({ name, look }) => `${name} ${look}`);

describe('before a batch is closed', () => {
  it('finds nothing wrong at a terminal that is ready', () => {
    expect(looksOf({})).toEqual([]);
  });

  it.each<[string, Partial<CounterStatus>, string]>([
    ['no link', { link: 'offline' }, 'link bad'],
    ['not signed in', { signedIn: false }, 'signIn careful'],
    ['a reversal due', { reversalsDue: 1 }, 'reversals bad'],
    ['a reversal that needs a person', { reversalsStuck: 1 }, 'reversals bad'],
    ['a wrong clock', { clockWrong: true }, 'clock careful'],
    ['records on their way', { waitingRows: 4 }, 'queue careful'],
    ['no paper', { printerProblem: 'PAPER_OUT' }, 'printer careful'],
  ])('tells of %s', (_, change, found) => {
    expect(looksOf(change)).toEqual([found]);
    expect(isWord(`close.check.${found.replace(' ', '.')}`)).toBe(true);
  });

  it('B-053: tells of a payment or refund without an end, for which a close is refused', () => {
    expect(looksOf({}, 2)).toEqual(['undecided bad']);
    expect(isWord('close.check.undecided.bad')).toBe(true);
  });

  it('tells that no batch is open', () => {
    expect(
      closeChecks({ status: ready, openBatch: undefined, undecided: 0 }).find(({ name }) => name === 'batch')?.look,
    ).toBe('bad');
  });
});

test('the steps of a close follow the states of its batch', () => {
  const frozen = nextBatchState('OPEN', 'close');
  const comparing = nextBatchState(frozen, 'totals-acknowledged');
  const uploading = nextBatchState(comparing, 'not-balanced');
  const ending = nextBatchState(uploading, 'uploaded');
  const due = nextBatchState(ending, 'ended');
  const states = [frozen, comparing, uploading, ending, due];
  expect(states.map(closeStepOf)).toEqual([0, 1, 2, 3, 4]);
  expect(closeStepOf(nextBatchState(due, 'slip-done'))).toBe(closeSteps.length);
});
