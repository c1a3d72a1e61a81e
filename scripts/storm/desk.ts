import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { socketIn } from '../../terminal/cli/contract.ts';
import { callSocket } from '../stage/socket.ts';

const notReady = ['OFFLINE', 'SIGN_IN_REQUIRED', 'BATCH_CLOSING', 'REVERSAL_PENDING', 'UPSTREAM_UNKNOWN'];

/** What somebody asks of the terminal over its socket, as `pos` does: voids, refunds, reports, invoices. Reads the book to know of what. */
export class Desk {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  /** The newest sale that stands. */
  void(): Promise<boolean> {
    const sale = this.#newest("txn = 'sale' AND state = 'PAID'");
    return sale ? this.#ask(`/v1/transactions/${sale.stan}/void`, { supervisor: '123456' }) : Promise.resolve(true);
  }

  /** A third of the newest payment that stands. With its key it may be asked for again. */
  refund(key: string): Promise<boolean> {
    const known = this.#read<{ payment: string; amountFen: number }>(
      'SELECT payment, amount_fen AS amountFen FROM refund WHERE idempotency_key = ?',
      key,
    );
    const paid = this.#newest("txn IN ('sale', 'code-sale') AND state IN ('PAID', 'CLEARED')");
    const of = known ?? (paid && { payment: paid.no, amountFen: Math.ceil(paid.amountFen / 3) });
    if (!of) return Promise.resolve(true);
    return this.#ask('/v1/refunds', { ...of, supervisor: '123456', idempotencyKey: key });
  }

  report(): Promise<boolean> {
    const sale = this.#newest("txn = 'sale' AND state IN ('PAID', 'CLEARED')");
    return sale ? this.#ask(`/v1/transactions/${sale.stan}/report`, { reason: 'SUSPICIOUS' }) : Promise.resolve(true);
  }

  invoice(key: string): Promise<boolean> {
    const sale = this.#newest("txn = 'sale' AND state IN ('PAID', 'CLEARED')");
    const customer = { titleKind: 'personal', title: '张三', phone: '13800138000', idempotencyKey: key };
    return sale ? this.#ask('/v1/invoices', { stan: sale.stan, ...customer }) : Promise.resolve(true);
  }

  /** False: the terminal was not ready, it is to be asked again. Any other refusal is an answer. Throws when nobody is there any more. */
  async #ask(path: string, body: object): Promise<boolean> {
    const { text } = await callSocket(socketIn(this.#home), 'POST', path, {
      operator: '01',
      secret: '0000',
      ...body,
    });
    const end: unknown = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '{}');
    const code = typeof end === 'object' && end && 'code' in end ? String(end.code) : undefined;
    return code === undefined || !notReady.includes(code);
  }

  #newest(condition: string): { readonly no: string; readonly stan: string; readonly amountFen: number } | undefined {
    return this.#read(
      `SELECT no, stan, amount_fen AS amountFen FROM payment WHERE ${condition} ORDER BY id DESC LIMIT 1`,
    );
  }

  #read<T>(sql: string, ...values: readonly string[]): T | undefined {
    const db = new Sqlite(join(this.#home, 'terminal.db'), { readonly: true });
    try {
      return db.prepare<unknown[], T>(sql).get(...values);
    } finally {
      db.close();
    }
  }
}
