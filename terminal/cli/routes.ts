import { type Context, Hono } from 'hono';
import type * as v from 'valibot';
import { present } from '../base/assert.ts';
import { TerminalError } from '../base/errors.ts';
import { type BugReport, checked, parsedJson, refusalOf, wholeText } from '../base/refuse.ts';
import type { Bench } from '../bench/bench.ts';
import { benchApi } from '../bench/bench-api.ts';
import type { BookCheck } from '../flows/check-book.ts';
import type { CommandDesk } from '../flows/command-desk.ts';
import type { Counter, CounterStatus, ReprintTarget, SettlementOffer } from '../flows/counter.ts';
import { addBackupRoutes, type BackUp } from './backup-routes.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addBookRoutes } from './book-routes.ts';
import { addConsoleRoutes } from './console-routes.ts';
import {
  actRequest,
  type BatchAnswer,
  type DoctorReport,
  keyParameter,
  type OfferAnswer,
  type StatusAnswer,
  settleRequest,
  stanParameter,
} from './contract.ts';
import { type Acting, addDeviceRoutes, type DeviceDesk } from './device-routes.ts';
import { addExportRoutes } from './export-routes.ts';
import { addGiveBackRoutes } from './give-back-routes.ts';
import { addInvoiceRoutes } from './invoice-routes.ts';
import { addSettlementRoutes, reader } from './settlement-routes.ts';
import { addStaffRoutes, type StaffReading } from './staff-routes.ts';
import { type Progress, streamed } from './stream.ts';
import { addTransactionRoutes } from './transaction-routes.ts';

export interface RouteParts extends BugReport {
  /** A fresh counter whose session is its own: a log-on here does not touch the cashier's. */
  readonly counter: () => Counter;
  /** As the cashier's screen has it. */
  readonly status: () => CounterStatus;
  /** Reading needs no operator; settling does. */
  readonly settlementOffer: () => SettlementOffer;
  readonly ledgerCheck: () => BookCheck | Promise<BookCheck>;
  readonly doctor: () => Promise<DoctorReport>;
  readonly devices: () => DeviceDesk;
  readonly backUp: BackUp;
  readonly staff: () => StaffReading;
  /** Loaded by the first call. */
  readonly desk: () => Promise<CommandDesk>;
  /** Of the operator console; undefined when it is not open. */
  readonly consoleUrl: () => string | undefined;
  /** The cashier's screen as data. */
  readonly screen: () => unknown;
  readonly settings: { readonly maxBodyBytes: number };
  /** Undefined when the terminal is not simulated. */
  readonly bench?: Bench | undefined;
}

/** Reading needs the permission of the socket only; whatever changes something brings operator and secret in its body, never in a URL. */
export function makeRoutes(parts: RouteParts): Hono {
  const app = new Hono().basePath('/v1');
  addReading(app, parts);
  addActing(app, parts);
  app.route('/sim', benchApi(parts.bench));
  app.notFound((c) => {
    throw new TerminalError('NOT_FOUND', { what: c.req.method, no: c.req.path });
  });
  app.onError((error, c) => {
    const { status, ...refusal } = refusalOf(error, `${c.req.method} ${c.req.path}`, parts);
    return c.json(errorLine(refusal), status);
  });
  return app;
}

const errorLine = ({ error }: Pick<ReturnType<typeof refusalOf>, 'error'>) => ({ kind: 'error', ...error });

function addReading(app: Hono, parts: RouteParts): void {
  app.get('/status', (c) => c.json(parts.status() satisfies StatusAnswer));
  app.get('/batch', (c) => c.json({ batch: parts.status().batch ?? null } satisfies BatchAnswer));
  app.get('/settlement-offer', async (c) => {
    const offer = parts.settlementOffer();
    const { expectedArrival } = (await parts.desk()).settlement.home(reader);
    return c.json({ ...offer, expectedArrival } satisfies OfferAnswer);
  });
  app.get('/ledger/check', async (c) => c.json(await parts.ledgerCheck()));
  app.get('/doctor', async (c) => c.json(await parts.doctor()));
  app.get('/screen', (c) => c.json({ screen: parts.screen() }));
}

function addActing(app: Hono, parts: RouteParts): void {
  const read = async <S extends v.GenericSchema>(c: Context, schema: S): Promise<v.InferOutput<S>> =>
    checked(schema, parsedJson(await wholeText(c.req.raw.body, parts.settings.maxBodyBytes)));

  const stream = (c: Context, work: (progress: Progress) => Promise<object>): Promise<Response> =>
    streamed(work, (error) => errorLine(refusalOf(error, `${c.req.method} ${c.req.path}`, parts)));

  /** Logs on with a counter of its own, works, logs off. `signal` is aborted when the caller leaves. */
  const act = (
    c: Context,
    who: { readonly operator: string; readonly secret: string },
    work: (counter: Counter, signal: AbortSignal, progress: Progress) => Promise<object>,
  ): Promise<Response> =>
    stream(c, async (progress) => {
      const counter = parts.counter();
      await counter.logOn(who.operator, who.secret);
      try {
        return await work(counter, c.req.raw.signal, progress);
      } finally {
        counter.logOff();
      }
    });

  const acting: Acting = {
    read,
    act,
    ask: (c, who, work) =>
      act(c, who, async (counter, signal, progress) => {
        const by = present(counter.status().operator, 'who logged on');
        return work({ desk: await parts.desk(), by, signal, progress });
      }),
    look: (c, work) => stream(c, (progress) => work(c.req.raw.signal, progress)),
  };
  addBatchRoutes(app, parts.counter, acting);
  addDeviceRoutes(app, parts.devices, acting);
  addTransactionRoutes(app, parts.counter, acting);
  addStaffRoutes(app, parts, acting);
  addBackupRoutes(app, parts.backUp, acting);
  addGiveBackRoutes(app, parts.counter, acting);
  addInvoiceRoutes(app, parts.counter, acting);
  addSettlementRoutes(app, parts, acting);
  addBookRoutes(app, parts, acting);
  addExportRoutes(app, parts.desk, acting);
  addConsoleRoutes(app, parts, acting);

  app.post('/batch/close', async (c) =>
    act(c, await read(c, actRequest), async (counter, signal, progress) => ({
      outcome: await counter.closeBatch(signal, progress),
    })),
  );

  app.get('/settlement-of-key/:key', (c) => {
    const { key } = checked(keyParameter, c.req.param());
    return c.json({ settlement: parts.counter().settlementByKey(key) ?? null });
  });
  app.post('/settle', async (c) => {
    const { idempotencyKey: key, amountFen, expectedAvailableFen: seenFen, ...who } = await read(c, settleRequest);
    return act(c, who, async (counter, signal, progress) => ({
      settlement: await counter.settleOnce({ key, amountFen, seenFen }, signal, progress),
      idempotencyKey: key,
    }));
  });

  const reprint = async (c: Context, what: ReprintTarget): Promise<Response> =>
    act(c, await read(c, actRequest), async (counter, signal) => {
      await counter.reprint(what, signal);
      return { reprinted: what };
    });
  app.post('/transactions/:stan/reprint', (c) =>
    reprint(c, { kind: 'stan', ...checked(stanParameter, c.req.param()) }),
  );
  app.post('/reprint/last', (c) => reprint(c, { kind: 'last' }));
  app.post('/reprint/batch-slip', (c) => reprint(c, { kind: 'batch-slip' }));
}
