import { typeText } from '../../terminal/cli/words.ts';

/** Beside the terminal's own types of transactions. */
const more: Readonly<Record<string, string>> = { invoice: '发票 invoice', 'red-invoice': '红字发票 red invoice' };

export const typeWords = (type: string): string => more[type] ?? `${typeText(type, 'zh')} ${typeText(type, 'en')}`;
