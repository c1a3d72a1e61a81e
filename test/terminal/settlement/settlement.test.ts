import { describe } from 'vitest';
import { nextSettlementState } from '../../../terminal/settlement/settlement.ts';
import { mirrorsTable } from '../../support/state-table.ts';

/** states.md 5; `refused` is what the host says instead of `accepted`, `stopped` the same because a person here wanted it back. */
describe('P-07: 结算申请', () => {
  mirrorsTable(
    nextSettlementState,
    ['REQUESTED', 'PROCESSING', 'SUCCESS', 'FAILED', 'RETURNED', 'CANCELLED'],
    ['accepted', 'refused', 'stopped', 'succeeded', 'failed', 'returned'],
    [
      ['REQUESTED', 'accepted', 'PROCESSING'],
      ['REQUESTED', 'refused', 'FAILED'],
      ['REQUESTED', 'stopped', 'CANCELLED'],
      ['REQUESTED', 'succeeded', 'SUCCESS'],
      ['REQUESTED', 'failed', 'FAILED'],
      ['PROCESSING', 'succeeded', 'SUCCESS'],
      ['PROCESSING', 'failed', 'FAILED'],
      ['SUCCESS', 'returned', 'RETURNED'],
    ],
  );
});
