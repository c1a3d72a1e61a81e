import { afterEach, describe, expect, test } from 'vitest';
import type { CrashPoint } from '../../../terminal/base/crash-points.ts';
import type { AccountEntry } from '../../../terminal/flows/settlement-desk.ts';
import { cutPowerAt } from '../../support/power-cut.ts';
import { refusal } from '../../support/refusal.ts';
import {
  both,
  cashier,
  goodAccount,
  newSettler,
  type Settler,
  settleAll,
  settled,
  sound,
  takeCode,
} from './settler.ts';

/** What a merchant applies for (B-001 to B-013, B-035, B-052). 100.00 by code bring 99.62. */

let at: Settler | undefined;
const begin = async (options = {}, mode = 'MANUAL'): Promise<Settler> => {
  at = await newSettler('2026-11-20T10:00', mode, options);
  return at;
};
afterEach(async () => {
  await at?.system.stop();
  at = undefined;
});

const refusedLines = ({ system }: Settler): number =>
  system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'");
const applications = ({ desk }: Settler) =>
  desk()
    .applications(both, 10)
    .map(({ kind, state, reason }) => [kind, state, reason]);
describe('step 2: what is applied for', () => {
  test('B-001, B-003: the mode, kept from its row on; B-007: logged', async () => {
    const it = await begin();
    const sent = it.desk().applyMode(both, { mode: 'AUTO', cycle: { every: 'MONTHLY', monthDay: 5 } }, 'key-1');
    expect(sent).toMatchObject({ kind: 'mode', state: 'SENT', about: 'AUTO MONTHLY:5', by: '00' });
    expect(it.desk().home(both).modeAsked).toEqual({ mode: 'AUTO', cycle: { every: 'MONTHLY', monthDay: 5 } });
    await it.system.eventually('done', () => it.desk().applications(both, 1)[0]?.state === 'DONE');
    expect(it.desk().home(both)).toMatchObject({ mode: { mode: 'AUTO' }, modeAsked: undefined });
    await it.system.eventually('planned', () => it.desk().home(both).nextCut?.day === '2026-12-07');
    expect(
      it.system.count(
        "SELECT count(*) FROM audit WHERE action = 'settle-mode' AND by = 'SYS' AND details LIKE '%MANUAL%'",
      ),
    ).toBe(1);
  });

  test('P-05: the same key is the same application, with other content IDEMPOTENCY_CONFLICT', async () => {
    const it = await begin();
    const first = it.desk().applyMode(both, { mode: 'REALTIME' }, 'key-1');
    expect(it.desk().applyMode(both, { mode: 'REALTIME' }, 'key-1').no).toBe(first.no);
    expect(await refusal(() => it.desk().applyMode(both, { mode: 'MANUAL' }, 'key-1'))).toBe('IDEMPOTENCY_CONFLICT');
    await it.system.atRest();
    expect(it.system.host.count('SELECT count(*) FROM applications')).toBe(1);
  });

  test('P-06: what is refused leaves one audit line and nothing else', async () => {
    const it = await begin();
    const tries: readonly [string, () => unknown][] = [
      ['INVALID_SETTLE_MODE', () => it.desk().applyMode(both, { mode: 'SOMETIMES' }, 'a')],
      ['CYCLE_REQUIRED', () => it.desk().applyMode(both, { mode: 'AUTO' }, 'b')],
      ['FORBIDDEN', () => it.desk().applyMode(cashier, { mode: 'MANUAL' }, 'c')],
      ['INVALID_CONTACT', () => it.desk().applyProfile(both, { email: 'nobody' }, 'd')],
      ['INVALID_MOBILE', () => it.desk().applyProfile(both, { mobile: '12345' }, 'e')],
      ['INVALID_CONTACT', () => it.desk().applyProfile(both, { email: `a@${'b'.repeat(300)}.cn` }, 'd2')],
      ['INVALID_CONTACT', () => it.desk().applyProfile(both, { contact: '王'.repeat(201) }, 'd3')],
      ['INVALID_CONTACT', () => it.desk().applyProfile(both, { address: '路'.repeat(201) }, 'd4')],
      ['AGREEMENT_REQUIRED', () => it.desk().applyProfile(both, { agreement: ' ' }, 'd5')],
      ['INVALID_AMOUNT', () => it.desk().applyProfile(both, { remindFromFen: -1 }, 'd6')],
      ['INVALID_AMOUNT', () => it.desk().applyProfile(both, { remindFromFen: 1_000_000_000_000 }, 'd7')],
      ['INVALID_CONTACT', () => it.desk().applyPaperStatement(both, '2026-10', '路'.repeat(201), 'f1')],
      ['INVALID_RANGE', () => it.desk().applyPaperStatement(both, '2026-13', '北京', 'f')],
      ['INVALID_RANGE', () => it.desk().applyPaperStatement(both, '2027-01', '北京', 'g')],
      ['ADDRESS_REQUIRED', () => it.desk().applyPaperStatement(both, '2026-10', undefined, 'h')],
      ['FORBIDDEN', () => it.desk().applyProfile({ no: 'chen', role: 'O' }, { contact: '李' }, 'i')],
      ['ILLEGAL_STATE', () => it.desk().applyAccount(both, goodAccount, 'j')],
    ];
    await it.system.atRest();
    const outbox = it.system.count('SELECT max(seq) FROM outbox');
    for (const [i, [code, attempt]] of tries.entries()) {
      expect(await refusal(attempt)).toBe(code);
      expect(refusedLines(it)).toBe(i + 1);
    }
    expect(applications(it)).toEqual([]);
    expect(it.system.count('SELECT max(seq) FROM outbox')).toBe(outbox);
  });

  test('B-020: what is empty is none: without a contact nothing is settled', async () => {
    const it = await begin();
    it.desk().applyProfile(both, { contact: '  ', address: ' 北京 ' }, 'p');
    await it.system.eventually('there', () => it.desk().home(both).profile?.contact === null);
    expect(it.desk().home(both)).toMatchObject({ profile: { address: '北京' }, obstacles: ['PROFILE_INCOMPLETE'] });
    expect(await refusal(() => settleAll(it, 'x', 1))).toBe('PROFILE_INCOMPLETE');
    expect(it.system.count(`SELECT count(*) FROM audit WHERE details LIKE '%"what":"contact"%'`)).toBe(1);
  });

  test('B-020, B-035: profile and paper statement', async () => {
    const it = await begin();
    it.desk().applyProfile(both, { address: '北京市海淀区1号', email: 'a@example.com' }, 'p');
    await it.system.eventually('there', () => it.desk().home(both).profile?.address === '北京市海淀区1号');
    expect(it.desk().home(both).profile).toMatchObject({ mobile: '13800138000', email: 'a@example.com' });
    const { no } = it.desk().applyPaperStatement(both, '2026-10', undefined, 'q');
    await it.system.eventually('accepted', () => it.desk().applications(both, 1)[0]?.state === 'ACCEPTED');
    await it.system.host.command({ command: 'paper-advance', no });
    await it.system.eventually('printed', () => it.desk().applications(both, 1)[0]?.stage === 'PRINTED');
    await it.system.host.command({ command: 'paper-advance', no });
    await it.system.eventually('mailed', () => it.desk().applications(both, 1)[0]?.state === 'DONE');
  });
});

describe('B-009, B-013: the settlement account', () => {
  test('the first one: looked at, verified upstream, ACTIVE; its number leaves only sealed and is nowhere here', async () => {
    const it = await begin({ hostMerchant: { account: null }, hostParameters: { 'host.accountDecision': 'manual' } });
    expect(it.desk().home(both).obstacles).toEqual(['NO_SETTLE_ACCOUNT']);
    it.desk().applyAccount(both, goodAccount, 'one');
    await it.system.eventually('looked at', () => it.desk().home(both).account?.state === 'VERIFYING');
    expect(await refusal(() => it.desk().applyAccount(both, goodAccount, 'two'))).toBe('APPLICATION_IN_REVIEW');
    await it.system.host.command({ command: 'account-decide', version: 1, outcome: 'active' });
    await it.system.eventually('ACTIVE', () => it.desk().home(both).account?.state === 'ACTIVE');
    expect(it.desk().home(both)).toMatchObject({
      obstacles: [],
      account: { version: 1, maskedNumber: '***************0128' },
    });
    // A second one comes only by a settler change.
    expect(await refusal(() => it.desk().applyAccount(both, goodAccount, 'three'))).toBe('ILLEGAL_STATE');
    const everything = JSON.stringify(
      ['outbox', 'application', 'audit', 'setting'].map((table) =>
        it.system.db.prepare(`SELECT * FROM ${table}`).all(),
      ),
    );
    expect(everything).not.toContain('6222021234567890128');
    expect(everything).not.toContain('91110000600037341L');
    expect(it.system.logged.join('')).not.toContain('6222021234567890128');
  });

  test.each<[string, Partial<AccountEntry>]>([
    ['name', { name: ' ' }],
    ['number', { number: '6222021234567890129' }],
    ['number', { number: '1234' }],
    ['number', { destination: 'payment', number: 'a b' }],
    ['id', { id: '1' }],
    ['bank', { bank: '' }],
    ['name', { name: '账'.repeat(201) }],
    ['bank', { bank: '行'.repeat(201) }],
  ])('ACCOUNT_INVALID: a bad %s %j', async (what, change) => {
    const it = await begin({ hostMerchant: { account: null } });
    expect(await refusal(() => it.desk().applyAccount(both, { ...goodAccount, ...change }, 'x'))).toBe(
      'ACCOUNT_INVALID',
    );
    expect(it.system.count('SELECT count(*) FROM audit WHERE details LIKE ?', `%"what":"${what}"%`)).toBe(1);
  });

  test('ACCOUNT_NAME_MISMATCH from upstream: REJECTED, and another try is possible', async () => {
    const it = await begin({ hostMerchant: { account: null } });
    it.desk().applyAccount(both, { ...goodAccount, name: '别人' }, 'one');
    await it.system.eventually('refused', () => it.desk().applications(both, 1)[0]?.state === 'REFUSED');
    expect(applications(it)).toEqual([['account', 'REFUSED', 'ACCOUNT_NAME_MISMATCH']]);
    it.desk().applyAccount(both, goodAccount, 'two');
    await it.system.eventually('ACTIVE', () => it.desk().home(both).account?.state === 'ACTIVE');
    expect(
      it
        .desk()
        .home(both)
        .accounts.map(({ state }) => state),
    ).toEqual(['ACTIVE', 'REJECTED']);
  });

  test('B-052: repairs one that is in error', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    await it.system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
    settleAll(it, 'a');
    await it.system.eventually('errored', () => it.desk().home(both).account?.state === 'ERRORED');
    expect(await refusal(() => settleAll(it, 'b'))).toBe('SETTLE_ACCOUNT_ERRORED');
    it.desk().applyAccount(both, { ...goodAccount, number: '020000290001' }, 'repair');
    await it.system.eventually('repaired', () => it.desk().home(both).account?.state === 'ACTIVE');
    settleAll(it, 'c');
    await settled(it.system, 'MANUAL 9962 FAILED', 'MANUAL 9962 SUCCESS');
    await sound(it);
  });
});

describe('P-05: the power goes', () => {
  test.each<CrashPoint>(['apply.in-request', 'apply.after-request'])(
    'at %s: applied once, or not at all',
    async (point) => {
      const it = await begin();
      const ask = async () => it.desk().applyMode(both, { mode: 'REALTIME' }, 'key');
      await cutPowerAt(it.system, point, ask);
      expect(applications(it)).toHaveLength(point === 'apply.in-request' ? 0 : 1);
      await ask();
      await it.system.eventually('done', () => it.desk().home(both).mode.mode === 'REALTIME');
      expect(it.system.host.count('SELECT count(*) FROM applications')).toBe(1);
    },
  );
});
