import * as v from 'valibot';
import { isNoticeText, type Values, wordsOf } from './notice-words.ts';
import type { OutgoingTable } from './settlement-tables.ts';
import { slipHtml, slipText } from './slip-letter.ts';

/** What is written in a letter: Chinese first, then English. */
export interface Written {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

const values = v.record(v.string(), v.string());

/** Undefined: a text that has no words here. */
export function writeLetter(
  letter: Pick<OutgoingTable, 'kind' | 'channel' | 'text' | 'facts_json'>,
): Written | undefined {
  const { text: id } = letter;
  if (!isNoticeText(id)) return undefined;
  const facts = inYuan(v.parse(values, JSON.parse(letter.facts_json)));
  const [zh, en] = [wordsOf(id, facts, 'zh'), wordsOf(id, facts, 'en')];
  if (letter.channel === 'sms') return { subject: '', text: `【账平】${zh.body} / ${en.body}` };
  const subject = `【账平】${zh.subject} / ${en.subject}`;
  if (letter.kind === 'statement') return { subject, text: slipText(facts), html: slipHtml(facts) };
  return { subject, text: `${zh.body}\n\n${en.body}\n` };
}

/** `amountFen` of `123456` is also `amount` of `1234.56`: people read yuan. */
function inYuan(facts: Values): Values {
  const amounts = Object.entries(facts).flatMap(([name, fen]) =>
    name.endsWith('Fen') && /^-?\d+$/.test(fen) ? [[name.slice(0, -'Fen'.length), yuan(Number(fen))] as const] : [],
  );
  return { ...facts, ...Object.fromEntries(amounts) };
}

/** Fen as yuan with two decimals. */
function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
