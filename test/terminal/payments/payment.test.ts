import { describe } from 'vitest';
import { next } from '../../../terminal/payments/payment.ts';
import { mirrorsTable } from '../../support/state-table.ts';

/** states.md 1, the rows of card sales that exist by now. */
describe('交易: a card sale', () => {
  mirrorsTable(
    next,
    ['CREATED', 'AUTHORIZING', 'PAID', 'FAILED', 'REVERSING', 'REVERSED', 'NEEDS_HUMAN', 'CLEARED'],
    ['send', 'stop', 'approved', 'declined', 'no-answer', 'reversed', 'reversal-stuck', 'clear'],
    [
      ['CREATED', 'send', 'AUTHORIZING'],
      ['CREATED', 'stop', 'FAILED'],
      ['AUTHORIZING', 'stop', 'REVERSING'],
      ['AUTHORIZING', 'approved', 'PAID'],
      ['AUTHORIZING', 'declined', 'FAILED'],
      ['AUTHORIZING', 'no-answer', 'REVERSING'],
      ['REVERSING', 'reversed', 'REVERSED'],
      ['REVERSING', 'reversal-stuck', 'NEEDS_HUMAN'],
      ['PAID', 'clear', 'CLEARED'],
    ],
  );
});
