import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { consoleCode, firstCode } from '../../../terminal/flows/console-user.ts';
import { recordApplyResult } from '../../../terminal/settlement/apply.ts';
import { refuseUser } from '../../../terminal/users/console-users.ts';
import { makeCode } from '../../../terminal/users/set-up.ts';
import { refusal } from '../../support/refusal.ts';
import { turnableClock, turnUntil } from '../../support/turnable-clock.ts';
import { consoleRig, password } from './console-rig.ts';

const first = { login: 'wang', name: '王芳', password };

test('B-020 the first user sets up the console with the code of the start, and upstream knows the user from then on', async () => {
  const rig = await consoleRig({ host: true });
  const code = await firstCode(rig.system.terminal.world);
  const visitor = rig.visitor();
  expect(await visitor.session()).toMatchObject({ needsSetUp: true });
  const typed = code?.code.toLowerCase().replace(/^(.{5})/, '$1-');
  const reply = await visitor.post('/api/set-up', { ...first, code: typed });
  expect(reply.body).toMatchObject({ user: { login: 'wang', name: '王芳', role: 'MO' }, needsSetUp: false });
  expect(rig.audited('set-up')).toBe(1);
  expect(await firstCode(rig.system.terminal.world)).toBeUndefined();
  expect((await rig.visitor().logIn('wang', password)).status).toBe(200);
  const used = await rig.stranger();
  expect((await used.post('/api/set-up', { ...first, login: 'li.na', code: code?.code })).code).toBe('SECRET_WRONG');
  expect(await rig.system.problems()).toEqual([]);
});

test('B-020 a user whom upstream has not answered for gets in as soon as it does', async () => {
  const clock = turnableClock();
  const rig = await consoleRig({ host: true, clock });
  const { db, terminal } = rig.system;
  const { code } = await makeCode(db, terminal.world, 'SYS', undefined);
  await rig.system.host.stop();
  const visitor = await rig.stranger();
  const reply = await turnUntil(clock, visitor.post('/api/set-up', { ...first, code }));
  expect(reply.status).toBe(200);
  expect(reply.body['user']).toBeUndefined();
  expect((await rig.visitor().logIn('wang', password)).code).toBe('SECRET_WRONG');
  await rig.system.host.start();
  await rig.system.eventually('the user is known', async () => (await visitor.session())['user'] !== undefined);
  expect((await rig.visitor().logIn('wang', password)).status).toBe(200);
});

test('B-020 a first user whom upstream refuses is told so, and why; a new code goes on', async () => {
  const rig = await consoleRig({ host: true });
  const { system } = rig;
  const { code } = await makeCode(system.db, system.terminal.world, 'SYS', undefined);
  await system.host.stop();
  const visitor = await rig.stranger();
  const { body } = await visitor.post('/api/set-up', { ...first, code });
  expect(body).toMatchObject({ needsSetUp: false, setUp: { state: 'waiting' } });
  expect(body['user']).toBeUndefined();
  expect((await visitor.session())['setUp']).toEqual({ state: 'waiting' });
  const no = String(system.db.prepare("SELECT no FROM application WHERE kind = 'user'").pluck().get());
  inTransaction(system.db, (tx) => {
    const told = { no: 'R-1', at: 0, rev: 1, application: no, stage: null } as const;
    recordApplyResult(tx, 0, { ...told, outcome: 'refused', reason: 'HAS_USERS', remark: '请由主账号添加' });
    refuseUser(tx, no);
  });
  expect(await visitor.session()).toMatchObject({
    needsSetUp: true,
    setUp: { state: 'refused', reason: 'HAS_USERS', remark: '请由主账号添加' },
  });
  expect((await rig.stranger()).csrf).not.toBe('');
  expect((await rig.visitor().session())['setUp']).toBeUndefined();
  rig.record({ login: 'wang' });
  const again = await consoleCode(system.terminal.world, '123456');
  expect((await visitor.post('/api/set-up', { ...first, code: again.code })).body['user']).toBeDefined();
  expect((await visitor.session())['setUp']).toBeUndefined();
});

test('a code is good for a day, for five tries, and only as a hash in the book', async () => {
  const rig = await consoleRig();
  rig.record({ login: 'wang' });
  const { db, terminal } = rig.system;
  const yesterday = { ...terminal.world, clock: { ...terminal.world.clock, now: () => Date.now() - 25 * 3_600_000 } };
  const old = await makeCode(db, yesterday, 'SYS', undefined);
  const visitor = await rig.stranger();
  expect((await visitor.post('/api/set-up', { ...first, code: old.code })).code).toBe('SECRET_WRONG');

  const { code } = await makeCode(db, terminal.world, 'SYS', undefined);
  expect(code).toMatch(/^[2-9A-HJ-NP-TV-Z]{10}$/);
  for (const text of [code, code.toLowerCase()])
    expect(rig.system.count('SELECT count(*) FROM set_up_code WHERE instr(secret_hash, ?) > 0', text)).toBe(0);
  const codes = [];
  for (let n = 0; n < 6; n++) codes.push((await visitor.post('/api/set-up', { ...first, code: 'XXXXXXXXXX' })).code);
  expect(codes).toEqual([
    'SECRET_WRONG',
    'SECRET_WRONG',
    'SECRET_WRONG',
    'SECRET_WRONG',
    'OPERATOR_LOCKED',
    'OPERATOR_LOCKED',
  ]);
  expect((await visitor.post('/api/set-up', { ...first, code })).code).toBe('OPERATOR_LOCKED');
  const fresh = await consoleCode(terminal.world, '123456');
  expect((await visitor.post('/api/set-up', { ...first, code: fresh.code })).status).toBe(200);
});

test('B-020 a later user sets the secret with a code made for that name, and nobody else does', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang', 'MO');
  rig.record({ login: 'li.na', role: 'O' });
  rig.record({ login: 'zhao', role: 'O' });
  const made = await main.post('/api/users/li.na/code', { secret: password });
  expect(made.body).toMatchObject({ code: expect.stringMatching(/^\w{10}$/), validUntil: expect.any(Number) });
  const code = made.body['code'];
  const visitor = await rig.stranger();
  expect((await visitor.post('/api/set-up', { ...first, login: 'zhao', code })).code).toBe('SECRET_WRONG');
  const reply = await visitor.post('/api/set-up', { ...first, login: 'li.na', code });
  expect(reply.body['user']).toMatchObject({ login: 'li.na', role: 'O' });
  expect((await main.post('/api/users/nobody/code', { secret: password })).code).toBe('NOT_FOUND');
});

test.each([
  ['too short', 'seven 7'],
  ['the log-in name', 'li.na.xiaomei'],
])('a password that is %s is refused, and the code stays good', async (_, bad) => {
  const rig = await consoleRig();
  rig.record({ login: 'li.na.xiaomei' });
  const { code } = await makeCode(rig.system.db, rig.system.terminal.world, 'SYS', undefined);
  const visitor = await rig.stranger();
  const user = { code, login: 'li.na.xiaomei', name: '李娜' };
  expect((await visitor.post('/api/set-up', { ...user, password: bad })).code).toBe('BAD_REQUEST');
  expect((await visitor.post('/api/set-up', { ...user, password })).status).toBe(200);
});

test('whoever knows the secret of 00 helps one who forgot the own secret; without set-up there is no other code', async () => {
  const rig = await consoleRig();
  await rig.user('wang');
  const { world } = rig.system.terminal;
  expect(await refusal(() => consoleCode(world, '123456'))).toBe('ILLEGAL_STATE');
  expect(await refusal(() => consoleCode(world, '999999', 'wang'))).toBe('SECRET_WRONG');
  const { code } = await consoleCode(world, '123456', 'wang');
  const visitor = await rig.stranger();
  expect((await visitor.post('/api/set-up', { ...first, code, password: 'another secret' })).status).toBe(200);
  expect((await rig.visitor().logIn('wang', password)).code).toBe('SECRET_WRONG');
});
