import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { checked } from '../base/refuse.ts';
import type { CommandDesk } from '../flows/command-desk.ts';
import type { ExportView } from '../flows/export-desk.ts';
import type { User } from '../users/user.ts';
import { exportRequest } from './book-contract.ts';
import { actRequest, listQuery, numberParameter } from './contract.ts';
import type { Acting } from './device-routes.ts';
import { reader } from './settlement-routes.ts';

/** 下载中心. Whoever may speak to the socket is the user whose files these are, so a file is named, not sent. */
export function addExportRoutes(app: Hono, desk: () => Promise<CommandDesk>, { read, ask }: Acting): void {
  app.get('/exports', async (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json({ exports: (await desk()).exports.list(reader, limit) });
  });
  app.post('/exports', async (c) => {
    const { operator, secret, idempotencyKey: key, ...wanted } = await read(c, exportRequest);
    return ask(c, { operator, secret }, async ({ desk: own, by, signal, progress }) => {
      const made = await own.made(by, own.exports.begin(by, wanted, key), signal, progress);
      return withFile(own, by, made);
    });
  });
  app.post('/exports/:no/fetch', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return ask(c, await read(c, actRequest), ({ desk: own, by }) => {
      const file = resolve(own.exports.open(by, no).file);
      return { export: own.exports.byNo(by, no), file };
    });
  });
}

const withFile = ({ exports }: CommandDesk, by: User, made: ExportView) => ({
  export: made,
  ...(made.state === 'READY' && { file: resolve(exports.open(by, made.id).file) }),
});
