import { expect, test } from 'vitest';
import { consoleRig, password } from './console-rig.ts';

const key = 'the-confirm-page-of-10-15';

test('P-05 a command that comes again under its key is answered as before and done once; with other content it is refused', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  rig.record({ login: 'li.na' });
  const path = '/api/users/li.na/code';
  const first = await main.post(path, { secret: password }, { key });
  expect(await main.post(path, { secret: password }, { key })).toMatchObject({ status: 200, body: first.body });
  expect(rig.audited('set-up-code')).toBe(1);
  expect((await main.post('/api/users/wang/code', { secret: password }, { key })).code).toBe('IDEMPOTENCY_CONFLICT');
  expect(rig.audited('set-up-code')).toBe(1);
});

test('P-05 pressed twice at once, done once', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  rig.record({ login: 'li.na' });
  const press = () => main.post('/api/users/li.na/code', { secret: password }, { key });
  const [first, second] = await Promise.all([press(), press()]);
  expect(first.body).toEqual(second.body);
  expect(rig.audited('set-up-code')).toBe(1);
});

test('a refused command may be pressed again under its key', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const path = '/api/users/li.na/code';
  expect((await main.post(path, { secret: password }, { key })).code).toBe('NOT_FOUND');
  rig.record({ login: 'li.na' });
  expect((await main.post(path, { secret: password }, { key })).status).toBe(200);
});

test('the secret is asked again before a command that needs it; wrong ones count with those at the log-in', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  rig.record({ login: 'li.na' });
  const path = '/api/users/li.na/code';
  expect((await main.post(path, {})).code).toBe('BAD_REQUEST');
  const codes = [];
  for (let n = 0; n < 4; n++) codes.push((await main.post(path, { secret: 'wrong' })).code);
  expect(codes).toEqual(Array(4).fill('SECRET_WRONG'));
  expect((await rig.visitor().logIn('wang', 'wrong')).code).toBe('OPERATOR_LOCKED');
  expect((await main.post(path, { secret: password })).code).toBe('OPERATOR_LOCKED');
  expect(rig.audited('set-up-code')).toBe(0);
});

test.each([
  ['a batch close without a batch', '/api/batches/close', { secret: password }, 'SIGN_IN_REQUIRED', 'batch-close'],
  [
    'a user whom upstream cannot be asked for',
    '/api/users',
    { secret: password, login: 'li.na', name: '李娜', role: 'O', state: 'ACTIVE' },
    'OFFLINE',
    'apply-user',
  ],
  [
    'another role for oneself',
    '/api/users',
    { secret: password, login: 'wang', name: '王', role: 'M', state: 'ACTIVE' },
    'SELF_APPROVAL_FORBIDDEN',
    'apply-user',
  ],
  ['the wrong secret', '/api/batches/close', { secret: 'wrong' }, 'SECRET_WRONG', 'confirm'],
  ['a code for nobody', '/api/users/nobody/code', { secret: password }, 'NOT_FOUND', 'set-up-code'],
])('P-06 %s is refused with one audit line by its user', async (_, path, body, code, action) => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const before = rig.system.count('SELECT count(*) FROM audit');
  expect((await main.post(path, body)).code).toBe(code);
  expect(rig.system.count('SELECT count(*) FROM audit')).toBe(before + 1);
  expect(rig.audited(action)).toBe(1);
  expect(
    rig.system.count("SELECT count(*) FROM audit WHERE by = 'wang' AND outcome = 'refused' AND action = ?", action),
  ).toBe(1);
});

test.each([
  ['no JSON', 'nonsense'],
  ['another field', { secret: password, more: 1 }],
])('%s is refused by name, without what stood there', async (_, body) => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const reply = await main.post('/api/batches/close', body);
  expect(reply).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  expect(JSON.stringify(reply.body)).not.toContain(password);
});

test.each([
  ['removed', { state: 'REMOVED' }, 'UNAUTHENTICATED'],
  ['given another role', { role: 'S' }, 'FORBIDDEN'],
] as const)('B-020 one who is %s while the body comes commands nothing any more', async (_, change, code) => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  rig.record({ login: 'li.na' });
  const between = async () => {
    await rig.system.eventually(
      'the head is there',
      async () => (await rig.visitor().get('/api/session')).status === 200,
    );
    rig.record({ login: 'wang', ...change });
  };
  const day = '2026-11-20';
  const wanted = { kind: 'audit', format: 'csv', from: day, to: day, language: 'zh' };
  expect((await main.postSlowly('/api/exports', wanted, between)).code).toBe(code);
  expect(rig.system.count('SELECT count(*) FROM export')).toBe(0);
});
