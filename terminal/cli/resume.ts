import * as v from 'valibot';
import { resumeResult } from './batch-contract.ts';
import { confirm, credentials, supervisorSecret } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { stanOf } from './transactions.ts';

/** Who asks, and 主管密码 where it is needed. */
async function twoPersons(run: Run, file: string | undefined) {
  const who = await credentials(run);
  const supervisor = await supervisorSecret(run, who.operator, file);
  return { ...who, ...(supervisor !== undefined && { supervisor }) };
}

/** `pos batch resume`: the close goes on as a person at the host decided. */
export async function resumeBatch(run: Run, file: string | undefined): Promise<ExitStatus> {
  const raw = await run.client.post('/batch/resume', await twoPersons(run, file), run.step);
  await run.show(raw, () =>
    run.say(
      '批结算已按主机裁定继续，请看 pos batch status',
      'The close goes on as the host decided; see pos batch status',
    ),
  );
  return exitStatus.ok;
}

const exits = { ended: exitStatus.ok, 'needs-human': exitStatus.failed, continues: exitStatus.busy } as const;

/** `pos txn resume STAN`: the person types the number again. */
export async function resumeReversal(run: Run, typed: string, file: string | undefined): Promise<ExitStatus> {
  const stan = stanOf(typed);
  await confirm(run, {
    what: run.say(`再次冲正 ${stan}`, `Reverse ${stan} once more`),
    how: run.say('请输入流水号', 'Type its STAN'),
    word: stan,
  });
  const raw = await run.client.post(`/transactions/${stan}/resume`, await twoPersons(run, file), run.step);
  const { outcome } = v.parse(resumeResult, raw);
  const words = {
    ended: run.say('冲正完成', 'Reversed'),
    'needs-human': run.say('主机仍未接受，请联系上游', 'The host did not end it; contact upstream'),
    continues: run.say('主机未应答，终端自动继续', 'No answer; the terminal goes on by itself'),
  };
  await run.show(raw, () => words[outcome]);
  return exits[outcome];
}
