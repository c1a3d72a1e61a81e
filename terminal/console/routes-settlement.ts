import { fen } from '../base/money.ts';
import { addCommand, type ConsoleApp } from './command.ts';
import type { Answers } from './contract.ts';
import type { ConsoleParts } from './parts.ts';
import { pageOf, partOf, requireUser } from './request.ts';

/** Settlement: home, mode, account, profile, the five steps, disputes. */
export function addSettlementRoutes(app: ConsoleApp, parts: ConsoleParts): void {
  const desk = parts.desks.settlement;

  app.get('/settlement/home', (c) => c.json(desk.home(requireUser(c, parts)) satisfies Answers['/settlement/home']));
  app.get('/settlement/applications', (c) =>
    c.json({
      applications: desk.applications(requireUser(c, parts), pageOf(c).limit),
    } satisfies Answers['/settlement/applications']),
  );
  app.get('/settlements', (c) => {
    const { limit, before } = pageOf(c);
    const settlements = desk.settlements(requireUser(c, parts), limit, before);
    return c.json({ settlements } satisfies Answers['/settlements']);
  });
  app.get('/settlements/:no', (c) => {
    const by = requireUser(c, parts);
    const no = partOf(c, 'no');
    const settlement = desk.settlement(by, no);
    const tickets = desk.tickets(by).filter((ticket) => ticket.settlement === no);
    return c.json({ settlement, tickets } satisfies Answers['/settlements/:no']);
  });
  app.get('/settlements/:no/payments', async (c) => {
    const { limit, after } = pageOf(c);
    const details = await desk.details(requireUser(c, parts), partOf(c, 'no'), limit, after);
    return c.json(details satisfies Answers['/settlements/:no/payments']);
  });
  app.get('/tickets', (c) => c.json({ tickets: desk.tickets(requireUser(c, parts)) } satisfies Answers['/tickets']));

  addCommand(app, parts, '/settlement/mode', ({ user, body: { mode, cycle }, key }) =>
    desk.applyMode(user, { mode, cycle }, key),
  );
  addCommand(app, parts, '/settlement/account', ({ user, body: { secret: _, ...account }, key }) =>
    desk.applyAccount(user, account, key),
  );
  addCommand(app, parts, '/settlement/profile', ({ user, body: { secret: _, ...change }, key }) =>
    desk.applyProfile(user, change, key),
  );
  addCommand(app, parts, '/settlement/paper-statement', ({ user, body: { month, address }, key }) =>
    desk.applyPaperStatement(user, month, address, key),
  );
  addCommand(app, parts, '/settlements', ({ user, body, key }) =>
    desk.settle(user, {
      amountFen: fen(body.amountFen),
      seenAvailableFen: fen(body.seenAvailableFen),
      accountVersion: body.accountVersion,
      key,
    }),
  );
  addCommand(app, parts, '/settlements/:no/stop', ({ user, c }) => desk.stop(user, partOf(c, 'no')));
  addCommand(app, parts, '/settlements/:no/check', ({ user, c }) => desk.check(user, partOf(c, 'no')));
  addCommand(app, parts, '/settlements/:no/dispute', ({ user, body: { payment, text }, key, c }) =>
    desk.dispute(user, partOf(c, 'no'), payment, text, key),
  );
  addCommand(app, parts, '/tickets/:no/close', ({ user, c }) => desk.closeTicket(user, partOf(c, 'no')));
}
