/** What may stand in a log line, an error or an audit line. Objects may not: they could carry a card. */
export type SafeValue = string | number | boolean | null;

const maxLength = 300;
/**
 * 12 or more digits, in one piece or in groups, in any script and whatever stands around them: could hold a card number. Masked to first six,
 * last four. Times and order numbers are sometimes masked too: a log that says less is better than one that says a card. Numbers (not text)
 * in details are left alone.
 */
const panLike = /\p{Nd}(?:[ .·_-]?\p{Nd}){11,}/gu;
const track2Like = /;?\d{12,19}[=Dd]\d{4,}\??/g;

/** Anything that the rules below could touch; most values have nothing of it, and go through as they are. */
const suspicious = /[^ -~]|\d(?:[ ._-]?\d){11}/;

/** The only road by which values enter logs, errors and audit lines (design.md, rule 10): one line, bounded, nothing that looks like a card. */
export function safeText(value: string): string {
  if (value.length <= maxLength && !suspicious.test(value)) return value;
  const masked = value
    .replace(track2Like, '[track]')
    .replace(panLike, (digits) => {
      const bare = digits.normalize('NFKC').replace(/\D/g, '');
      return `${bare.slice(0, 6)}${'*'.repeat(bare.length - 10)}${bare.slice(-4)}`;
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a log
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
  return masked.length > maxLength ? `${masked.slice(0, maxLength)}…` : masked;
}

export function safeDetails(details: Readonly<Record<string, SafeValue>>): Readonly<Record<string, SafeValue>> {
  const safe: Record<string, SafeValue> = {};
  for (const [name, value] of Object.entries(details)) safe[name] = typeof value === 'string' ? safeText(value) : value;
  return safe;
}
