import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../../sync/host/commands.ts';
import { queueOutgoing } from '../../../sync/host/outgoing.ts';
import { mailOutlet, NotSent, type Outlet, type Outlets, smsOutlet } from '../../../sync/host/outlets.ts';
import { issueStatement } from '../../../sync/host/statements.ts';
import type { DownRow } from '../../../sync/protocol/rows.ts';
import { sendAll } from './send-all.ts';
import { startHost, type TestHost, terminal } from './start-host.ts';
import { Till } from './till.ts';

/** Real servers: a mail server that may refuse, and the web hook of an SMS provider. */

interface Mail {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
}

let host: TestHost;
let till: Till;
let smtp: SMTPServer;
let hook: Server;
let outlets: Outlets;
let mails: Mail[];
let posts: {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly to: string; readonly text: string };
}[];
let isRefusing: boolean;
const smsToken = 'sms-token-of-the-test';

beforeEach(async () => {
  host = await startHost();
  till = new Till(host);
  mails = [];
  posts = [];
  isRefusing = false;
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === 'host' && password === 'mail-secret' ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (isRefusing) return done(Object.assign(new Error('mailbox zhang@example.com full'), { responseCode: 452 }));
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString('utf8');
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address).join(),
          raw,
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  hook = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
    request.on('end', () => {
      if (!isRefusing) posts.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(isRefusing ? 503 : 202).end('{}');
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const port = (smtp.server.address() as AddressInfo).port;
  const mail = { host: '127.0.0.1', port, from: '账平 <no-reply@example.com>', user: 'host', password: 'mail-secret' };
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/send`;
  outlets = { email: mailOutlet(mail), sms: smsOutlet({ url, token: smsToken }, host.clock) };
});
afterEach(async () => {
  await new Promise<void>((resolve) => smtp.close(resolve));
  hook.closeAllConnections();
  await new Promise((resolve) => hook.close(resolve));
  await host.stop();
});

const profile = (email: string | null, mobile: string | null) =>
  host.host.store.transaction().execute(async (trx) => {
    expect(await carryOut(host.host, trx, terminal, { command: 'set-profile', email, mobile })).toBe('done');
  });
const send = (through: Outlets = outlets, stopping = new AbortController()) => sendAll(host, through, stopping);
const results = async () =>
  (await till.down('notify-result')).map(({ body: { notice, outcome, attempts, reason, to } }) => [
    notice,
    outcome,
    attempts,
    reason,
    to,
  ]);

let asked = 0;
const values = { amount: '1234.56', account: '****0128', no: 'S1' };
const notify = (event: string, channel: 'email' | 'sms', text = 'N-06', more: object = {}) => {
  const no = `${event}:${channel}`;
  const facts = { event, recipient: 'profile', channel, text, values, ...more } as const;
  return till.up({ kind: 'notify', id: `${no}:${++asked}`, body: { no, at: 1, by: 'SYS', facts, journals: [] } });
};

/** A part of a mail as a person reads it. */
function partOf(raw: string, type: string): string {
  const part = raw.split(/\r\n--/).find((one) => one.includes(`Content-Type: ${type}`)) ?? raw;
  const at = part.indexOf('\r\n\r\n', Math.max(0, part.indexOf('Content-Type')));
  const text = part.slice(at).trim();
  if (/base64/i.test(part)) return Buffer.from(text.replace(/\s/g, ''), 'base64').toString('utf8');
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('N-06 by e-mail and SMS', () => {
  beforeEach(() => profile('zhang@example.com', '13812345678'));

  test('goes to the merchant’s address in both languages, and the terminal hears where, masked', async () => {
    await notify('N-06:S1', 'email');
    await notify('N-06:S1', 'sms');
    expect(await send()).toBeNull();
    expect(mails).toMatchObject([{ from: 'no-reply@example.com', to: 'zhang@example.com' }]);
    const text = partOf(mails[0]?.raw ?? '', 'text/plain');
    expect(text).toContain('结算成功：1234.56元，账户****0128，结算号S1');
    expect(text).toContain('Settlement succeeded: 1234.56 yuan to account ****0128, no. S1');
    expect(posts).toMatchObject([
      {
        headers: { authorization: `Bearer ${smsToken}`, 'content-type': 'application/json' },
        body: { to: '13812345678' },
      },
    ]);
    expect(posts[0]?.body.text).toBe(
      '【账平】结算成功：1234.56元，账户****0128，结算号S1 / Settlement succeeded: 1234.56 yuan to account ****0128, no. S1',
    );
    expect((await results()).toSorted()).toEqual([
      ['N-06:S1:email', 'sent', 1, null, 'z***@example.com'],
      ['N-06:S1:sms', 'sent', 1, null, '138****5678'],
    ]);
  });

  test('N-07: a reason is told in words', async () => {
    await notify('N-07:S1', 'sms', 'N-07', { values: { ...values, reason: 'ACCOUNT_CLOSED' } });
    await send();
    expect(posts[0]?.body.text).toContain('原因：账户已销户');
    expect(posts[0]?.body.text).toContain('account closed');
  });

  test('once for each event, recipient and channel, however often it is asked for', async () => {
    await notify('N-06:S1', 'sms');
    await notify('N-06:S1', 'sms');
    await send();
    await notify('N-06:S1', 'sms');
    await send();
    expect(posts).toHaveLength(1);
    expect(await results()).toHaveLength(1);
  });

  test('a number that is not its event and channel is refused', async () => {
    const facts = { event: 'N-06:S1', recipient: 'profile', channel: 'sms', text: 'N-06', values } as const;
    const other = till.up({ kind: 'notify', id: 'x', body: { no: 'x', at: 1, by: 'SYS', facts, journals: [] } });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });
});

describe('failure', () => {
  beforeEach(() => profile('zhang@example.com', '13812345678'));
  const minute = 60_000;

  test.each(['email', 'sms'] as const)(
    '%s: tried again after 1, 5 and 30 minutes, and then it goes',
    async (channel) => {
      isRefusing = true;
      await notify('N-06:S1', channel);
      for (const minutes of [1, 5, 30]) {
        expect(await send()).toBe(minutes * minute);
        await host.clock.advance(minutes * minute - 1);
        expect(await send()).toBe(1);
        await host.clock.advance(1);
      }
      isRefusing = false;
      expect(await send()).toBeNull();
      expect((await results()).map(([, outcome, attempts, reason]) => [outcome, attempts, reason])).toEqual([
        ['failed', 1, 'REFUSED'],
        ['failed', 2, 'REFUSED'],
        ['failed', 3, 'REFUSED'],
        ['sent', 4, null],
      ]);
    },
  );

  test('eight times in all, then it is dead and nothing more is tried', async () => {
    isRefusing = true;
    await notify('N-06:S1', 'sms');
    for (let wait = await send(); wait !== null; wait = await send()) await host.clock.advance(wait);
    expect((await results()).map(([, outcome]) => outcome)).toEqual([...Array(7).fill('failed'), 'dead']);
    await host.clock.advance(1_000 * minute);
    isRefusing = false;
    await send();
    expect(posts).toEqual([]);
  });

  /** Takes letters and never answers. */
  const mute: Outlet = (_, __, ___, stopping) =>
    new Promise((_resolve, reject) => stopping.addEventListener('abort', () => reject(new NotSent('UNREACHABLE'))));

  test('a mail server that does not answer holds up no SMS', async () => {
    await notify('N-06:S1', 'email');
    await notify('N-06:S1', 'sms');
    const stopping = new AbortController();
    const sending = send({ ...outlets, email: mute }, stopping);
    while ((await results()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();
    await sending;
    expect((await results()).map(([notice]) => notice)).toEqual(['N-06:S1:sms']);
  });

  test.each(['email', 'sms'] as const)(
    '%s: what is under way when the host stops is cut off, and goes at the next start',
    async (channel) => {
      const silent = createNetServer((socket) => socket.on('error', () => {}));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const through = {
        email: mailOutlet({ host: '127.0.0.1', port, from: 'a@example.com' }),
        sms: smsOutlet({ url: `http://127.0.0.1:${port}/`, token: 'x' }, host.clock),
      };
      await notify('N-06:S1', channel);
      const stopping = new AbortController();
      const connected = new Promise((resolve) => silent.once('connection', resolve));
      const sending = send(through, stopping);
      await connected;
      stopping.abort();
      expect(await sending).toBeNull();
      expect(await results()).toEqual([]);
      await send();
      expect((await results()).map(([, outcome, attempts]) => [outcome, attempts])).toEqual([['sent', 1]]);
      await new Promise((resolve) => silent.close(resolve));
    },
  );

  test('nobody there', async () => {
    const gone = {
      email: mailOutlet({ host: '127.0.0.1', port: 1, from: 'a@example.com' }),
      sms: smsOutlet({ url: 'http://127.0.0.1:1/', token: 'x' }, host.clock),
    };
    await notify('N-06:S1', 'email');
    await notify('N-06:S1', 'sms');
    await send(gone);
    expect((await results()).map(([, outcome, , reason]) => [outcome, reason])).toEqual([
      ['failed', 'UNREACHABLE'],
      ['failed', 'UNREACHABLE'],
    ]);
  });

  test('without a channel, an address or words it is dead at once', async () => {
    await notify('N-06:S1', 'email');
    await send({});
    await profile(null, null);
    await notify('N-06:S2', 'email');
    await send();
    await profile('zhang@example.com', null);
    await notify('N-06:S3', 'email', 'N-99');
    await send();
    expect((await results()).map(([, outcome, , reason]) => [outcome, reason])).toEqual([
      ['dead', 'NO_CHANNEL'],
      ['dead', 'NO_ADDRESS'],
      ['dead', 'NO_WORDS'],
    ]);
  });

  test('no address, secret or answer of a server is in the log or in a row down', async () => {
    isRefusing = true;
    await notify('N-06:S1', 'email');
    await notify('N-06:S1', 'sms');
    await send();
    isRefusing = false;
    await host.clock.advance(minute);
    await send();
    const rows: readonly DownRow[] = await till.newsAfter(0);
    const told = JSON.stringify(rows.filter(({ kind }) => kind === 'notify-result')) + host.logged.join();
    expect(told).toContain('z***@example.com');
    for (const secret of ['zhang@', '13812345678', smsToken, 'mail-secret', 'mailbox'])
      expect(told).not.toContain(secret);
  });
});

describe('B-029, B-030, N-08: the settlement slip', () => {
  const facts = {
    statement: 'S0000000001',
    settlement: 'SET1',
    mode: 'MANUAL',
    amountFen: '123456',
    serviceFeeFen: '0',
    netFen: '123456',
    accountName: '<b>测试&商户</b>',
    account: '************0128',
    bank: '工商银行',
    transferRef: 'T0000000001',
    valueDate: '2026-11-20',
    payments: '7',
  };

  async function issue(channel: 'email' | 'sms', address: string): Promise<void> {
    await host.host.store.transaction().execute(async (trx) => {
      const no = facts.statement;
      const own = { merchant: terminal.merchant, terminal: terminal.terminal };
      await trx
        .insertInto('statements')
        .values({ ...own, no, settlement: 'SET1', facts_json: '{}', channel: null, at: 1 })
        .execute();
      await queueOutgoing(
        trx,
        terminal,
        { no, kind: 'statement', channel, address, text: 'N-08', facts },
        host.clock.now(),
      );
    });
    await send();
  }
  const issued = async () =>
    (await till.down('statement-issued')).map(({ body: { settlement, channel, to } }) => [settlement, channel, to]);

  test('as an e-mail of text and HTML, in both languages, amounts in yuan, names as text', async () => {
    await issue('email', 'zhang@example.com');
    const raw = mails[0]?.raw ?? '';
    const text = partOf(raw, 'text/plain');
    expect(text).toContain('结算金额(元): 1234.56');
    expect(text).toContain('结算方式: 手动结算');
    expect(text).toContain('Amount (yuan): 1234.56');
    const html = partOf(raw, 'text/html');
    expect(html).toContain('<td>1234.56</td>');
    expect(html).toContain('&lt;b&gt;测试&amp;商户&lt;/b&gt;');
    expect(html).not.toContain('<b>');
    expect(await issued()).toEqual([['SET1', 'email', 'z***@example.com']]);
  });

  test('by SMS', async () => {
    await issue('sms', '13812345678');
    expect(posts[0]?.body.text).toContain('结算单S0000000001：1234.56元已结算至账户************0128，入账日2026-11-20');
    expect(await issued()).toEqual([['SET1', 'sms', '138****5678']]);
  });

  test.each([
    [['email', 'sms'], 'email'],
    [['sms'], 'sms'],
    [[], 'email'],
  ] as const)('B-030: a host that sends by %j sends the slip by %s', async (waysOut, channel) => {
    await profile('zhang@example.com', '13812345678');
    await till.settle('S1', await till.earn(10_000));
    await host.clock.advance(0);
    await host.host.store.transaction().execute(async (trx) => {
      const settlement = await trx.selectFrom('settlements').selectAll().executeTakeFirstOrThrow();
      await trx.deleteFrom('outgoing').execute();
      await issueStatement({ ...host.host, waysOut }, trx, settlement);
    });
    const letters = await host.host.store.selectFrom('outgoing').select('channel').execute();
    expect(letters).toEqual([{ channel }]);
  });

  test('one that can not be sent at all is told as failed, once', async () => {
    isRefusing = true;
    await issue('sms', '13812345678');
    expect(await issued()).toEqual([]);
    for (let wait = await send(); wait !== null; wait = await send()) await host.clock.advance(wait);
    expect(await issued()).toEqual([['SET1', 'failed', '138****5678']]);
  });
});

test('a message from upstream goes to every terminal', async () => {
  const order = { command: 'message', zh: '今晚维护', en: 'Maintenance tonight', level: 'warning' } as const;
  expect(await host.host.store.transaction().execute((trx) => carryOut(host.host, trx, terminal, order))).toBe('done');
  expect((await till.down('message')).map(({ body }) => [body.zh, body.en, body.level])).toEqual([
    ['今晚维护', 'Maintenance tonight', 'warning'],
  ]);
});
