import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { TerminalError } from '../base/errors.ts';
import { batchAnswer, type CloseAnswer, closeResult } from './contract.ts';
import { confirm, credentials } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { counted } from './words.ts';

/** `pos batch close`: the person types the number of the batch, then the close runs to its end or goes on by itself. */
export async function closeBatch(run: Run): Promise<ExitStatus> {
  const { batch } = v.parse(batchAnswer, await run.client.get('/batch'));
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: '' });
  await confirm(run, {
    what: run.say(
      `关闭批次 ${batch.no} (${batch.records} 笔)`,
      `Close batch ${batch.no} (${counted(batch.records, 'record')})`,
    ),
    how: run.say('请输入批次号', 'Type its number'),
    word: batch.no,
  });
  const raw = await run.client.post('/batch/close', await credentials(run), run.step);
  const { outcome } = v.parse(closeResult, raw);
  await run.show(raw, () => closeText(outcome, run.language));
  if (outcome.kind === 'closed' && outcome.printProblem) {
    run.note(
      `结算单未打印 (${outcome.printProblem})，请用 pos batch reprint 重打`,
      `The slip was not printed (${outcome.printProblem}); use pos batch reprint`,
    );
  }
  return closeExit(outcome);
}

export function closeText(outcome: CloseAnswer, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const { batch } = outcome;
  switch (outcome.kind) {
    case 'closed':
      return outcome.balanced
        ? say(`批次 ${batch} 已关闭，对账平`, `Batch ${batch} is closed, balanced`)
        : say(
            `批次 ${batch} 已关闭，对账不平，已逐笔上送`,
            `Batch ${batch} is closed, not balanced; every record was uploaded`,
          );
    case 'continues':
      return say(
        `批次 ${batch} 的批结算将自行继续，请看 pos batch status`,
        `The close of batch ${batch} goes on by itself; see pos batch status`,
      );
    case 'needs-human':
      return say(`批次 ${batch} 需人工处理，请联系上游`, `Batch ${batch} needs a person; contact upstream`);
  }
}

export function closeExit(outcome: CloseAnswer): ExitStatus {
  switch (outcome.kind) {
    case 'closed':
      return outcome.balanced ? exitStatus.ok : exitStatus.notBalanced;
    case 'continues':
      return exitStatus.busy;
    case 'needs-human':
      return exitStatus.failed;
  }
}

/** `pos batch reprint`: the slip of the last close again. */
export async function reprintBatchSlip(run: Run): Promise<ExitStatus> {
  const raw = await run.client.post('/reprint/batch-slip', await credentials(run), run.step);
  await run.show(raw, () => run.say('结算单已重打', 'The batch slip was printed again'));
  return exitStatus.ok;
}
