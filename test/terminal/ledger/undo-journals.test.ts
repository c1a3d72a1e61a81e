import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { journalOnWire } from '../../../sync/protocol/common.ts';
import { fen } from '../../../terminal/base/money.ts';
import { cleared, type Journal, toWire } from '../../../terminal/ledger/journal.ts';
import { chargedBack, frozen, recovered, unfrozen } from '../../../terminal/ledger/risk-journals.ts';
import {
  refundReleased,
  refundReserved,
  refundSucceeded,
  saleVoided,
  unclearedRefundReserved,
  voidFailed,
  voidRequested,
  voidSucceeded,
} from '../../../terminal/ledger/undo-journals.ts';
import { at, clear } from './book.ts';

const deed = { at, by: '01' };
const channel = { receivable: '1102', date: '2026-11-20' } as const;
const gone = { no: 'V1', source: '2002', grossFen: fen(10_000), feeFen: fen(60) } as const;
const refund = { no: 'R1', amountFen: fen(5_000), feeFen: fen(30) };
const whole = { no: 'R1', amountFen: fen(1), feeFen: fen(1) };
const back = { ...channel, no: 'C1', freeze: 'F1' };
const part = (a: number, b: number, c: number) => ({
  fromFrozenFen: fen(a),
  fromAvailableFen: fen(b),
  owedFen: fen(c),
});

const linesOf = (journal: Journal): readonly string[] =>
  journal.lines.map(({ side, account, amount }) => `${side} ${account} ${amount}`);

const cases: readonly [string, Journal, string, string, readonly string[]][] = [
  [
    'void of what has not cleared',
    saleVoided({ ...channel, txn: 'T1', grossFen: fen(10_000) }, deed),
    'J-02',
    'void:T1',
    ['D 2001:T1 10000', 'C 1102:2026-11-20 10000'],
  ],
  [
    'void of what cleared at once, requested',
    voidRequested(gone, deed),
    'J-02r',
    'void:V1',
    ['D 2002 9940', 'D 4001 60', 'C 2302:V1 10000'],
  ],
  [
    '… of an order that is open',
    voidRequested({ ...gone, source: '2003:O1' }, deed),
    'J-02r',
    'void:V1',
    ['D 2003:O1 9940', 'D 4001 60', 'C 2302:V1 10000'],
  ],
  [
    '… succeeded',
    voidSucceeded({ ...channel, no: 'V1', grossFen: fen(10_000) }, deed),
    'J-02s',
    'voided:V1',
    ['D 2302:V1 10000', 'C 1102:2026-11-20 10000'],
  ],
  ['… failed', voidFailed(gone, deed), 'J-02f', 'unvoid:V1', ['D 2302:V1 10000', 'C 2002 9940', 'C 4001 60']],
  [
    'clearing that a freeze holds in part',
    cleared({ txn: 'T1', grossFen: fen(10_000), feeFen: fen(60), hold: { freeze: 'F1', amountFen: fen(400) } }, deed),
    'J-03',
    'clear:T1',
    ['D 2001:T1 10000', 'C 2002 9540', 'C 2004:F1 400', 'C 4001 60'],
  ],
  [
    'clearing that a freeze holds whole: at most the net',
    cleared(
      { txn: 'T1', grossFen: fen(10_000), feeFen: fen(60), hold: { freeze: 'F1', amountFen: fen(10_000) } },
      deed,
    ),
    'J-03',
    'clear:T1',
    ['D 2001:T1 10000', 'C 2004:F1 9940', 'C 4001 60'],
  ],
  [
    'refund reserved',
    refundReserved(refund, '2002', deed),
    'J-06',
    'refund:R1',
    ['D 2002 4970', 'D 4001 30', 'C 2302:R1 5000'],
  ],
  [
    'refund out of a split order',
    refundReserved(refund, '2003:O1', deed),
    'J-06',
    'refund:R1',
    ['D 2003:O1 4970', 'D 4001 30', 'C 2302:R1 5000'],
  ],
  ['refund, all of it fee', refundReserved(whole, '2002', deed), 'J-06', 'refund:R1', ['D 4001 1', 'C 2302:R1 1']],
  [
    'refund of what has not cleared',
    unclearedRefundReserved(refund, 'T1', deed),
    'J-06b',
    'refund:R1',
    ['D 2001:T1 5000', 'C 2302:R1 5000'],
  ],
  [
    'refund succeeded',
    refundSucceeded(refund, channel, deed),
    'J-07',
    'refunded:R1',
    ['D 2302:R1 5000', 'C 1102:2026-11-20 5000'],
  ],
  [
    'refund failed',
    refundReleased(refund, '2002', deed),
    'J-08',
    'unrefund:R1',
    ['D 2302:R1 5000', 'C 2002 4970', 'C 4001 30'],
  ],
  [
    'refund failed, still not cleared',
    refundReleased(refund, { uncleared: 'T1' }, deed),
    'J-08',
    'unrefund:R1',
    ['D 2302:R1 5000', 'C 2001:T1 5000'],
  ],
  ['freeze, its second part', frozen('F1', 2, fen(70), deed), 'J-09', 'frz:F1:2', ['D 2002 70', 'C 2004:F1 70']],
  ['unfreeze', unfrozen('F1', fen(70), deed), 'J-10', 'unfrz:F1', ['D 2004:F1 70', 'C 2002 70']],
  [
    'charge-back out of three pockets',
    chargedBack({ ...back, ...part(300, 200, 100) }, deed),
    'J-11',
    'cb:C1',
    ['D 2004:F1 300', 'D 2002 200', 'D 1202 100', 'C 1102:2026-11-20 600'],
  ],
  [
    'charge-back that nothing covers',
    chargedBack({ ...back, freeze: null, ...part(0, 0, 600) }, deed),
    'J-11',
    'cb:C1',
    ['D 1202 600', 'C 1102:2026-11-20 600'],
  ],
  [
    'recovery at once',
    recovered(clear('T1', 10_000, 60), fen(600)),
    'J-12',
    'rec:clear:T1',
    ['D 2002 600', 'C 1202 600'],
  ],
];

describe('what takes a sale back is accounting.md §3', () => {
  test.each(cases.map(([what, journal, event, ...rest]) => [event, what, journal, ...rest] as const))(
    '%s %s',
    (event, _, journal, key, lines) => {
      expect([journal.event, journal.key, journal.at, journal.by]).toEqual([event, key, at, '01']);
      expect(linesOf(journal)).toEqual(lines);
    },
  );

  test.each(cases)('%s fits the protocol', (_, journal) => {
    expect(v.safeParse(journalOnWire, toWire(journal)).issues).toBeUndefined();
  });
});
