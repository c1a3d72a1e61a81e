import { rmSync } from 'node:fs';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import type { TerminalRef } from './business.ts';
import { armFault, carryOut, command, faultOrder, type Outcome } from './commands.ts';
import type { Host } from './host.ts';
import { type LinkFaults, noLinkFaults } from './link-faults.ts';
import { approvalsReport, hostState, mirrorReport } from './report.ts';
import { eventsReport } from './report-events.ts';
import type { HostTrx } from './store.ts';

export interface ControlOptions {
  readonly host: Host;
  /** Path of the unix socket; made with mode 0600. At most 100 bytes, the system allows no more. */
  readonly path: string;
  /** The merchant that is steered, and its terminals. */
  readonly merchant: string;
  readonly terminals: readonly string[];
  readonly linkFaults: LinkFaults;
  /** Settlements may be due now. */
  readonly decided: () => void;
}

const refusals = {
  INVALID: [400, '内容不合规', 'the body is not what this path takes'],
  INVALID_PARAMETER: [400, '参数名或参数值不合规', 'no such parameter, or not a value of it'],
  NOT_FOUND: [404, '没有找到', 'not found'],
  ILLEGAL_STATE: [409, '当前状态不允许', 'not in this state'],
} as const;

/** The host's own socket for testers and auditors: HTTP, JSON in and out. Whoever may open the socket may do everything. */
export class ControlSocket {
  private readonly options: ControlOptions;
  readonly path: string;
  private server: ServerType | null = null;

  constructor(options: ControlOptions) {
    this.options = options;
    this.path = options.path;
  }

  /** Rejects when the path cannot be listened on. */
  async start(): Promise<void> {
    const { path } = this;
    if (Buffer.byteLength(path) > 100) throw new Error(`control socket: path is too long for the system: ${path}`);
    rmSync(path, { force: true });
    const server = createAdaptorServer({ fetch: this.routes().fetch });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', resolve);
      // The socket is made within the call: nothing else sees this mask.
      const umask = process.umask(0o177);
      server.listen(path);
      process.umask(umask);
    });
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  }

  private routes(): Hono {
    const { host, merchant } = this.options;
    const app = new Hono();
    app.get('/state', async (c) => {
      const state = await this.read((trx) => hostState(host, trx, merchant));
      return c.json({ ...state, linkFaults: this.options.linkFaults });
    });
    app.get('/mirror', (c) => this.ofTerminal(c, c.req.query('terminal'), mirrorReport));
    app.get('/approvals', (c) => this.ofTerminal(c, c.req.query('terminal'), approvalsReport));
    app.get('/events', (c) => this.ofTerminal(c, c.req.query('terminal'), eventsReport));
    app.post('/command', (c) => this.order(c, command, (trx, to, order) => carryOut(host, trx, to, order)));
    app.post('/fault', (c) =>
      this.order(c, faultOrder, (trx, to, order) => armFault(host, trx, to, order, this.options.linkFaults)),
    );
    app.post('/reset', (c) => {
      host.faults.reset();
      Object.assign(this.options.linkFaults, noLinkFaults());
      return c.json({ ok: true });
    });
    app.notFound((c) => refuse(c, 'NOT_FOUND'));
    app.onError((error, c) => {
      host.log('error', 'host.control-failed', { path: c.req.path, why: error.message });
      return c.json({ error: 'INTERNAL', zh: '系统故障', en: 'internal error' }, 500);
    });
    return app;
  }

  private read<T>(report: (trx: HostTrx) => Promise<T>): Promise<T> {
    return this.options.host.store.transaction().execute(report);
  }

  private async ofTerminal(
    c: Context,
    terminal: string | undefined,
    report: (trx: HostTrx, of: TerminalRef) => Promise<object>,
  ): Promise<Response> {
    const of = this.terminalRef(terminal);
    return of ? c.json(await this.read((trx) => report(trx, of))) : refuse(c, 'NOT_FOUND');
  }

  /** Checks the body and does what it says in one transaction; then the link and the due work are told. */
  private async order<S extends v.GenericSchema<unknown, object>>(
    c: Context,
    schema: S,
    act: (trx: HostTrx, to: TerminalRef, order: v.InferOutput<S>) => Promise<Outcome>,
  ): Promise<Response> {
    const parsed = v.safeParse(schema, await c.req.json().catch(() => null));
    if (!parsed.success) return refuse(c, 'INVALID', v.getDotPath(parsed.issues[0]) ?? undefined);
    const order = parsed.output;
    const to = this.terminalRef('terminal' in order && typeof order.terminal === 'string' ? order.terminal : undefined);
    if (!to) return refuse(c, 'NOT_FOUND');
    const outcome = await this.options.host.store.transaction().execute((trx) => act(trx, to, order));
    if (outcome !== 'done') return refuse(c, outcome);
    for (const terminal of this.options.terminals) this.options.host.wake({ merchant: to.merchant, terminal });
    this.options.decided();
    return c.json({ ok: true });
  }

  /** The terminal named, or the first one. */
  private terminalRef(terminal: string | undefined): TerminalRef | null {
    const { merchant, terminals } = this.options;
    const chosen = terminal ?? terminals[0];
    return chosen !== undefined && terminals.includes(chosen) ? { merchant, terminal: chosen } : null;
  }
}

function refuse(c: Context, error: keyof typeof refusals, field?: string): Response {
  const [status, zh, en] = refusals[error];
  return c.json({ error, zh, en, ...(field === undefined ? {} : { field }) }, status);
}
