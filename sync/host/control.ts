import { rmSync } from 'node:fs';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type * as v from 'valibot';
import type { TerminalRef } from './business.ts';
import { checkMirror } from './check-mirror.ts';
import { armFault, carryOut, command, faultOrder, type Outcome } from './commands.ts';
import { type LinkFaults, noLinkFaults } from './link-faults.ts';
import { closeServer, failed, type OrderTaker, refuse, takeOrder, terminalRef } from './orders.ts';
import { approvalsReport, hostState, mirrorReport } from './report.ts';
import { eventsReport } from './report-events.ts';
import { settlementReport } from './report-settlement.ts';
import type { HostTrx } from './store.ts';

export interface ControlOptions extends OrderTaker {
  /** Path of the unix socket; made with mode 0600. At most 100 bytes, the system allows no more. */
  readonly path: string;
  readonly linkFaults: LinkFaults;
}

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
    this.server = null;
    if (server) await closeServer(server);
  }

  private routes(): Hono {
    const { host, merchant } = this.options;
    const app = new Hono();
    app.get('/state', async (c) => {
      const state = await this.read((trx) => hostState(host, trx, merchant));
      return c.json({ ...state, linkFaults: this.options.linkFaults });
    });
    app.get('/settlement', async (c) => c.json(await this.read((trx) => settlementReport(trx, merchant))));
    app.get('/mirror', (c) => this.ofTerminal(c, c.req.query('terminal'), mirrorReport));
    app.get('/mirror-check', async (c) => {
      const of = terminalRef(this.options, c.req.query('terminal'));
      return of ? c.json(await checkMirror(host.store, of)) : refuse(c, 'NOT_FOUND');
    });
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
    app.onError(failed(host.log, 'host.control-failed'));
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
    const of = terminalRef(this.options, terminal);
    return of ? c.json(await this.read((trx) => report(trx, of))) : refuse(c, 'NOT_FOUND');
  }

  private async order<S extends v.GenericSchema<unknown, object>>(
    c: Context,
    schema: S,
    act: (trx: HostTrx, to: TerminalRef, order: v.InferOutput<S>) => Promise<Outcome>,
  ): Promise<Response> {
    const refused = await takeOrder(this.options, schema, await c.req.json().catch(() => null), act);
    return refused ? c.json(refused.body, refused.status) : c.json({ ok: true });
  }
}
