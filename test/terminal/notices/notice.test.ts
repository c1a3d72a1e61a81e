import { beforeEach, describe, expect, test } from 'vitest';
import type { NotifyResult } from '../../../sync/protocol/notices.ts';
import { inReplay } from '../../../sync/stream/send.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { noticeDesk } from '../../../terminal/flows/notice.ts';
import type { NoticeView } from '../../../terminal/flows/notice-desk.ts';
import { applyNews } from '../../../terminal/flows/upstream-news.ts';
import { newSession } from '../../../terminal/flows/world.ts';
import {
  type NoticeEvent,
  notice,
  noticeIssued,
  pruneNotices,
  restoreNotify,
} from '../../../terminal/notices/notice.ts';
import { type NoticeText, noticeWords } from '../../../terminal/notices/words.ts';
import type { User } from '../../../terminal/users/user.ts';
import { newTill, type Till } from '../till.ts';

const main: User = { no: 'boss', role: 'M' };
const settler: User = { no: 'wang', role: 'O' };
const both: User = { no: '00', role: 'MO' };
const service: User = { no: 'kefu', role: 'S' };
const cashier: User = { no: '01', role: 'C' };

let till: Till;
beforeEach(() => {
  till = newTill();
});

const settlement = '01JDA7K8M0000000000000000A';
const paid = { amount: '99.40', account: '6222****0128', no: settlement };
const succeeded: NoticeEvent<'N-06'> = { text: 'N-06', about: settlement, values: paid, level: 'info' };

const tell = <Text extends NoticeText>(event: NoticeEvent<Text>): void =>
  inTransaction(till.db, (tx) => notice(tx, till.clock.now(), event));
const desk = () => noticeDesk({ ...till, session: newSession() });
const seenBy = (user: User): readonly NoticeView[] => desk().list(user, 50).notices;
const sentUp = (): readonly { readonly id: string; readonly channel: string; readonly text: string }[] =>
  till.db
    .prepare<[], { id: string; channel: string; text: string }>(
      `SELECT id, body ->> '$.facts.channel' AS channel, body ->> '$.facts.text' AS text FROM outbox WHERE kind = 'notify' ORDER BY seq`,
    )
    .all();

let seq = 0;
function hear(body: Partial<NotifyResult>): void {
  seq += 1;
  const at = till.clock.now();
  const whole = {
    no: `r${seq}`,
    at,
    notice: '',
    outcome: 'sent',
    attempts: 1,
    reason: null,
    to: null,
    ...body,
  } as const;
  inTransaction(till.db, (tx) => applyNews(tx, till.clock, { kind: 'notify-result', seq, id: `r${seq}`, body: whole }));
}

describe('who is told what, and how', () => {
  test('N-06 B-011: a settlement that succeeded stands in the console and goes out by e-mail and SMS', () => {
    tell(succeeded);
    expect(seenBy(settler)).toMatchObject([
      {
        text: 'N-06',
        level: 'info',
        about: settlement,
        zh: `结算成功：99.40元，账户6222****0128，结算号${settlement}`,
        en: `Settlement succeeded: 99.40 yuan to account 6222****0128, no. ${settlement}`,
        read: false,
        sent: [
          { channel: 'email', state: 'QUEUED', attempts: 0 },
          { channel: 'sms', state: 'QUEUED', attempts: 0 },
        ],
      },
    ]);
    expect(sentUp().map(({ channel }) => channel)).toEqual(['email', 'sms']);
  });

  test.each([
    ['a failure', 'N-07', '结算失败', '账户已销户', 'account closed'],
    ['a return', 'N-07r', '退回', '账户已销户', 'account closed'],
  ] as const)('N-07 B-048: %s is told in the console and by SMS, with the reason in words', (_, text, what, zh, en) => {
    tell({ text, about: settlement, values: { ...paid, reason: 'ACCOUNT_CLOSED' }, level: 'warning' });
    const [seen] = seenBy(main);
    expect(seen).toMatchObject({ text: 'N-07', level: 'warning', sent: [{ channel: 'sms' }] });
    expect(seen?.zh).toContain(what);
    expect(seen?.zh).toContain(zh);
    expect(seen?.en).toContain(en);
    expect(sentUp()).toEqual([{ id: `${text}:${settlement}:sms`, channel: 'sms', text }]);
  });

  test('N-07: an account in error is told in the console and by SMS', () => {
    const values = { account: '6222****0128', reason: 'ACCOUNT_CLOSED' };
    tell({ text: 'N-07a', about: 'account:1', values, level: 'warning' });
    expect(seenBy(main)).toMatchObject([{ level: 'warning', sent: [{ channel: 'sms' }] }]);
    expect(sentUp()).toEqual([{ id: 'N-07a:account:1:sms', channel: 'sms', text: 'N-07a' }]);
  });

  test.each([
    ['FEE_EXCEEDS_AMOUNT', '服务费', 'fee'],
    ['MIRROR_DIFFERS', '账不符', 'books differ'],
    ['INSUFFICIENT_BALANCE', '余额不足', 'balance'],
    ['NO_SETTLE_ACCOUNT', '结算账户', 'account'],
    ['FORBIDDEN', '无权', 'may not'],
    ['INVALID_AMOUNT', '金额', 'amount'],
    ['ACCOUNT_NAME_MISMATCH', '户名', 'name'],
  ] as const)('N-07: the refusal %s is told in words', (reason, zh, en) => {
    tell({ text: 'N-07', about: settlement, values: { ...paid, reason }, level: 'warning' });
    const [seen] = seenBy(main);
    expect(seen?.zh).toContain(zh);
    expect(seen?.en).toContain(en);
    expect(`${seen?.zh}${seen?.en}`).not.toContain(reason);
  });

  test.each([
    ['none', 'warning', '只在本机'],
    ['failed', 'warning', '未能发送'],
    ['email', 'info', '已发送至b***@shop.example'],
    ['sms', 'info', '已发送至b***@shop.example'],
  ] as const)('N-08 B-030 B-048: a statement that went out by %s is a notice of level %s', (channel, level, words) => {
    const body = { no: 'i1', at: 1, settlement, channel, to: 'b***@shop.example' };
    inTransaction(till.db, (tx) => noticeIssued(tx, till.clock.now(), body));
    expect(seenBy(main)).toMatchObject([{ text: 'N-08', level, zh: expect.stringContaining(words), sent: [] }]);
    expect(sentUp()).toEqual([]);
  });

  const ofEach: readonly (readonly [string, () => void, readonly User[]])[] = [
    [
      'N-05',
      () => tell({ text: 'N-05', about: 'E1', values: { name: 'a.csv' }, level: 'info', to: 'wang' }),
      [settler],
    ],
    ['N-06', () => tell(succeeded), [main, settler, both]],
    [
      'N-08',
      () => tell({ text: 'N-08n', about: settlement, values: { no: settlement }, level: 'warning' }),
      [main, both],
    ],
    [
      'N-10',
      () =>
        tell({
          text: 'N-10',
          about: 'd',
          values: { date: '2026-11-20', count: '2', amount: '1.00' },
          level: 'warning',
        }),
      [settler, both],
    ],
    [
      'message',
      () => tell({ text: 'message', about: 'm', values: { zh: '好', en: 'well' }, level: 'info' }),
      [main, settler, both, service],
    ],
  ];
  test.each(ofEach)('%s is for these and for nobody else', (_, happen, readers) => {
    happen();
    const everybody = [main, settler, both, service, cashier];
    expect(everybody.filter((user) => seenBy(user).length === 1)).toEqual(readers);
  });

  test('every text has the same places in both languages, and English is English', () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const { zh, en } of Object.values(noticeWords)) {
      expect(en).toMatch(/^[ -~“”]+$/);
      if (zh !== '{zh}') expect(places(zh)).toEqual(places(en));
    }
  });
});

describe('delivery', () => {
  test('N-06: the same event is told once for each recipient and channel', () => {
    tell(succeeded);
    tell(succeeded);
    expect(seenBy(main)).toHaveLength(1);
    expect(sentUp()).toHaveLength(2);
    tell({ text: 'N-05', about: 'E1', values: { name: 'a.csv' }, level: 'info', to: 'wang' });
    tell({ text: 'N-05', about: 'E1', values: { name: 'a.csv' }, level: 'info', to: 'boss' });
    expect(seenBy(settler)).toHaveLength(2);
  });

  test('N-06: what is undone with its transaction was never told', () => {
    expect(() =>
      inTransaction(till.db, (tx) => {
        notice(tx, till.clock.now(), succeeded);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(seenBy(main)).toEqual([]);
    expect(sentUp()).toEqual([]);
  });

  const walks: readonly (readonly [readonly NotifyResult['outcome'][], string, number])[] = [
    [['sent'], 'SENT', 1],
    [['failed'], 'FAILED', 1],
    [['failed', 'failed', 'sent'], 'SENT', 3],
    [['failed', 'dead'], 'DEAD', 2],
    [['dead', 'sent'], 'DEAD', 1],
    [['sent', 'failed'], 'SENT', 1],
  ];
  test.each(walks)('N-07: after %s it is %s with %i attempts', (outcomes, state, attempts) => {
    tell({ text: 'N-07', about: settlement, values: { ...paid, reason: 'STOPPED' }, level: 'warning' });
    for (const [index, outcome] of outcomes.entries())
      hear({ notice: `N-07:${settlement}:sms`, outcome, attempts: index + 1, reason: 'REFUSED', to: '138****0001' });
    expect(seenBy(main)[0]?.sent).toMatchObject([{ channel: 'sms', state, attempts, to: '138****0001' }]);
  });

  test('a result of a notice that nobody here knows of changes nothing', () => {
    hear({ notice: 'N-06:elsewhere:email' });
    expect(till.db.prepare('SELECT count(*) FROM notice_sent').pluck().get()).toBe(0);
  });

  test('a message from upstream stands in the console in its own words', () => {
    const body = { no: 'm1', at: 1, zh: '今晚维护{date}', en: 'Maintenance tonight', level: 'warning' } as const;
    inTransaction(till.db, (tx) => applyNews(tx, till.clock, { kind: 'message', seq: 900, id: 'm1', body }));
    expect(seenBy(service)).toMatchObject([
      { text: 'message', zh: '今晚维护{date}', en: 'Maintenance tonight', level: 'warning' },
    ]);
  });

  test('N-06: a book that comes back tells again in the console, and sends nothing twice', () => {
    inReplay(till.db, () => tell(succeeded));
    expect(seenBy(main)).toMatchObject([{ text: 'N-06', sent: [] }]);
    const facts = {
      event: `N-06:${settlement}`,
      recipient: 'profile',
      channel: 'email',
      text: 'N-06',
      values: paid,
    } as const;
    const body = { no: `N-06:${settlement}:email`, at: 1, by: 'SYS', facts, journals: [] };
    inTransaction(till.db, (tx) => restoreNotify(tx, body));
    hear({ notice: `N-06:${settlement}:email`, outcome: 'sent' });
    tell(succeeded);
    expect(seenBy(main)).toMatchObject([{ text: 'N-06', sent: [{ channel: 'email', state: 'SENT' }] }]);
    expect(sentUp()).toEqual([]);
  });
});

describe('reading', () => {
  test('what one user has read is new to another', () => {
    tell(succeeded);
    const [seen] = seenBy(main);
    desk().read(main, [seen?.id ?? 0]);
    desk().read(main, [seen?.id ?? 0]);
    expect(desk().list(main, 50)).toMatchObject({ unread: 0, notices: [{ read: true }] });
    expect(desk().list(settler, 50)).toMatchObject({ unread: 1, notices: [{ read: false }] });
  });

  test('what is new is counted behind what everything up to is read, for each role of a user', () => {
    const marked = () =>
      till.db.prepare("SELECT notice FROM notice_mark WHERE by = 'boss' ORDER BY notice").pluck().all();
    for (const about of ['a', 'b', 'c', 'd']) tell({ ...succeeded, about });
    const [d, c, b, a] = seenBy(main).map(({ id }) => id);
    desk().read(main, [b ?? 0, d ?? 0]);
    expect([desk().list(main, 1).unread, marked()]).toEqual([2, [0]]);
    desk().read(main, [a ?? 0]);
    expect([desk().list(main, 1).unread, marked()]).toEqual([1, [b]]);
    desk().read(main, [c ?? 0]);
    expect([desk().list(main, 1).unread, marked()]).toEqual([0, [d]]);
    tell({ ...succeeded, about: 'e' });
    expect(desk().list(main, 1).unread).toBe(1);
    tell({ text: 'N-10', about: 'd', values: { date: '2026-11-20', count: '2', amount: '1.00' }, level: 'warning' });
    expect(desk().list({ ...main, role: 'MO' }, 1).unread).toBe(2);
  });

  test('nobody marks what is not for them', () => {
    tell({ text: 'N-05', about: 'E1', values: { name: 'a.csv' }, level: 'info', to: 'wang' });
    desk().read(main, [seenBy(settler)[0]?.id ?? 0]);
    expect(till.db.prepare('SELECT count(*) FROM notice_read').pluck().get()).toBe(0);
  });

  test('the newest stands first; one of more than 400 days goes with its marks', async () => {
    tell(succeeded);
    desk().read(main, [seenBy(main)[0]?.id ?? 0]);
    await till.clock.advance(401 * 86_400_000);
    tell({ ...succeeded, about: 'later' });
    expect(seenBy(main).map(({ about }) => about)).toEqual(['later', settlement]);
    inTransaction(till.db, (tx) => pruneNotices(tx, till.clock.now()));
    expect(seenBy(main).map(({ about }) => about)).toEqual(['later']);
    expect(till.db.prepare('SELECT count(*) FROM notice_sent').pluck().get()).toBe(2);
  });
});
