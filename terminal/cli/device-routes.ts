import type { Context, Hono } from 'hono';
import type * as v from 'valibot';
import { checked } from '../base/refuse.ts';
import type { DeviceView } from '../flows/attached-devices.ts';
import type { CommandDesk } from '../flows/command-desk.ts';
import type { Counter } from '../flows/counter.ts';
import type { DeviceTest, DeviceTestRequest } from '../flows/test-device.ts';
import type { User } from '../users/user.ts';
import { actRequest, deviceParameter, deviceTestRequest } from './contract.ts';
import type { Progress } from './stream.ts';

/** The devices of the running terminal. */
export interface DeviceDesk {
  list(): readonly DeviceView[];
  /** As `testDevice` in terminal/flows. */
  test(name: string, request: DeviceTestRequest): Promise<DeviceTest>;
}

type Work = (counter: Counter, signal: AbortSignal, progress: Progress) => Promise<object>;

/** What one asks who proved to be `by`. */
export interface Asking {
  readonly desk: CommandDesk;
  readonly by: User;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What the routes of `routes.ts` share. */
export interface Acting {
  read<S extends v.GenericSchema>(c: Context, schema: S): Promise<v.InferOutput<S>>;
  /** With an operator who was logged on for this alone. */
  act(c: Context, who: { readonly operator: string; readonly secret: string }, work: Work): Promise<Response>;
  /** The same, for what the desks of the console do. */
  ask(
    c: Context,
    who: { readonly operator: string; readonly secret: string },
    work: (asking: Asking) => object | Promise<object>,
  ): Promise<Response>;
  /** With nobody. */
  look(c: Context, work: (signal: AbortSignal, progress: Progress) => Promise<object>): Promise<Response>;
}

export function addDeviceRoutes(app: Hono, desk: () => DeviceDesk, { read, act, look }: Acting): void {
  app.get('/devices', (c) => c.json({ devices: desk().list() }));

  app.post('/devices/:name/test', async (c) => {
    const { name } = checked(deviceParameter, c.req.param());
    const body = await read(c, deviceTestRequest);
    const test = async (operator: User | undefined, signal: AbortSignal, progress: Progress) => ({
      test: await desk().test(name, { operator, signal, progress }),
    });
    return 'operator' in body
      ? act(c, body, (counter, signal, progress) => test(counter.status().operator, signal, progress))
      : look(c, (signal, progress) => test(undefined, signal, progress));
  });

  app.post('/drawer', async (c) =>
    act(c, await read(c, actRequest), async (counter) => {
      await counter.openDrawer();
      return { opened: true };
    }),
  );
}
