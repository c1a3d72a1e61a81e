import { cellsOf } from '../../drivers/printer/text.ts';
import { formatYuan } from '../../terminal/base/money.ts';
import { makePaint } from '../../terminal/cli/paint.ts';
import { stateText } from '../../terminal/cli/words.ts';
import type {
  AccountsEvent,
  CloseEvent,
  DemoEvent,
  LedgerEvent,
  ResultEvent,
  SaleEvent,
  SettleEvent,
} from './event.ts';
import { padded, rightAligned, slipsText } from './slips.ts';

export interface Look {
  /** Half-width cells of a line. */
  readonly columns: number;
  readonly coloured: boolean;
}

type Paint = ReturnType<typeof makePaint>;

export const opening = `账平 zhangping: 演示营业日 a business day
终端、主机、MQTT代理各为一个真实进程；读卡器、打印机、键盘为说同样字节的模拟器。
Terminal, host and MQTT broker are real processes; card reader, printer and
keypad are simulators that speak the same bytes.`;

/** An event in words for a person, Chinese first. */
export function textOf(event: DemoEvent, { columns, coloured }: Look): string {
  const paint = makePaint(coloured);
  switch (event.kind) {
    case 'chapter':
      return `\n${twice('━━ ', event.zh, event.en, columns)}`;
    case 'note':
      return twice(' · ', event.zh, event.en, columns);
    case 'sale':
      return saleText(event, paint);
    case 'slips':
      return paperText(event.slips, columns);
    case 'close':
      return closeText(event, columns, paint);
    case 'settle':
      return settleText(event, paint);
    case 'ledger':
      return ledgerText(event, columns, paint);
    case 'accounts':
      return accountsText(event);
    case 'audit':
      return event.problems.length === 0
        ? twice(` ${paint.good('✓')} `, '终端与主机两本账逐笔相符', 'both books agree, charge by charge', columns)
        : event.problems.map((problem) => ` ${paint.bad('✗')} ${problem}`).join('\n');
    case 'result':
      return resultText(event, paint);
  }
}

/** Chinese, then English: on one line where it fits. */
function twice(mark: string, zh: string, en: string, columns: number): string {
  return markCells + cellsOf(zh) + 2 + en.length <= columns
    ? `${mark}${zh}  ${en}`
    : `${mark}${zh}\n${' '.repeat(markCells)}${en}`;
}
const markCells = 3;

function closeText({ batch, verdict }: CloseEvent, columns: number, paint: Paint): string {
  const good = verdict === 'balanced';
  const zh = good ? '对账平' : '对账不平，逐笔上送后主机已补记';
  const en = good ? 'closed, balanced' : 'closed, not balanced; all records uploaded, booked by the host';
  return twice(` ${good ? paint.good('✓') : paint.bad('≠')} `, `批次 ${batch} ${zh}`, `batch ${batch} ${en}`, columns);
}

function ledgerText({ ok, journals, ledgerSumFen }: LedgerEvent, columns: number, paint: Paint): string {
  const sum = formatYuan(ledgerSumFen);
  const zh = `${ok ? '账平' : '账不平'}: ${journals} 笔凭证，借贷差 ${sum} 元`;
  const en = `${journals} journals, debits less credits ${sum}`;
  return twice(` ${ok ? paint.good('✓') : paint.bad('✗')} `, zh, en, columns);
}

const entries: Readonly<Record<string, string>> = { CONTACTLESS: '挥卡 tap  ', MAG: '刷卡 swipe' };

function saleText(sale: SaleEvent, paint: Paint): string {
  const facts = [
    sale.stan,
    entries[sale.entry] ?? sale.entry,
    rightAligned(formatYuan(sale.amountFen), 10),
    padded(sale.card, 19),
  ].join(' ');
  switch (sale.end) {
    case 'approved':
      return ` ${paint.good('✓')} ${facts} 成功 approved  费 ${formatYuan(sale.feeFen)}`;
    case 'declined':
      return ` ${paint.bad('✗')} ${facts} 拒绝 declined (${sale.code ?? '--'})`;
    case 'unknown':
      return ` ${paint.good('↺')} ${facts} 未知→${stateText(sale.state, 'zh')} ${stateText(sale.state, 'en')}`;
    default:
      return ` ${paint.bad('✗')} ${facts} 未受理 refused`;
  }
}

function settleText({ no, amountFen, account, state, reason }: SettleEvent, paint: Paint): string {
  if (state === 'REFUSED') return ` ${paint.bad('✗')} 资金结算: 拒绝受理 settlement refused (${reason ?? ''})`;
  const good = state === 'SUCCESS';
  const words = `${stateText(state, 'zh')} ${stateText(state, 'en')}${reason ? ` (${reason})` : ''}`;
  return ` ${good ? paint.good('✓') : paint.bad('✗')} 资金结算 settlement ${no}\n   ${formatYuan(amountFen)} → ${account}  ${good ? paint.good(words) : paint.bad(words)}`;
}

const isCardholderCopy = (slip: readonly string[]): boolean => slip.some((line) => line.includes('CARDHOLDER COPY'));

/** Cardholder copies are the same but for the signature: counted, not shown. */
function paperText(slips: readonly (readonly string[])[], columns: number): string {
  const shown = slips.filter((slip) => !isCardholderCopy(slip));
  const left = slips.length - shown.length;
  return `${slipsText(shown, columns)}${left > 0 ? `\n   另有持卡人存根 ${left} 张 (cardholder copies: ${left})` : ''}`;
}

function accountsText({ rows, debitFen, creditFen }: AccountsEvent): string {
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

function resultText(result: ResultEvent, paint: Paint): string {
  const { sales, sums, batches, settlements, lost, doubled, seconds, problems, ok } = result;
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
    row('金额', 'amounts', [`交易 sales ${formatYuan(sums.salesFen)}`, `手续费 fees ${formatYuan(sums.feesFen)}`]),
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
