/** Who works at the keypad (faces.md): 00 主管, 99 系统管理员, 01–98 收银员. Named console users come with the console. */
export interface User {
  /** Two digits. */
  readonly no: string;
  readonly role: Role;
}

/** C cashier, MO supervisor (main account and settler at the keypad, cannot sell), A administrator (parameters only). */
export type Role = 'C' | 'MO' | 'A';

/** 00 主管: authorises what cashiers may not do alone, and manages them. */
export const supervisorNo = '00';

/** The number says the role. Undefined for what is no operator number. */
export function userOf(no: string): User | undefined {
  if (!/^\d\d$/.test(no)) return undefined;
  return { no, role: no === supervisorNo ? 'MO' : no === '99' ? 'A' : 'C' };
}

const secretForms: Readonly<Record<Role, RegExp>> = { MO: /^\d{6}$/, A: /^\d{8}$/, C: /^\d{4}$/ };

/** 00 has six digits, 99 eight, others four (faces.md). */
export const secretFits = (user: User, secret: string): boolean => secretForms[user.role].test(secret);
