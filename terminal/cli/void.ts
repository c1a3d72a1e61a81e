import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { transactionAnswer } from './contract.ts';
import { confirm, credentials, supervisorSecret } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import { type VoidOutcomeAnswer, voidResult } from './give-back-contract.ts';
import type { Run } from './run.ts';
import { stanOf } from './transactions.ts';
import { typeText } from './words.ts';

/** `pos txn void STAN`: the person types the number again; all of the payment goes back. */
export async function voidTransaction(run: Run, typed: string, file: string | undefined): Promise<ExitStatus> {
  const stan = stanOf(typed);
  const who = await credentials(run);
  const txn = v.parse(transactionAnswer, await run.client.post(`/transactions/${stan}`, who, run.step)); // B-037
  const amount = formatYuan(txn.amountFen);
  await confirm(run, {
    what: run.say(
      `撤销 ${typeText(txn.type, 'zh')} ${stan} ${amount} 元 ${txn.card ?? ''}`,
      `Take back ${typeText(txn.type, 'en')} ${stan}, ${amount} yuan ${txn.card ?? ''}`,
    ),
    how: run.say('请输入流水号', 'Type its STAN'),
    word: stan,
  });
  const supervisor = await supervisorSecret(run, who.operator, file);
  const body = { ...who, ...(supervisor !== undefined && { supervisor }) };
  const raw = await run.client.post(`/transactions/${stan}/void`, body, run.step);
  const { outcome } = v.parse(voidResult, raw);
  await run.show(raw, () => outcomeText(outcome, run.language));
  return exits[outcome.kind];
}

const exits = {
  approved: exitStatus.ok,
  declined: exitStatus.declined,
  unknown: exitStatus.unknown,
  stopped: exitStatus.failed,
} as const satisfies Record<VoidOutcomeAnswer['kind'], ExitStatus>;

function outcomeText({ kind, code = '', why = '' }: VoidOutcomeAnswer, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  switch (kind) {
    case 'approved':
      return say('已撤销', 'Taken back');
    case 'declined':
      return say(`主机拒绝 (${code})，原交易不变`, `Declined (${code}); the payment stands`);
    case 'unknown':
      return say(
        `结果未知 (${why})，终端自动冲正，请勿重试，先看 pos txn list`,
        `Unknown (${why}); the terminal reverses by itself. Do not retry; look at pos txn list first`,
      );
    case 'stopped':
      return say(`未发送 (${why})，原交易不变`, `Nothing was sent (${why}); the payment stands`);
  }
}

/** `pos txn report STAN` (B-046). */
export async function reportTransaction(run: Run, typed: string, reason: string): Promise<ExitStatus> {
  const stan = stanOf(typed);
  const raw = await run.client.post(`/transactions/${stan}/report`, { ...(await credentials(run)), reason }, run.step);
  await run.show(raw, () => run.say(`已上报 ${stan}，上游将审核`, `${stan} was reported; upstream will review it`));
  return exitStatus.ok;
}
