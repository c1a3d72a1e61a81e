import * as v from 'valibot';
import { codeResult, noticesAnswer, readResult, usersAnswer } from './book-contract.ts';
import { credentials } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { stateText, timeText, wordOf } from './words.ts';

/** Notices, and the way into the operator console, where they are read too. */

/** `pos notice list`: those for 00, the newest first. */
export async function listNotices(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/notices?limit=${limit}`);
  const { notices, unread } = v.parse(noticesAnswer, raw);
  const text = notices.map((one) =>
    [
      `${one.read ? ' ' : '●'} ${one.id}  ${timeText(one.at)}`,
      `  ${one.level === 'warning' ? '! ' : ''}${one[run.language]}`,
      ...one.sent.map(({ channel, state, to = '', reason = '' }) =>
        [
          `  → ${wordOf(channels, channel, run.language)}`,
          to,
          stateText(state, run.language),
          wordOf(reasons, reason, run.language),
        ]
          .filter(Boolean)
          .join(' '),
      ),
    ].join('\n'),
  );
  await run.show(raw, () => (text.length === 0 ? run.say('没有站内信', 'No notices') : text.join('\n')));
  if (unread > 0) run.note(`${unread} 条未读`, `${unread} unread`);
  return exitStatus.ok;
}

const channels: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  email: { zh: '邮件', en: 'e-mail' },
  sms: { zh: '短信', en: 'SMS' },
};
const reasons: typeof channels = {
  NO_ADDRESS: { zh: '未留地址', en: 'no address on file' },
  NO_CHANNEL: { zh: '上游未开通这种发送', en: 'upstream does not offer this channel' },
};

/** `pos notice read [ID…]`: all of them unless told. */
export async function readNotices(run: Run, typed: readonly string[]): Promise<ExitStatus> {
  const wrong = typed.find((id) => !/^\d{1,15}$/.test(id));
  if (wrong !== undefined) throw usage(`编号应为数字: ${wrong}`, `A notice has a number: ${wrong}`);
  const body = { ...(await credentials(run)), ...(typed.length > 0 && { ids: typed.map(Number) }) };
  const raw = await run.client.post('/notices/read', body, run.step);
  const { read } = v.parse(readResult, raw);
  await run.show(raw, () => run.say(`已读 ${read} 条`, `${read} read`));
  return exitStatus.ok;
}

/** `pos console code [LOGIN]`: for who is first at the console, or forgot the own secret. 00 proves to be here. */
export async function showConsoleCode(run: Run, login: string | undefined): Promise<ExitStatus> {
  if (run.options.operator !== undefined && run.options.operator !== '00')
    throw usage('设置码要主管 00 的密码', 'A set-up code needs the secret of 00');
  const { secret } = await credentials({ ...run, options: { ...run.options, operator: '00' } });
  const body = { supervisor: secret, ...(login !== undefined && { login }) };
  const raw = await run.client.post('/console/code', body, run.step);
  const { code, validUntil, url } = v.parse(codeResult, raw);
  await run.show(raw, () =>
    pairs([
      [run.say('设置码', 'Code'), code],
      [run.say('有效至', 'Valid until'), timeText(validUntil)],
      [
        run.say('控制台', 'Console'),
        url ?? run.say('未打开，请用 npm start -- --console', 'not open; use npm start -- --console'),
      ],
    ]),
  );
  return exitStatus.ok;
}

const roles: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  M: { zh: '主账号', en: 'main account' },
  O: { zh: '结算员', en: 'settler' },
  MO: { zh: '主账号兼结算员', en: 'main account and settler' },
  S: { zh: '客服', en: 'customer service' },
};

/** `pos console users`. */
export async function listConsoleUsers(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/console/users');
  const { users } = v.parse(usersAnswer, raw);
  const { say, language } = run;
  const head = [
    say('用户', 'User'),
    say('姓名', 'Name'),
    say('角色', 'Role'),
    say('状态', 'State'),
    say('最近登录', 'Last seen'),
  ];
  const rows = users.map((user) => [
    user.login,
    user.name,
    wordOf(roles, user.role, language),
    [
      stateText(user.state, language),
      user.hasSecret ? '' : say('无密码', 'no secret'),
      user.locked ? say('已锁定', 'locked') : '',
    ]
      .filter(Boolean)
      .join(say('，', ', ')),
    user.lastSeenAt === undefined ? '-' : timeText(user.lastSeenAt),
  ]);
  await run.show(raw, () =>
    rows.length === 0
      ? say('没有控制台用户，请用 pos console code', 'No users; use pos console code')
      : table(head, rows),
  );
  return exitStatus.ok;
}
