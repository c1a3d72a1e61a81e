import { beforeEach, describe, expect, test } from 'vitest';
import { order, report } from './ask-desk.ts';
import { hostAndTill } from './host-and-till.ts';
import { otherTerminal, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { parameters: { 'host.settleDecision': 'manual' }, isSignedIn: false },
);
beforeEach(async () => {
  await till.earn(100_000);
  for (const no of ['S1', 'S2']) await till.settle(no, 100);
  await order(host, till, { command: 'settle-decide', no: 'S1', outcome: 'succeeded' });
});

const dispute = (
  no: string,
  { settlement = 'S1', payment = null as string | null, text = '少了一笔', by = '00', from = till } = {},
) =>
  from.up({
    kind: 'settlement-disputed',
    id: no,
    body: { no, at: 1, by, facts: { settlement, payment, text }, journals: [] },
  });
const close = (ticket: string, by = '00', id = `close:${ticket}`) =>
  till.up({ kind: 'ticket-closed', id, body: { no: id, at: 1, by, facts: { ticket }, journals: [] } });
const answer = (ticket: string, text = '已补付') =>
  order(host, till, { command: 'ticket-answer', ticket, answer: text, by: 'reviewer' });
const told = async () => (await till.down('ticket-answered')).map(({ body }) => body);

describe('B-014: a disputed settlement', () => {
  test('OPEN, ANSWERED by a person at the host, CLOSED by whoever is content', async () => {
    await dispute('T1', { payment: till.paid[0]?.payment ?? null });
    expect((await report(host)).tickets).toMatchObject([
      { no: 'T1', settlement: 'S1', payment: till.paid[0]?.payment, state: 'OPEN', text: '少了一笔', by: '00' },
    ]);
    expect(await answer('T1')).toBe('done');
    await close('T1');
    expect(await told()).toMatchObject([
      { ticket: 'T1', state: 'ANSWERED', answer: '已补付', by: 'reviewer' },
      { ticket: 'T1', state: 'CLOSED', answer: '已补付' },
    ]);
    expect((await report(host)).tickets).toMatchObject([{ state: 'CLOSED', answeredBy: 'reviewer' }]);
  });

  test('the same row again is the same ticket; with other words it is rejected', async () => {
    await dispute('T1');
    await dispute('T1');
    await expect(dispute('T1', { text: '别的' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect((await report(host)).tickets).toHaveLength(1);
  });

  test('of a settlement or a payment that is not this terminal’s: FORBIDDEN', async () => {
    const other = new Till(host, otherTerminal);
    await other.signIn();
    const { payment } = await other.pay();
    for (const wrong of [{ settlement: 'S9' }, { payment }, { from: other }, { by: '01' }, { by: 'stranger' }]) {
      await expect(dispute('T1', wrong)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await report(host)).tickets).toEqual([]);
  });

  test('before it was paid there is nothing to dispute; after the bank returned it there still is', async () => {
    await expect(dispute('T1', { settlement: 'S2' })).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    await order(host, till, { command: 'settle-decide', no: 'S1', outcome: 'returned' });
    await dispute('T1');
    expect((await report(host)).tickets).toHaveLength(1);
  });

  test('P-07: answered once, closed only after an answer, and closed for good', async () => {
    await dispute('T1');
    await expect(close('T1')).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
    await expect(close('T9')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await answer('T9')).toBe('NOT_FOUND');
    await answer('T1');
    expect(await answer('T1', '再说')).toBe('ILLEGAL_STATE');
    await expect(close('T1', '01')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await close('T1');
    await close('T1', '00', 'again');
    expect(await answer('T1')).toBe('ILLEGAL_STATE');
    expect((await told()).map(({ state }) => state)).toEqual(['ANSWERED', 'CLOSED']);
  });
});
