import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type * as v from 'valibot';
import { errorTable } from '../base/error-table.ts';
import { errorBody, type Language, TerminalError } from '../base/errors.ts';
import { checked, parsedJson, wholeText } from '../base/refuse.ts';
import type { Bench } from './bench.ts';
import {
  cardRequest,
  clockRequest,
  codeRequest,
  deviceRequest,
  type events,
  faultRequest,
  keyRequest,
  linkRequest,
  nothing,
  pinRequest,
  plugRequest,
  recordRequest,
  wireQuery,
} from './contract.ts';

const longestBody = 16_384;

/** The contract over HTTP, to be mounted under `/sim`. Without a bench everything is refused: the terminal is not simulated. */
export function benchApi(bench: Bench | undefined): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    if (!(error instanceof TerminalError)) throw error;
    return c.json({ kind: 'error', ...errorBody(error) }, errorTable[error.code].status);
  });
  if (bench) {
    addReading(app, bench);
    addActing(app, bench);
  }
  app.all('*', (c) => {
    if (!bench) throw new TerminalError('NOT_SIMULATED');
    throw new TerminalError('NOT_FOUND', { what: c.req.method, no: c.req.path });
  });
  return app;
}

function addReading(app: Hono, bench: Bench): void {
  app.get('/state', async (c) => c.json(await bench.state()));
  app.get('/screen', (c) => c.json(bench.screen(languageOf(c.req.query('lang')))));
  app.get('/slips', (c) => c.json({ slips: bench.slips() }));
  app.get('/paper', (c) => c.json(bench.paper()));
  app.get('/display', (c) => c.json(bench.display()));
  app.get('/ledger', (c) => c.json(bench.ledger()));
  app.get('/wire', (c) => {
    const { device, last, after } = checked(wireQuery, c.req.query());
    return c.json({ events: bench.wire(device, last, after) });
  });
  app.get('/recording', (c) => c.json({ lines: bench.recording() }));
  app.get('/events', (c) => {
    const language = languageOf(c.req.query('lang'));
    return streamSSE(c, (stream) => {
      const send = (event: keyof typeof events, data: unknown): void => {
        // Whoever went away is noticed by onAbort; nothing waits for it here.
        stream.writeSSE({ event, data: JSON.stringify(data) }).catch(() => stream.abort());
      };
      return new Promise<void>((resolve) => {
        const stop = bench.follow(send, language, () => resolve());
        stream.onAbort(() => {
          stop();
          resolve();
        });
      });
    });
  });
}

function addActing(app: Hono, bench: Bench): void {
  const post = <S extends v.GenericSchema>(path: string, schema: S, act: (body: v.InferOutput<S>) => unknown): void => {
    app.post(path, async (c) => {
      const more = await act(await bodyOf(c, schema));
      return c.json({ kind: 'result', ...(typeof more === 'object' ? more : {}) });
    });
  };
  post('/key', keyRequest, ({ key }) => bench.key(key));
  post('/card', cardRequest, ({ name, by }) => bench.card(name, by));
  post('/card/remove', nothing, () => bench.removeCard());
  post('/pin', pinRequest, (body) => bench.pin('digits' in body ? body.digits : 'cancel'));
  post('/code', codeRequest, (body) => bench.code(body));
  post('/fault', faultRequest, (body) => bench.fault(body));
  post('/mend', deviceRequest, ({ device }) => bench.mend(device));
  post('/unplug', deviceRequest, ({ device }) => bench.unplug(device));
  post('/plug', plugRequest, ({ device, elsewhere }) => bench.plug(device, elsewhere));
  post('/link', linkRequest, (body) => bench.link(body));
  post('/reset', nothing, () => bench.reset());
  post('/clock', clockRequest, ({ advanceMs }) => bench.turnClock(advanceMs));
  post('/record', recordRequest, (body) => bench.record(body));
}

const languageOf = (text: string | undefined): Language | undefined =>
  text === 'zh' || text === 'en' ? text : undefined;

const bodyOf = async <S extends v.GenericSchema>(c: Context, schema: S): Promise<v.InferOutput<S>> =>
  checked(schema, parsedJson(await wholeText(c.req.raw.body, longestBody)));
