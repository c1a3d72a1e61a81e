import { secretFits, userOf } from '../users/user.ts';
import { CommandFailed, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';

/** A secret to be, of operator `no`: from --new-password-file, or asked for twice without echo. Never from the command line. */
export async function newSecret(run: Run, no: string, file: string | undefined): Promise<string> {
  const [secret = ''] = await newSecrets(run, [no], file);
  return secret;
}

/** One for each of `operators`; in the file one on each line. */
export async function newSecrets(
  run: Run,
  operators: readonly string[],
  file: string | undefined,
): Promise<readonly string[]> {
  if (file === undefined && !run.canAsk) throw missing();
  const lines = file === undefined ? undefined : (await run.read(file, '--new-password-file')).split(/\r?\n/);
  const secrets: string[] = [];
  for (const [index, no] of operators.entries())
    secrets.push(fitting(no, lines === undefined ? await askTwice(run, no) : (lines[index] ?? '')));
  return secrets;
}

async function askTwice(run: Run, no: string): Promise<string> {
  const first = await run.shell.askHidden(run.say(`操作员${no}新密码: `, `New secret of operator ${no}: `));
  const second = await run.shell.askHidden(run.say('再输一次: ', 'Once more: '));
  if (first !== second) throw usage('两次输入不同', 'They differ');
  return first;
}

const digits = { MO: 6, A: 8, C: 4 } as const;

/** Said here, so that nobody has to log on to learn it. */
function fitting(no: string, secret: string): string {
  const user = userOf(no);
  if (user && secretFits(user, secret)) return secret;
  const count = user ? digits[user.role] : 0;
  throw usage(`操作员${no}的密码应为${count}位数字`, `The secret of operator ${no} has ${count} digits`);
}

const missing = (): CommandFailed =>
  new CommandFailed({
    code: 'USAGE',
    exit: exitStatus.usage,
    zh: '需要新密码，请用 --new-password-file',
    en: 'A new secret is needed: use --new-password-file',
    details: { flag: '--new-password-file' },
  });
