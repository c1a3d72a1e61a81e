import { createTransport } from 'nodemailer';
import type { Clock } from '../clock.ts';
import type { OutgoingTable } from './settlement-tables.ts';
import type { Written } from './write-letter.ts';

/** The ways out of the host: a mail server, and the web hook of an SMS provider. */

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** TLS from the first byte; else STARTTLS where the server offers it. */
  readonly secure?: boolean | undefined;
}

/** Takes JSON `{ to, text }` with a bearer token; any 2xx is taken for sent. */
export interface SmsConfig {
  readonly url: string;
  readonly token: string;
}

export type Channel = OutgoingTable['channel'];

/** One letter to one address. `id` is the same each time it is tried, so that whoever gets it twice can tell. Rejects with `NotSent`, at once when it is to stop. */
export type Outlet = (to: string, letter: Written, id: string, stopping: AbortSignal) => Promise<void>;

export type Outlets = Readonly<Partial<Record<Channel, Outlet>>>;

/** REFUSED by the server, or nobody answered in time. Carries nothing of what the other side said: that names addresses. */
export class NotSent extends Error {
  readonly reason: 'REFUSED' | 'UNREACHABLE';

  constructor(reason: NotSent['reason']) {
    super(reason);
    this.name = 'NotSent';
    this.reason = reason;
  }
}

const limitMs = 15_000;

export function mailOutlet({ user, password, from, ...server }: SmtpConfig): Outlet {
  const transport = createTransport({
    ...server,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (to, { subject, text, html }, id, signal) => {
    const messageId = `<${id}@zhangping>`;
    try {
      await transport.sendMail({ from, to, subject, text, messageId, signal, ...(html === undefined ? {} : { html }) });
    } catch (error) {
      const answered = error instanceof Error && 'responseCode' in error && error.responseCode !== undefined;
      throw new NotSent(answered ? 'REFUSED' : 'UNREACHABLE');
    }
  };
}

export function smsOutlet({ url, token }: SmsConfig, clock: Clock): Outlet {
  return async (to, { text }, id, stopping) => {
    const patience = new AbortController();
    const giveUp = () => patience.abort();
    const cancel = clock.after(limitMs, giveUp);
    stopping.addEventListener('abort', giveUp);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': id },
      body: JSON.stringify({ to, text }),
      redirect: 'error',
      signal: patience.signal,
    })
      .catch(() => null)
      .finally(() => {
        cancel();
        stopping.removeEventListener('abort', giveUp);
      });
    if (!response) throw new NotSent('UNREACHABLE');
    await response.body?.cancel();
    if (!response.ok) throw new NotSent('REFUSED');
  };
}
