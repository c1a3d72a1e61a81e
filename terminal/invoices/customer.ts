import { TerminalError } from '../base/errors.ts';
import type { Invoice } from './invoice.ts';

/** For whom an invoice is made out and where it is sent. */
export type Customer = Pick<Invoice, 'titleKind' | 'title' | 'taxNo' | 'address' | 'phone' | 'email'>;

/** As it was typed or scanned; empty is the same as left out. */
export interface CustomerTyped {
  readonly titleKind: 'personal' | 'company';
  readonly title: string;
  readonly taxNo?: string;
  readonly address?: string;
  readonly phone?: string;
  readonly email?: string;
}

const taxNoLengths: readonly number[] = [15, 18, 20];
/** Characters; 便捷开票二维码 has as many. */
const longest = { title: 100, address: 100, email: 100 } as const;

/**
 * What was typed, checked in the order of errors.md. A person needs no tax number, and none is kept. INVOICE_TITLE_REQUIRED, TAX_NO_INVALID, CONTACT_REQUIRED,
 * INVALID_CONTACT, BAD_REQUEST for what is too long. No refusal says what was typed: it is somebody's.
 */
export function customerOf(typed: CustomerTyped): Customer {
  const { titleKind } = typed;
  const [title, address, phone, email] = [typed.title, typed.address, typed.phone, typed.email].map(tidy);
  if (!title) throw new TerminalError('INVOICE_TITLE_REQUIRED');
  const taxNo = titleKind === 'company' ? taxNoOf(typed.taxNo) : null;
  if (!phone && !email) throw new TerminalError('CONTACT_REQUIRED');
  if (phone && !/^\+?\d(?:[ -]?\d){6,14}$/.test(phone))
    throw new TerminalError('INVALID_CONTACT', { what: 'phone', limit: '7-15' });
  if (email && (email.length > longest.email || !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)))
    throw new TerminalError('INVALID_CONTACT', { what: 'email', limit: `1-${longest.email}` });
  checkLength('title', title);
  checkLength('address', address);
  return { titleKind, title, taxNo, address: address ?? null, phone: phone ?? null, email: email ?? null };
}

/** 统一社会信用代码 18, older numbers 15 or 20; digits and capital letters. TAX_NO_INVALID. */
export function taxNoOf(typed: string | undefined): string {
  const taxNo = (tidy(typed) ?? '').replaceAll(' ', '').toUpperCase();
  if (!taxNoLengths.includes(taxNo.length) || !/^[0-9A-Z]+$/.test(taxNo))
    throw new TerminalError('TAX_NO_INVALID', { value: taxNo.length });
  return taxNo;
}

/** One line, without what could be a command to a printer; undefined when nothing is left. */
export function tidy(text: string | undefined): string | undefined {
  return text?.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim() || undefined;
}

function checkLength(what: 'title' | 'address', text: string | undefined): void {
  if (text !== undefined && text.length > longest[what])
    throw new TerminalError('BAD_REQUEST', { what: `${what}: ${text.length} > ${longest[what]}` });
}
