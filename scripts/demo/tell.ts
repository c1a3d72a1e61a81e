import { cellsOf } from '../../drivers/printer/text.ts';
import { formatYuan } from '../../terminal/base/money.ts';
import { makePaint, type Paint } from '../../terminal/cli/paint.ts';
import { counted, stateText } from '../../terminal/cli/words.ts';
import type {
  BillEvent,
  CloseEvent,
  DemoEvent,
  DoneEvent,
  LedgerEvent,
  SaleEvent,
  SettleEvent,
  StatementEvent,
  TransactionEvent,
} from './event.ts';
import { padded, rightAligned, slipsText } from './slips.ts';
import { accountsText, resultText } from './tell-result.ts';
import { typeWords } from './type-words.ts';

export interface Look {
  /** Half-width cells of a line. */
  readonly columns: number;
  readonly coloured: boolean;
}

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
    case 'transaction':
      return transactionText(event, paint);
    case 'done':
      return doneText(event, columns, paint);
    case 'slips':
      return paperText(event.slips, columns);
    case 'close':
      return closeText(event, columns, paint);
    case 'settle':
      return settleText(event, paint);
    case 'statement':
      return statementText(event, columns, paint);
    case 'bill':
      return billText(event, columns, paint);
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

function statementText(statement: StatementEvent, columns: number, paint: Paint): string {
  const { no, lines } = statement;
  const [opening, into, out, closing] = [
    statement.openingFen,
    statement.inFen,
    statement.outFen,
    statement.closingFen,
  ].map(formatYuan);
  const sum = `${opening} + ${into} - ${out} = ${closing}`;
  return twice(
    ` ${paint.good('✓')} `,
    `对账单 ${no} ${lines}行: ${sum}`,
    `statement of ${counted(lines, 'line')}`,
    columns,
  );
}

function billText({ date, state, rows, matched, differences }: BillEvent, columns: number, paint: Paint): string {
  const good = state === 'BALANCED';
  const zh = `${date} 账单${rows}行, 相符${matched}, 差异${differences}: ${stateText(state, 'zh')}`;
  const en = `bill of ${rows} lines, ${matched} agree, ${differences} differ: ${stateText(state, 'en')}`;
  return twice(` ${good ? paint.good('✓') : paint.bad('≠')} `, zh, en, columns);
}

function ledgerText({ ok, journals, ledgerSumFen }: LedgerEvent, columns: number, paint: Paint): string {
  const sum = formatYuan(ledgerSumFen);
  const zh = `${ok ? '账平' : '账不平'}: ${journals} 笔凭证，借贷差 ${sum} 元`;
  const en = `${journals} journals, debits less credits ${sum}`;
  return twice(` ${ok ? paint.good('✓') : paint.bad('✗')} `, zh, en, columns);
}

const doneText = ({ ok, zh, en }: DoneEvent, columns: number, paint: Paint): string =>
  twice(` ${ok ? paint.good('✓') : paint.bad('✗')} `, zh, en, columns);

const entries: Readonly<Record<string, string>> = {
  CONTACTLESS: '挥卡 tap   ',
  MAG: '刷卡 swipe ',
  CHIP: '插卡 insert',
};

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

const ends: Readonly<Record<string, string>> = {
  approved: '成功 approved',
  stored: '已受理，待上送 taken, to be told',
  closed: '已关闭 closed',
};

function transactionText({ type, stan, amountFen, end, state }: TransactionEvent, paint: Paint): string {
  const good = Object.hasOwn(ends, end);
  const words = ends[end] ?? `${stateText(state, 'zh')} ${stateText(state, 'en')}`;
  return ` ${good ? paint.good('✓') : paint.bad('✗')} ${stan} ${padded(typeWords(type), 38)}${rightAligned(formatYuan(amountFen), 10)} ${words}`;
}

function settleText({ no, amountFen, account, state, reason }: SettleEvent, paint: Paint): string {
  if (state === 'REFUSED') return ` ${paint.bad('✗')} 资金结算: 拒绝受理 settlement refused (${reason ?? ''})`;
  const good = state === 'SUCCESS';
  const words = `${stateText(state, 'zh')} ${stateText(state, 'en')}${reason ? ` (${reason})` : ''}`;
  return ` ${good ? paint.good('✓') : paint.bad('✗')} 资金结算 settlement ${no}\n   ${formatYuan(amountFen)} → ${account}  ${good ? paint.good(words) : paint.bad(words)}`;
}

/** One of each kind of slip; more would only be scrolled over. */
function paperText(slips: readonly (readonly string[])[], columns: number): string {
  const shown = [...new Map(slips.toReversed().map((slip) => [kindOf(slip), slip])).values()].toReversed();
  const left = slips.length - shown.length;
  return `${slipsText(shown, columns)}${left > 0 ? `\n   另有同类单据 ${left} 张 (more like these: ${left})` : ''}`;
}

/** Copies are the same but for the signature. */
const kindOf = (slip: readonly string[]): string =>
  slip
    .filter((line, row) => row === 0 || /TXN TYPE|DUPLICATED/.test(line))
    .map((line) => line.trim())
    .join();
