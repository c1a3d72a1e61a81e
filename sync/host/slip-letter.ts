import { type Language, type Values, valueNamed } from './notice-words.ts';

/** 结算单 as an e-mail (B-029, B-030): lines of text, and the same as a table of HTML. Amounts in yuan, the account masked. */

/** The lines of a slip, by the names of their values; a line without its value is left out. */
const lines: readonly (readonly [name: string, zh: string, en: string])[] = [
  ['statement', '结算单号', 'Slip no.'],
  ['settlement', '结算号', 'Settlement no.'],
  ['mode', '结算方式', 'Mode'],
  ['payments', '交易笔数', 'Payments'],
  ['amount', '结算金额(元)', 'Amount (yuan)'],
  ['serviceFee', '服务费(元)', 'Service fee (yuan)'],
  ['net', '到账金额(元)', 'Paid out (yuan)'],
  ['accountName', '户名', 'Account name'],
  ['account', '账号', 'Account no.'],
  ['bank', '开户行', 'Bank'],
  ['transferRef', '转账流水号', 'Transfer no.'],
  ['valueDate', '入账日', 'Value date'],
];

const titles = { zh: '结算单', en: 'Settlement slip' } as const;
const ends = {
  zh: '请核对每笔结算明细；如有异常，请立即在终端提出异议或联系客服。',
  en: 'Please check every line of the settlement; if anything is wrong, dispute it at the terminal or contact support at once.',
} as const;

const languages = ['zh', 'en'] as const;

function filled(values: Values, language: Language): readonly (readonly [label: string, value: string])[] {
  return lines.flatMap(([name, zh, en]) => {
    const value = valueNamed(values, name, language);
    return value === '' ? [] : [[language === 'zh' ? zh : en, value] as const];
  });
}

export function slipText(values: Values): string {
  const part = (language: Language) =>
    [
      titles[language],
      ...filled(values, language).map(([label, value]) => `${label}: ${value}`),
      '',
      ends[language],
    ].join('\n');
  return languages.map(part).join('\n\n');
}

export function slipHtml(values: Values): string {
  const part = (language: Language) =>
    `<h2>${titles[language]}</h2><table border="1" cellpadding="6" style="border-collapse:collapse">${filled(
      values,
      language,
    )
      .map(([label, value]) => `<tr><th align="left">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`)
      .join('')}</table><p>${ends[language]}</p>`;
  return `<!doctype html><html lang="zh"><meta charset="utf-8"><body>${languages.map(part).join('')}</body></html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
