import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../../sync/protocol/batch.ts';
import { nextBatchState, verdictEvent } from '../../../terminal/settlement/batch.ts';
import { mirrorsTable } from '../../support/state-table.ts';

/** states.md 3. */
describe('批次', () => {
  mirrorsTable(
    nextBatchState,
    ['OPEN', 'FROZEN', 'COMPARING', 'UPLOADING', 'ENDING', 'CLEAR_DUE', 'CLOSED', 'NEEDS_HUMAN'],
    ['close', 'totals-acknowledged', 'balanced', 'not-balanced', 'error', 'uploaded', 'ended', 'slip-done'],
    [
      ['OPEN', 'close', 'FROZEN'],
      ['FROZEN', 'totals-acknowledged', 'COMPARING'],
      ['COMPARING', 'balanced', 'ENDING'],
      ['COMPARING', 'not-balanced', 'UPLOADING'],
      ['COMPARING', 'error', 'NEEDS_HUMAN'],
      ['UPLOADING', 'uploaded', 'ENDING'],
      ['ENDING', 'ended', 'CLEAR_DUE'],
      ['CLEAR_DUE', 'slip-done', 'CLOSED'],
    ],
  );

  const verdicts: [Verdict, Verdict, Verdict, ReturnType<typeof verdictEvent>][] = [
    [1, 1, 1, 'balanced'],
    [2, 1, 1, 'not-balanced'],
    [1, 2, 1, 'not-balanced'],
    [1, 1, 2, 'not-balanced'],
    [3, 1, 1, 'error'],
    [1, 2, 3, 'error'],
  ];
  test.each(verdicts)('verdicts %d %d %d for domestic, foreign, codes → %s', (domestic, foreign, codes, event) => {
    expect(verdictEvent({ domestic, foreign, codes })).toBe(event);
  });
});
