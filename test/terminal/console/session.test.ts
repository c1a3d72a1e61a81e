import { expect, test } from 'vitest';
import { systemRandom } from '../../../terminal/base/random.ts';
import { Sessions } from '../../../terminal/console/sessions.ts';
import { makeCode } from '../../../terminal/users/set-up.ts';
import { testClock } from '../../support/test-clock.ts';
import { consoleRig, password } from './console-rig.ts';

const minute = 60_000;
const stands = () => true;

test('B-008 a user logs in, is known by the cookie, and logs out', async () => {
  const rig = await consoleRig();
  await rig.user('wang', 'O');
  const visitor = rig.visitor();
  expect(await visitor.session()).toMatchObject({ needsSetUp: false });
  expect((await visitor.get('/api/overview')).code).toBe('UNAUTHENTICATED');
  const before = visitor.cookie;
  const reply = await visitor.logIn('wang', password);
  expect(reply.status).toBe(200);
  expect(reply.body['user']).toEqual({ login: 'wang', name: 'wang', role: 'O' });
  expect(visitor.cookie).not.toBe(before);
  expect(reply.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
  expect(await visitor.session()).toMatchObject({ user: { login: 'wang' } });
  const kept = { cookie: visitor.cookie, csrf: visitor.csrf };
  expect((await visitor.post('/api/log-out', {})).status).toBe(200);
  Object.assign(visitor, kept);
  expect((await visitor.get('/api/overview')).code).toBe('UNAUTHENTICATED');
});

test('five wrong secrets lock a name, known or not, in the same words; an unknown one is written down nowhere', async () => {
  const rig = await consoleRig();
  await rig.user('wang');
  for (const login of ['wang', 'secret.in.the.wrong.field']) {
    const visitor = await rig.stranger();
    const codes = [];
    for (let n = 0; n < 6; n++) codes.push((await visitor.logIn(login, 'wrong')).code);
    expect(codes.slice(0, 4)).toEqual(Array(4).fill('SECRET_WRONG'));
    expect(codes.slice(4)).toEqual(['OPERATOR_LOCKED', 'OPERATOR_LOCKED']);
  }
  expect((await rig.visitor().logIn('wang', password)).code).toBe('OPERATOR_LOCKED');
  expect(rig.audited('log-in')).toBe(13);
  expect(rig.system.count("SELECT count(*) FROM audit WHERE about LIKE '%field%' OR by LIKE '%field%'")).toBe(0);
  expect(rig.system.count("SELECT count(*) FROM log_on WHERE no LIKE '%field%'")).toBe(0);
});

test('one changes the own secret, which ends the other sessions', async () => {
  const rig = await consoleRig();
  const visitor = await rig.loggedIn('wang');
  const elsewhere = rig.visitor();
  await elsewhere.logIn('wang', password);
  expect((await visitor.post('/api/own-secret', { secret: 'wrong', newSecret: 'another secret' })).code).toBe(
    'SECRET_WRONG',
  );
  expect((await visitor.post('/api/own-secret', { secret: password, newSecret: password })).code).toBe('BAD_REQUEST');
  expect((await visitor.post('/api/own-secret', { secret: password, newSecret: 'another secret' })).status).toBe(200);
  expect((await visitor.get('/api/devices')).status).toBe(200);
  expect((await elsewhere.get('/api/devices')).code).toBe('UNAUTHENTICATED');
  expect((await rig.visitor().logIn('wang', 'another secret')).status).toBe(200);
});

test('a session of a removed user, and the role that upstream took, end with the row from above', async () => {
  const rig = await consoleRig();
  const visitor = await rig.loggedIn('wang', 'MO');
  rig.record({ login: 'wang', role: 'S' });
  expect((await visitor.get('/api/users')).code).toBe('FORBIDDEN');
  rig.record({ login: 'wang', state: 'REMOVED' });
  expect((await visitor.get('/api/users')).code).toBe('UNAUTHENTICATED');
  rig.record({ login: 'wang', state: 'ACTIVE' });
  expect((await visitor.get('/api/users')).code).toBe('UNAUTHENTICATED');
  expect((await rig.visitor().logIn('wang', password)).code).toBe('SECRET_WRONG');
});

test('B-020 a session of one who was removed and came back is over, whatever secret there is now', async () => {
  const rig = await consoleRig();
  const [asked, quiet] = [await rig.loggedIn('wang'), await rig.loggedIn('wang')];
  rig.record({ login: 'wang', state: 'REMOVED' });
  expect((await asked.get('/api/devices')).code).toBe('UNAUTHENTICATED');
  rig.record({ login: 'wang' });
  const { code } = await makeCode(rig.system.db, rig.system.terminal.world, 'SYS', 'wang');
  await (await rig.stranger()).post('/api/set-up', { code, login: 'wang', name: '王', password });
  for (const session of [asked, quiet]) expect((await session.get('/api/devices')).code).toBe('UNAUTHENTICATED');
});

test('B-020 a secret that is set by a new code ends the sessions of the old one', async () => {
  const rig = await consoleRig();
  const [main, old] = [await rig.loggedIn('wang'), await rig.loggedIn('li.na', 'O')];
  const { code } = (await main.post('/api/users/li.na/code', { secret: password })).body;
  const fresh = await rig.stranger();
  const first = { code, login: 'li.na', name: '李娜', password: 'another secret' };
  expect((await fresh.post('/api/set-up', first)).status).toBe(200);
  expect((await old.get('/api/devices')).code).toBe('UNAUTHENTICATED');
  expect((await fresh.get('/api/devices')).status).toBe(200);
});

test.each([
  ['half an hour without a person', 31 * minute, false],
  ['less', 29 * minute, true],
  ['a clock that was set back before it', -minute, false],
])('a session after %s', (_, passedMs, lives) => {
  const clock = testClock();
  const sessions = new Sessions(clock, systemRandom);
  const token = sessions.open('wang', 'a');
  clock.jump(passedMs);
  expect(sessions.find(token, true, stands) !== undefined).toBe(lives);
});

test('what a page asks by itself keeps no session alive, and no session outlives half a day', async () => {
  const clock = testClock();
  const sessions = new Sessions(clock, systemRandom);
  const [quiet, busy] = [sessions.open('wang', 'a'), sessions.open('wang', 'a')];
  for (let passed = 0; passed < 11 * 60; passed += 10) {
    await clock.advance(10 * minute);
    sessions.find(quiet, false, stands);
    expect(sessions.find(busy, true, stands)).toBeDefined();
  }
  expect(sessions.find(quiet, false, stands)).toBeUndefined();
  await clock.advance(65 * minute);
  expect(sessions.find(busy, true, stands)).toBeUndefined();
});
