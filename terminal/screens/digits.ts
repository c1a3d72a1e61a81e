import type { Key } from '../../drivers/devices.ts';

/** `full`: the key would make the number too long; `other`: not a key that edits. */
export type Edited = { readonly digits: string } | 'full' | 'other';

/** Types a digit or two zeros, or takes the last digit away. */
export function editDigits(digits: string, key: Key, most: number): Edited {
  if (key === 'clear') return { digits: digits.slice(0, -1) };
  const typed = key === 'doubleZero' ? '00' : key;
  if (!/^\d+$/.test(typed)) return 'other';
  return digits.length + typed.length > most ? 'full' : { digits: digits + typed };
}

export const amountDigits = 9; // 9,999,999.99 yuan

/** As `editDigits`, without zeros at the front. The point means nothing: the last two digits are fen. */
export function editAmount(digits: string, key: Key): Edited {
  if (key === 'dot') return { digits };
  const edited = editDigits(digits, key, amountDigits);
  return typeof edited === 'string' ? edited : { digits: edited.digits.replace(/^0+/, '') };
}
