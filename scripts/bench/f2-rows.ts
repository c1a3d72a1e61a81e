import type { NewUpRow } from '../../sync/protocol/rows.ts';

/** A record of a batch upload: about as many bytes as a raw message. */
export const record = (n: number): NewUpRow => {
  const no = `01JDA7K8${String(n).padStart(18, '0')}`;
  return {
    kind: 'batch-record',
    id: no,
    body: {
      no,
      at: 1_790_000_000_000 + n,
      by: '01',
      facts: {
        batch: '000001',
        payment: no,
        stan: String(n % 1_000_000).padStart(6, '0'),
        txn: 'sale',
        side: 'debit',
        group: 'domestic',
        amountFen: 1 + (n % 100_000),
        feeFen: n % 60,
        rateId: 'card-normal-2026',
        entry: 'CONTACTLESS',
        rrn: String(n).padStart(12, '0'),
      },
      journals: [],
    },
  };
};

/** A sale as the terminal records it, with its journal. */
export const payment = (n: number): NewUpRow => {
  const no = `01JDA7K8${String(n).padStart(18, '0')}`;
  const [at, by, amountFen] = [1_790_000_000_000 + n, '01', 1 + (n % 100_000)];
  const lines: [string, 'D' | 'C', number][] = [
    ['1101:2026-11-20', 'D', amountFen],
    [`2001:${no}`, 'C', amountFen],
  ];
  return {
    kind: 'payment-recorded',
    id: no,
    body: {
      no,
      at,
      by,
      facts: {
        txn: 'sale',
        state: 'PAID',
        batch: '000001',
        stan: String(n % 1_000_000).padStart(6, '0'),
        amountFen,
        discountFen: 0,
        feeFen: 0,
        rate: null,
        entry: 'CONTACTLESS',
        group: 'domestic',
        card: '621700******1234',
        rrn: String(n).padStart(12, '0'),
        authCode: '000001',
        code: '00',
        cleared: false,
        original: null,
      },
      journals: [{ key: `sale:${no}`, event: 'J-01', no, at, by, lines }],
    },
  };
};
