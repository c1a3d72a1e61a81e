import type { User } from '../users/user.ts';

/** 站内信 (N-05 to N-10 and messages from upstream), for the roles that each is for. */
export interface NoticeDesk {
  /** The newest first. */
  list(by: User, limit: number): { readonly notices: readonly NoticeView[]; readonly unread: number };
  read(by: User, ids: readonly number[]): void;
}

export interface NoticeView {
  readonly id: number;
  /** N-05 …, or `message` from upstream. */
  readonly text: string;
  readonly zh: string;
  readonly en: string;
  readonly level: 'info' | 'warning';
  /** What it is about: a settlement, a difference, an export. */
  readonly about: string;
  readonly at: number;
  readonly read: boolean;
  /** What went out beside it. QUEUED → SENT | FAILED(n) → DEAD. */
  readonly sent: readonly {
    readonly channel: 'email' | 'sms';
    readonly state: 'QUEUED' | 'SENT' | 'FAILED' | 'DEAD';
    readonly attempts: number;
    readonly to: string | undefined;
    readonly reason: string | undefined;
  }[];
}
