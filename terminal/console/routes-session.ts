import { programVersion, schemaNumber } from '../base/program-version.ts';
import { checked, parsedJson } from '../base/refuse.ts';
import { auditAttempt } from '../flows/audit-attempt.ts';
import { setUpState, setUpUser, userOnceAnswered } from '../flows/console-user.ts';
import { merchantName } from '../flows/sign-in.ts';
import { changePassword, logOnConsole, secretMark } from '../users/console-users.ts';
import { needsSetUp } from '../users/set-up.ts';
import type { ConsoleUser } from '../users/user.ts';
import { addCommand, bodyText, type ConsoleApp, keyOf } from './command.ts';
import { type Answers, commands } from './contract.ts';
import { busy } from './limits.ts';
import type { ConsoleParts } from './parts.ts';
import { addressOf, type ConsoleContext, giveToken, sessionOf, tokenOf } from './request.ts';

/** Who is logged in, and how one gets in and out. */
export function addSessionRoutes(app: ConsoleApp, parts: ConsoleParts): void {
  const { world, sessions, limits } = parts;

  app.get('/session', (c) => {
    const found = sessionOf(c, parts);
    let token = tokenOf(c, parts);
    if (token === '') {
      token = sessions.newToken();
      giveToken(c, parts, token);
    }
    return c.json(sessionAnswer(parts, token, found?.user));
  });

  /** A new session under a new token: what the page had before is worth nothing. */
  const enter = (c: ConsoleContext, login: string, user: ConsoleUser | undefined, application?: string) => {
    sessions.end(tokenOf(c, parts));
    const token = sessions.open(login, secretMark(world.db, login));
    if (application !== undefined) sessions.applied(token, application);
    giveToken(c, parts, token);
    return c.json(sessionAnswer(parts, token, user));
  };

  const mayTry = (c: ConsoleContext): void => {
    if (!limits.logInsOfAddress.take(addressOf(c)) || !limits.logIns.take('')) throw busy();
  };

  app.post('/log-in', async (c) => {
    keyOf(c, parts);
    mayTry(c);
    const { login, password } = checked(commands['/log-in'], parsedJson(await bodyText(c)));
    const user = await limits.secrets.pass(() => logOnConsole(world.db, world.clock, login, password));
    return enter(c, login, user);
  });

  app.post('/set-up', async (c) => {
    keyOf(c, parts);
    mayTry(c);
    const first = checked(commands['/set-up'], parsedJson(await bodyText(c)));
    const application = await limits.secrets.pass(() => setUpUser(world, first));
    return enter(c, first.login, await userOnceAnswered(world, first.login), application);
  });

  app.post('/log-out', async (c) => {
    keyOf(c, parts);
    checked(commands['/log-out'], parsedJson(await bodyText(c)));
    const login = sessionOf(c, parts)?.user.login;
    if (login !== undefined) auditAttempt(world, { by: login, action: 'log-out', about: login, outcome: 'ok' });
    sessions.end(tokenOf(c, parts));
    return c.json({});
  });

  addCommand(app, parts, '/own-secret', async ({ user, body, session }) => {
    await limits.secrets.pass(() => changePassword(world.db, world, user, body.secret, body.newSecret));
    session.secretMark = secretMark(world.db, user.no); // the others end with the old secret
    return undefined;
  });
}

function sessionAnswer(parts: ConsoleParts, token: string, user: ConsoleUser | undefined): Answers['/session'] {
  const { world } = parts;
  const { config } = world;
  const application = user ? undefined : parts.sessions.applicationOf(token);
  return {
    setUp: application === undefined ? undefined : setUpState(world, application),
    user: user && { login: user.login, name: user.name, role: user.role },
    csrf: parts.sessions.csrf(token),
    needsSetUp: needsSetUp(world.db),
    language: config.language,
    simulated: world.simulated,
    merchantName: merchantName(world),
    merchant: config.merchant,
    terminal: config.terminal,
    version: programVersion(),
    schema: schemaNumber,
    hotline: config.hotline,
    bench: user && parts.bench(),
  };
}
