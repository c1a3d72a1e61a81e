import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { checked } from '../base/refuse.ts';
import { addCommand, type ConsoleApp } from './command.ts';
import type { Answers } from './contract.ts';
import type { ConsoleParts } from './parts.ts';
import { addReading } from './readings.ts';
import { pageOf, partOf, periodOf, requireUser, wholeNumber } from './request.ts';

const openOnly = v.object({ open: v.optional(v.picklist(['0', '1'])) });
const lineAfter = v.object({ after: v.optional(wholeNumber, '0') });

/** Reconciliation, statements, reports, downloads, notices. */
export function addListRoutes(app: ConsoleApp, parts: ConsoleParts): void {
  const { reconciliation, statements, exports, notices } = parts.desks;

  app.get('/reconciliation', (c) =>
    c.json({
      runs: reconciliation.runs(requireUser(c, parts), pageOf(c).limit),
    } satisfies Answers['/reconciliation']),
  );
  app.get('/differences', (c) => {
    const by = requireUser(c, parts);
    const { open } = checked(openOnly, c.req.query());
    const { limit, before } = pageOf(c);
    const differences = reconciliation.differences(by, open === '1', limit, before);
    return c.json({ differences } satisfies Answers['/differences']);
  });
  addCommand(app, parts, '/differences/:no/examine', ({ user, body: { finding, text }, c }) =>
    reconciliation.examine(user, partOf(c, 'no'), finding, text),
  );

  app.get('/statements', (c) => {
    const by = requireUser(c, parts);
    const { from, to } = periodOf(c);
    return c.json({ statements: statements.statements(by, from, to) } satisfies Answers['/statements']);
  });
  app.get('/statements/:date', (c) => {
    const by = requireUser(c, parts);
    const { after } = checked(lineAfter, c.req.query());
    return c.json(
      statements.statement(by, partOf(c, 'date'), pageOf(c).limit, after) satisfies Answers['/statements/:date'],
    );
  });
  addReading(app, parts, '/report', async ({ by, c, signal }) => {
    const { from, to } = periodOf(c);
    return statements.report(by, from, to, signal);
  });

  app.get('/exports', (c) =>
    c.json({ exports: exports.list(requireUser(c, parts), pageOf(c).limit) } satisfies Answers['/exports']),
  );
  addCommand(app, parts, '/exports', ({ user, body, key }) => exports.begin(user, body, key));
  app.get('/exports/:id/file', (c) => {
    const { file, name, type, bytes } = exports.open(requireUser(c, parts), partOf(c, 'id'));
    c.header('Content-Type', type);
    c.header('Content-Length', String(bytes));
    c.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
    return c.body(Readable.toWeb(createReadStream(file)) as ReadableStream);
  });

  app.get('/notices', (c) =>
    c.json(notices.list(requireUser(c, parts), pageOf(c).limit) satisfies Answers['/notices']),
  );
  addCommand(app, parts, '/notices/read', ({ user, body }) => notices.read(user, body.ids));
}
