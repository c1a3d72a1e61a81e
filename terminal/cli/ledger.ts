import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { type LedgerAnswer, ledgerAnswer } from './contract.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { readBook } from './stopped-book.ts';
import { counted } from './words.ts';

/** `pos ledger check`: asks the running terminal, or reads the database of a stopped one. */
export async function checkLedgerNow(run: Run, file: string | undefined): Promise<ExitStatus> {
  const raw = file === undefined ? await run.client.get('/ledger/check') : await checkFile(file);
  const check = v.parse(ledgerAnswer, raw);
  await run.show(raw, () => ledgerText(check, run.language));
  return check.ok ? exitStatus.ok : exitStatus.failed;
}

export function ledgerText(check: LedgerAnswer, language: Language): string {
  const { ok, journals, ledgerSumFen, problems } = check;
  const sum = formatYuan(ledgerSumFen);
  const head =
    language === 'zh'
      ? `${ok ? '账平' : '账不平'}: ${journals} 笔凭证，借贷差 ${sum} 元`
      : `${ok ? 'The ledger balances' : 'The ledger does not balance'}: ${counted(journals, 'journal')}, difference ${sum} yuan`;
  const found = problems.map(
    (one) =>
      `${one.rule} ${one.about}: ${one.what} ${formatYuan(one.foundFen)} (${language === 'zh' ? '应为' : 'expected'} ${formatYuan(one.expectedFen)})`,
  );
  return [head, ...found].join('\n');
}

async function checkFile(file: string): Promise<unknown> {
  const { checkBook } = await import('../flows/check-book.ts');
  return readBook(file, checkBook);
}
