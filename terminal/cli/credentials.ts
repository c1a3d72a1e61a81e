import { CommandFailed, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';

/** Who acts, with the secret: from --operator and --password-file, or asked for without echo. Never from the command line. */
export async function credentials(run: Run): Promise<{ readonly operator: string; readonly secret: string }> {
  const { options, shell } = run;
  if (options.operator === undefined && !run.canAsk) throw needsLogOn('--operator');
  if (options.passwordFile === undefined && !run.canAsk) throw needsLogOn('--password-file');
  const operator = options.operator ?? (await shell.ask(run.say('操作员号: ', 'Operator: ')));
  if (!/^\d{2}$/.test(operator))
    throw usage(`操作员号应为两位数字: ${operator}`, `An operator has two digits: ${operator}`);
  const secret =
    options.passwordFile === undefined
      ? await shell.askHidden(run.say(`操作员${operator}密码: `, `Secret of operator ${operator}: `))
      : await secretFrom(run, options.passwordFile, '--password-file');
  if (secret === '') throw needsLogOn('--password-file');
  return { operator, secret };
}

/** 主管密码 for what a cashier may not do alone; whoever is 00 needs none. From the file, or asked for without echo. */
export async function supervisorSecret(
  run: Run,
  operator: string,
  file: string | undefined,
): Promise<string | undefined> {
  if (file !== undefined) return secretFrom(run, file, '--supervisor-file');
  if (operator === '00') return undefined;
  if (!run.canAsk) throw needsLogOn('--supervisor-file');
  const secret = await run.shell.askHidden(run.say('主管密码: ', 'Secret of 00: '));
  if (secret === '') throw needsLogOn('--supervisor-file');
  return secret;
}

/** The first line of the file; an empty one is no secret. */
async function secretFrom(run: Run, file: string, flag: string): Promise<string> {
  const [secret = ''] = (await run.read(file, flag)).split(/\r?\n/, 1);
  if (secret !== '') return secret;
  throw needsLogOn(flag);
}

const needsLogOn = (flag: string): CommandFailed =>
  new CommandFailed({
    code: 'UNAUTHENTICATED',
    exit: exitStatus.needsLogOn,
    zh: `需要登录，请用 ${flag}`,
    en: `Log on first: use ${flag}`,
    details: { flag },
  });

/** The number of one intent: the one that was given, else a new one, which is told so that the same can be asked again. */
export function keyFor(run: Run, given: string | undefined): string {
  const idempotencyKey = given ?? run.shell.newNumber();
  if (run.options.json) run.step({ kind: 'progress', at: 'requesting', idempotencyKey });
  else if (given === undefined)
    run.note(
      `幂等号 ${idempotencyKey} (重试时加 --idempotency-key)`,
      `Key ${idempotencyKey} (to retry, add --idempotency-key)`,
    );
  return idempotencyKey;
}

export const noteKnown = (run: Run, key: string): void =>
  run.note(`幂等号 ${key} 已办理过，以下是那一次的结果`, `The key ${key} was used before; this is what came of it`);

/**
 * A dangerous step, `what`: the person types `word`, asked for by `how`; --yes stands for that. Anything else typed ends the command with nothing
 * done.
 */
export async function confirm(
  run: Run,
  { what, how, word }: { readonly what: string; readonly how: string; readonly word: string },
): Promise<void> {
  if (run.options.yes) return;
  if (!run.canAsk) throw usage(`需要确认，请加 --yes: ${what}`, `This must be confirmed, add --yes: ${what}`);
  if ((await run.shell.ask(run.say(`${what}，${how}: `, `${what}? ${how}: `))) === word) return;
  throw new CommandFailed({
    code: 'NOT_CONFIRMED',
    exit: exitStatus.failed,
    zh: '未确认，什么都没有做',
    en: 'Not confirmed; nothing was done',
  });
}
