import { TerminalError } from '../base/errors.ts';

/** A settlement account as somebody typed it (B-013). */
export interface Account {
  readonly name: string;
  readonly number: string;
  readonly id: string;
  readonly bank: string;
  readonly destination: 'bank' | 'payment';
}

/** Characters of a name, of a person, a merchant or a bank, at most. */
const longestName = 100;

/** What can be seen without asking: the rest, whose it is and whether the bank is known, upstream verifies. Returned without the spaces. ACCOUNT_INVALID, naming the field. */
export function checkAccount({ name, number, id, bank, destination }: Account): Account {
  const account: Account = {
    name: name.trim(),
    number: number.replace(/[\s-]/g, ''),
    id: id.trim().toUpperCase(),
    bank: bank.trim(),
    destination,
  };
  const wrong = (what: 'number' | 'id'): never => {
    throw new TerminalError('ACCOUNT_INVALID', { what });
  };
  requireName('name', account.name);
  if (!numberFits(account)) wrong('number');
  if (!/^[0-9A-Z]{15,20}$/.test(account.id)) wrong('id');
  requireName('bank', account.bank);
  return account;
}

function requireName(what: 'name' | 'bank', value: string): void {
  if (value === '') throw new TerminalError('ACCOUNT_INVALID', { what });
  if (value.length > longestName) throw new TerminalError('ACCOUNT_INVALID', { what, limit: longestName });
}

function numberFits({ number, destination }: Account): boolean {
  if (destination === 'payment') return /^[\w.@+-]{4,64}$/.test(number);
  return /^\d{8,32}$/.test(number) && (!/^\d{16,19}$/.test(number) || passesLuhn(number));
}

/** The check digit of card numbers (ISO/IEC 7812-1). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Only its last four, as the host has it too. */
export const maskedNumber = (number: string): string => '*'.repeat(Math.max(0, number.length - 4)) + number.slice(-4);
