import * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import { formatYuan, parseYuan } from '../base/money.ts';
import { showApplication } from './application.ts';
import { confirm, credentials, keyFor } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import { type AccountAnswer, type CycleAsked, homeAnswer, type ProfileAnswer } from './settlement-contract.ts';
import { pairs, table } from './table.ts';
import { stateText } from './words.ts';

/** Step 2, and what has to be there before: mode, account, profile. Upstream decides each. */

export interface ModeFlags {
  readonly daily: boolean;
  readonly weekly: string | undefined;
  readonly monthly: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `pos settle mode`: it takes effect at the next cycle. */
export async function applyMode(run: Run, typed: string, flags: ModeFlags): Promise<ExitStatus> {
  const mode = typed.toUpperCase();
  const cycle = cycleOf(flags);
  if (cycle && mode !== 'AUTO') throw usage('只有 AUTO 有周期', 'Only AUTO has a cycle');
  const who = await credentials(run);
  const body = { ...who, mode, ...(cycle && { cycle }), idempotencyKey: keyFor(run, flags.idempotencyKey) };
  return showApplication(run, await run.client.post('/settlement/mode', body, run.step));
}

function cycleOf({ daily, weekly, monthly }: ModeFlags): CycleAsked | undefined {
  if ([daily, weekly !== undefined, monthly !== undefined].filter(Boolean).length > 1)
    throw usage('--daily、--weekly、--monthly 只能用一个', 'Give one of --daily, --weekly and --monthly');
  if (daily) return { every: 'DAILY' };
  if (weekly !== undefined) return { every: 'WEEKLY', weekday: weekdayOf(weekly) };
  if (monthly === undefined) return undefined;
  if (!/^\d{1,2}$/.test(monthly) || Number(monthly) < 1 || Number(monthly) > 28)
    throw usage(`--monthly 应为 1 至 28: ${monthly}`, `--monthly is 1 to 28: ${monthly}`);
  return { every: 'MONTHLY', monthDay: Number(monthly) };
}

function weekdayOf(typed: string) {
  const day = ([1, 2, 3, 4, 5, 6, 7] as const).find((one) => String(one) === typed);
  if (day !== undefined) return day;
  throw usage(`--weekly 应为 1 (周一) 至 7 (周日): ${typed}`, `--weekly is 1 (Monday) to 7 (Sunday): ${typed}`);
}

const accountFile = v.strictObject({
  name: v.string(),
  number: v.string(),
  id: v.string(),
  bank: v.string(),
  destination: v.optional(v.picklist(['bank', 'payment'])),
});
type AccountEntry = v.InferOutput<typeof accountFile>;

export interface AccountFlags {
  readonly fromFile: string | undefined;
  readonly destination: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `pos settle account add` (B-013). Number and identity number are asked for without echo, or come from a file; never from the command line, and nothing shows them. */
export async function addAccount(run: Run, flags: AccountFlags): Promise<ExitStatus> {
  const { fromFile } = flags;
  const entry = fromFile === undefined ? await askedAccount(run) : await accountFrom(run, fromFile);
  const masked = `***${entry.number.replace(/[\s-]/g, '').slice(-4)}`;
  await confirm(run, {
    what: run.say(
      `申请结算账户 ${entry.bank} ${masked} ${entry.name}`,
      `Apply for the account ${masked} of ${entry.name} at ${entry.bank}`,
    ),
    how: run.say('确认请输入 yes', 'Type yes'),
    word: 'yes',
  });
  const who = await credentials(run);
  const destination = entry.destination ?? flags.destination ?? 'bank';
  const body = { ...who, ...entry, destination, idempotencyKey: keyFor(run, flags.idempotencyKey) };
  return showApplication(run, await run.client.post('/settlement/account', body, run.step));
}

async function askedAccount(run: Run): Promise<AccountEntry> {
  const { shell, say } = run;
  if (!run.canAsk)
    throw usage('请用 --from-file 给出账户，- 为标准输入', 'Give the account in --from-file, - for stdin');
  const name = await shell.ask(say('户名: ', 'Name of the account: '));
  const bank = await shell.ask(say('开户行: ', 'Bank: '));
  const number = await shell.askHidden(say('账号: ', 'Account number: '));
  if ((await shell.askHidden(say('再输一次账号: ', 'Account number once more: '))) !== number)
    throw usage('两次输入不同', 'They differ');
  const id = await shell.askHidden(say('持有人证件号: ', 'Identity number of its holder: '));
  return { name, number, id, bank };
}

async function accountFrom(run: Run, file: string): Promise<AccountEntry> {
  const text = await run.read(file, '--from-file');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), accountFile), text);
  if (parsed.success) return parsed.output;
  throw usage('文件应为 {"name":…,"number":…,"id":…,"bank":…}', 'The file holds {"name":…,"number":…,"id":…,"bank":…}');
}

/** `pos settle account list`: every version, the newest first. */
export async function listAccounts(run: Run): Promise<ExitStatus> {
  const { accounts } = v.parse(homeAnswer, await run.client.get('/settlement-home'));
  const head = [
    run.say('版本', 'No'),
    run.say('状态', 'State'),
    run.say('账号', 'Account'),
    run.say('户名', 'Name'),
    run.say('开户行', 'Bank'),
    run.say('原因', 'Reason'),
  ];
  const row = (one: AccountAnswer) => [
    String(one.version),
    stateText(one.state, run.language),
    one.maskedNumber,
    one.name,
    one.bank,
    one.reason ?? '',
  ];
  await run.show({ accounts }, () =>
    accounts.length === 0
      ? run.say('没有结算账户，请用 pos settle account add', 'No account; use pos settle account add')
      : table(head, accounts.map(row), [0]),
  );
  return exitStatus.ok;
}

/** `pos profile show`. */
export async function showProfile(run: Run): Promise<ExitStatus> {
  const { profile } = v.parse(homeAnswer, await run.client.get('/settlement-home'));
  await run.show({ profile: profile ?? null }, () =>
    profile ? pairs(profilePairs(profile, run)) : run.say('上游还没有发来资料', 'Upstream has not told it yet'),
  );
  return exitStatus.ok;
}

function profilePairs(profile: ProfileAnswer, run: Run): readonly [string, string][] {
  const { remindFromFen, agreement, agreementInForce } = profile;
  const agreed = agreement ?? run.say('未同意', 'not accepted');
  const inForce = run.say(`${agreed}，现行 ${agreementInForce}`, `${agreed}; in force: ${agreementInForce}`);
  return [
    [run.say('联系人', 'Contact'), profile.contact ?? '-'],
    [run.say('手机', 'Mobile'), profile.mobile ?? '-'],
    [run.say('邮箱', 'E-mail'), profile.email ?? '-'],
    [run.say('邮寄地址', 'Address'), profile.address ?? '-'],
    [run.say('证件有效至', 'Document until'), profile.idValidUntil ?? '-'],
    [run.say('协议', 'Agreement'), agreement === agreementInForce ? agreementInForce : inForce],
    [run.say('余额提醒', 'Remind from'), remindFromFen === 0 ? '-' : formatYuan(remindFromFen)],
    [run.say('银行卡垫资', 'Cards at once'), profile.advance ? run.say('已开通', 'yes') : run.say('未开通', 'no')],
  ];
}

export interface ProfileFlags {
  readonly email: string | undefined;
  readonly mobile: string | undefined;
  readonly address: string | undefined;
  readonly contact: string | undefined;
  readonly agree: string | undefined;
  readonly remind: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `pos profile set`: what is not named stays; an empty text takes it away. */
export async function setProfile(run: Run, flags: ProfileFlags): Promise<ExitStatus> {
  const { agree, remind, idempotencyKey, ...texts } = flags;
  const changes = Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text || null]]));
  const change = {
    ...Object.fromEntries(changes),
    ...(agree !== undefined && { agreement: agree }),
    ...(remind !== undefined && { remindFromFen: remindOf(remind) }),
  };
  if (Object.keys(change).length === 0) throw usage('请给出要改的内容', 'Say what to change');
  const who = await credentials(run);
  const body = { ...who, ...change, idempotencyKey: keyFor(run, idempotencyKey) };
  return showApplication(run, await run.client.post('/settlement/profile', body, run.step));
}

/** 0: never. */
function remindOf(typed: string): number {
  const amountFen = parseYuan(typed);
  if (amountFen !== undefined) return amountFen;
  throw new TerminalError('INVALID_AMOUNT', { value: typed, min: '0.00', max: '9,999,999,999.99' });
}
