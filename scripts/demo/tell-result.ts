import { formatYuan } from '../../terminal/base/money.ts';
import type { Paint } from '../../terminal/cli/paint.ts';
import { stateText } from '../../terminal/cli/words.ts';
import type { AccountsEvent, ResultEvent } from './event.ts';
import { padded, rightAligned } from './slips.ts';
import { typeWords } from './type-words.ts';

/** The end of the demo for a person: the books, and what the day came to. */

export function accountsText({ rows, debitFen, creditFen }: AccountsEvent): string {
  const line = (name: string, debit: string, credit: string): string =>
    `   ${padded(name, 48)}${rightAligned(debit, 13)}${rightAligned(credit, 13)}`.trimEnd();
  return [
    line('试算平衡表 trial balance', '借 debit', '贷 credit'),
    ...rows.map(({ code, zh, en, side, balanceFen }) => {
      const yuan = formatYuan(balanceFen);
      return side === 'D' ? line(`${code} ${zh} ${en}`, yuan, '') : line(`${code} ${zh} ${en}`, '', yuan);
    }),
    line('合计 total', formatYuan(debitFen), formatYuan(creditFen)),
  ].join('\n');
}

export function resultText(result: ResultEvent, paint: Paint): string {
  const { sales, kinds, sums, batches, settlements, lost, doubled, seconds, problems, ok } = result;
  const row = (zh: string, en: string, values: readonly string[]): string =>
    `   ${padded(`${zh} ${en}`, 18)}${values.join(', ')}`;
  const verdictRows = batches.map(({ batch, verdict, resolved }) =>
    row('批次', 'batch', [
      `${batch} ${verdictText(verdict)}${verdict === 'not-balanced' && resolved ? ', 已解决 resolved' : ''}`,
    ]),
  );
  const settlementRows = settlements.map(({ state, amountFen, reason }) =>
    row('结算', 'settlement', [
      `${formatYuan(amountFen)} ${stateText(state, 'zh')} ${stateText(state, 'en')}`,
      ...(reason ? [reason] : []),
    ]),
  );
  return [
    '\n━━ 结果  Result',
    row('消费', 'sales', [
      `${sales.approved} 成功 approved`,
      `${sales.declined} 拒绝 declined`,
      `${sales.reversed} 冲正 reversed`,
    ]),
    ...Object.entries(kinds)
      .filter(([kind]) => kind !== 'sale')
      .map(([kind, count]) => `   ${padded(typeWords(kind), 40)}${rightAligned(String(count), 3)}`),
    row('金额', 'amounts', [
      `收 charged ${formatYuan(sums.chargedFen)}`,
      `退 given back ${formatYuan(sums.givenBackFen)}`,
    ]),
    row('手续费', 'fees', [formatYuan(sums.feesFen)]),
    ...verdictRows,
    ...settlementRows,
    row('核对', 'audit', [`丢失 lost ${lost}`, `重复 doubled ${doubled}`, `未决 undecided ${sales.undecided}`]),
    row('用时', 'time', [`${seconds} s`]),
    ...problems.map((problem) => `   ${paint.bad('✗')} ${problem}`),
    ok ? paint.good('   账平！Everything held.') : paint.bad('   未全部通过 Something did not hold.'),
    ...(ok ? [next] : []),
  ].join('\n');
}

const verdictText = (verdict: string): string =>
  verdict === 'balanced' ? '对账平 balanced' : verdict === 'not-balanced' ? '对账不平 not balanced' : verdict;

const next = `
下一步 next:
   npm start        自己收一笔 take a payment yourself
   npm run storm    断电演练 pull the plug while it works`;
