/** Who works at the keypad (faces.md): 00 主管, 99 系统管理员, 01–98 收银员; or a named user of the console. */
export interface User {
  /** Two digits, or the log-in name of a user of the console. */
  readonly no: string;
  readonly role: Role;
}

/** C cashier, MO main account and settler in one (00 at the keypad, cannot sell), A administrator (parameters only). At the console: M main account, O settler, MO both, S customer service. */
export type Role = KeypadRole | ConsoleRole;
export type KeypadRole = 'C' | 'MO' | 'A';
export type ConsoleRole = 'M' | 'O' | 'MO' | 'S';

/** An operator at the keypad. */
export interface KeypadUser extends User {
  readonly role: KeypadRole;
}

/** 00 主管: authorises what cashiers may not do alone, and manages them. */
export const supervisorNo = '00';

/** The number says the role. Undefined for what is no operator number. */
export function userOf(no: string): KeypadUser | undefined {
  if (!/^\d\d$/.test(no)) return undefined;
  return { no, role: no === supervisorNo ? 'MO' : no === '99' ? 'A' : 'C' };
}

const secretForms: Readonly<Record<KeypadRole, RegExp>> = { MO: /^\d{6}$/, A: /^\d{8}$/, C: /^\d{4}$/ };

/** 00 has six digits, 99 eight, others four (faces.md). */
export const secretFits = (user: KeypadUser, secret: string): boolean => secretForms[user.role].test(secret);

/** A named user of the console, as upstream decided. */
export interface ConsoleUser {
  readonly login: string;
  readonly name: string;
  readonly role: ConsoleRole;
  readonly state: 'ACTIVE' | 'REMOVED';
}

/** Who acts, by the log-in name. */
export const actorOf = ({ login, role }: ConsoleUser): User => ({ no: login, role });

/** At the console a secret is a password: 8 to 128 characters, not the log-in name. */
export const passwordFits = (login: string, password: string): boolean =>
  password.length >= 8 && password.length <= 128 && password.toLowerCase() !== login;
