import { describe, expect, test } from 'vitest';
import type { CrashPoint } from '../../../terminal/base/crash-points.ts';
import { refund } from '../../scenarios/books.ts';
import { powerGoesAt } from '../../support/power-cut.ts';
import { refusal } from '../../support/refusal.ts';
import {
  both,
  newestSettlement as newest,
  type Settler,
  service,
  settleAll,
  settled,
  settlerOfTest,
  sound,
  takeCode,
} from './settler.ts';

/** A settlement that was asked for: how it is stopped, what is in it (B-012, B-014, B-029, B-030), and a power cut (B-051). 100.00 by code bring 99.62. */

const begin = (options = {}): Promise<Settler> => settlerOfTest('2026-11-20T10:00', 'MANUAL', options);

describe('stopped', () => {
  test('states.md 5, P-25: stopped before it is accepted, it comes back only by the word of the host', async () => {
    const it = await begin({ hostParameters: { 'host.acceptDelayMs': 86_000_000 } });
    await takeCode(it.system, 10_000);
    const { no } = settleAll(it, 'x');
    it.system.wire.block();
    it.desk().stop(both, no);
    it.desk().stop(both, no);
    expect(newest(it)).toMatchObject({ state: 'REQUESTED', stopping: true });
    expect(it.desk().home(both).balances.inTransitFen).toBe(9_962);
    it.system.wire.unblock();
    await settled(it.system, 'MANUAL 9962 CANCELLED');
    expect(newest(it)).toMatchObject({ reason: 'STOPPED', stopping: false });
    expect(it.desk().home(both).balances.availableFen).toBe(9_962);
    expect(await refusal(() => it.desk().stop(both, no))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => it.desk().stop(both, 'none'))).toBe('NOT_FOUND');
    await sound(it);
  });

  test('stopped too late it runs to its end', async () => {
    const it = await begin({ hostParameters: { 'host.settleDecision': 'manual' } });
    await takeCode(it.system, 10_000);
    const { no } = settleAll(it, 'x');
    const deaf = it.system.wire.rule(({ towards, topic }) =>
      towards === 'client' && topic.endsWith('/rows') ? 'drop' : undefined,
    );
    it.desk().stop(both, no);
    await it.system.eventually(
      'the host has it',
      () => it.system.host.count("SELECT count(*) FROM inbox WHERE kind = 'stop-settle'") === 1,
    );
    deaf();
    await settled(it.system, 'MANUAL 9962 PROCESSING');
    await it.system.host.command({ command: 'settle-decide', no, outcome: 'succeeded' });
    await settled(it.system, 'MANUAL 9962 SUCCESS');
    await sound(it);
  });
});

describe('step 5: the details', () => {
  test('B-012, B-029, B-030: payments with gross, fee and net, refunds too, page by page; where the slip went', async () => {
    const it = await begin();
    await it.system.earn(10_000);
    await refund(it.system, 4_000);
    await it.system.atRest();
    const second = await takeCode(it.system, 20_000);
    settleAll(it, 'x');
    await it.system.eventually('paid', () => newest(it).state === 'SUCCESS');
    const { no, amountFen } = newest(it);
    const { payments: lines } = await it.desk().details(both, no, 10);
    expect(lines.map(({ type, grossFen, feeFen, netFen }) => [type, grossFen, feeFen, netFen])).toEqual([
      ['sale', 10_000, 38, 9_962],
      ['refund', -4_000, -15, -3_985],
      ['code-sale', 20_000, 76, 19_924],
    ]);
    expect(lines.reduce((sum, { netFen }) => sum + netFen, 0)).toBe(amountFen);
    const page = async (limit: number, after?: string) => (await it.desk().details(both, no, limit, after)).payments;
    const [first] = await page(1);
    expect((await page(1, first?.payment))[0]?.type).toBe('refund');
    expect(await page(5, second)).toEqual([]);
    await it.system.eventually('the slip is made', () => newest(it).issued !== undefined);
    await sound(it);
  });

  test('B-014: a ticket on a payment, its answer, and its end', async () => {
    const it = await begin();
    const payment = await takeCode(it.system, 10_000);
    const { no } = settleAll(it, 'x');
    expect(await refusal(() => it.desk().check(both, no))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => it.desk().dispute(both, no, payment, '少了', 'd0'))).toBe('ILLEGAL_STATE');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
    it.desk().check(both, no);
    const ticket = it.desk().dispute(both, no, payment, '金额不对', 'd1');
    expect(ticket).toMatchObject({ state: 'OPEN', settlement: no, payment });
    expect(it.desk().dispute(both, no, payment, '金额不对', 'd1').no).toBe(ticket.no);
    expect(await refusal(() => it.desk().dispute(both, no, payment, '别的', 'd1'))).toBe('IDEMPOTENCY_CONFLICT');
    expect(await refusal(() => it.desk().dispute(both, no, 'another', '少了', 'd2'))).toBe('NOT_FOUND');
    expect(await refusal(() => it.desk().dispute(both, no, undefined, ' ', 'd3'))).toBe('REASON_REQUIRED');
    expect(await refusal(() => it.desk().dispute(service, no, undefined, '少了', 'd4'))).toBe('FORBIDDEN');
    expect(await refusal(() => it.desk().closeTicket(both, ticket.no))).toBe('ILLEGAL_STATE');
    expect(newest(it)).toMatchObject({ disputed: true, checkedBy: '00' });
    expect((await it.desk().details(both, no, 1)).payments[0]?.ticket).toBe(ticket.no);
    await it.system.atRest();
    await it.system.host.command({ command: 'ticket-answer', ticket: ticket.no, answer: '无误', by: '复核员' });
    await it.system.eventually('answered', () => it.desk().tickets(both)[0]?.state === 'ANSWERED');
    expect(it.desk().tickets(both)[0]).toMatchObject({ answer: '无误', answeredBy: '复核员' });
    it.desk().closeTicket(both, ticket.no);
    expect(newest(it).disputed).toBe(false);
    await it.system.atRest();
    expect(it.system.host.count("SELECT count(*) FROM tickets WHERE state = 'CLOSED'")).toBe(1);
  });

  test('the newest first, page by page', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    for (const key of ['a', 'b', 'c']) {
      settleAll(it, key, 1_000);
      await it.system.eventually('paid', () => newest(it).state === 'SUCCESS');
    }
    const all = it
      .desk()
      .settlements(both, 10)
      .map(({ no }) => no);
    expect(all).toHaveLength(3);
    expect(
      it
        .desk()
        .settlements(both, 1, all[0])
        .map(({ no }) => no),
    ).toEqual([all[1]]);
    expect(it.desk().settlement(both, all[2] ?? '').no).toBe(all[2]);
    expect(await refusal(() => it.desk().settlement(both, 'none'))).toBe('NOT_FOUND');
  });
});

describe('B-051, P-05: the power goes', () => {
  test.each<[CrashPoint, boolean]>([
    ['settle.in-stop', false],
    ['settle.after-stop', true],
  ])('at %s: kept whole is %s, and the hold stays until the host has its word', async (point, isKept) => {
    const it = await begin({ hostParameters: { 'host.acceptDelayMs': 86_000_000 } });
    await takeCode(it.system, 10_000);
    const { no } = settleAll(it, 'x');
    it.system.wire.block();
    expect(await powerGoesAt(it.system, point, async () => it.desk().stop(both, no))).toBe(point);
    await it.system.startTerminal();
    expect(newest(it)).toMatchObject({ state: 'REQUESTED', stopping: isKept });
    expect(it.desk().home(both).balances.inTransitFen).toBe(9_962);
    if (!isKept) it.desk().stop(both, no);
    it.system.wire.unblock();
    await settled(it.system, 'MANUAL 9962 CANCELLED');
    await sound(it);
  });
});
