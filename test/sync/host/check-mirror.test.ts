import { expect, test } from 'vitest';
import { checkMirror } from '../../../sync/host/check-mirror.ts';
import { postJournals } from '../../../sync/host/mirror.ts';
import { hostAndTill } from './host-and-till.ts';
import { journal } from './journals.ts';
import { merchant, otherTerminal, type TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const post = (from: number, count: number, of = till.ref) =>
  host.host.store.transaction().execute((trx) =>
    postJournals(
      trx,
      of,
      Array.from({ length: count }, (_, n) =>
        journal('J-99', `${from + n}`, `key:${from + n}`, [
          ['1101:2026-11-20', 'D', 1],
          ['4001', 'C', 1],
        ]),
      ),
    ),
  );

test('P-04: thousands of journals are added up in slices; what is posted between them counts', async () => {
  await post(0, 1_500);
  await post(0, 10, otherTerminal);
  await post(2_000, 1_000);
  const { store } = host.host;
  let between = 0;
  let isDone = false;
  const checking = checkMirror(store, till.ref).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await store.transaction().execute((trx) => trx.selectFrom('counters').selectAll().execute());
    if (between++ === 0) await post(5_000, 7);
  }
  expect(await checking).toEqual({ journals: 2_507, sumFen: 0, wrong: [] });
  expect(between).toBeGreaterThan(1);
});

test('P-04: a sum that is not what its journals add up to is named', async () => {
  await post(0, 3);
  const { store } = host.host;
  const wrong = { merchant, terminal: till.ref.terminal };
  await store
    .insertInto('mirror')
    .values({ ...wrong, account: '1001', debit_fen: 5, credit_fen: 5 })
    .execute();
  await store.updateTable('mirror').set({ debit_fen: 4 }).where('account', '=', '1101:2026-11-20').execute();
  await store.deleteFrom('mirror').where('account', '=', '4001').execute();
  const found = await checkMirror(store, till.ref);
  expect(found).toMatchObject({ journals: 3, sumFen: 4 });
  expect([...found.wrong].toSorted()).toEqual(['1001', '1101:2026-11-20', '4001']);
});
