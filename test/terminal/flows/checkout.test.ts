import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';

/** Intent before I/O (design.md, rule 2), seen from the wire and from the disk. */

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem({ limits: { hostWaitMs: 300 } });
});
afterEach(() => system.stop());

/** What another program reads from the disk at the moment at which this request passes the wire. */
function diskAt(
  kind: 'sale' | 'reverse' | 'sign-in',
  sql: string,
): { readonly rows: unknown[]; readonly asked: string[] } {
  const seen = { rows: [] as unknown[], asked: [] as string[] };
  system.wire.rule(({ topic, payload }) => {
    if (!topic.endsWith('/up/auth') || !payload.includes(`"request":{"kind":"${kind}"`)) return undefined;
    const disk = new Sqlite(`${system.home}/terminal.db`, { readonly: true });
    seen.rows.push(disk.prepare(sql).get());
    seen.asked.push(JSON.parse(payload.subarray(payload.indexOf(10) + 1).toString()).request.stan);
    disk.close();
    return undefined;
  });
  return seen;
}

describe('before the first byte leaves', () => {
  test('the sale is on disk with its STAN, its reversal due, and no card', async () => {
    const { rows, asked } = diskAt(
      'sale',
      "SELECT p.state, p.reversal, p.stan, p.card, c.value FROM payment p JOIN counter c ON c.name = 'stan' ORDER BY p.no DESC",
    );
    await system.sell(10_000);
    const stan = asked[0] ?? '';
    expect(rows).toEqual([{ state: 'CREATED', reversal: 'DUE', stan, card: null, value: Number(stan) }]);
  });

  test('the reversal is counted as sent, and a next look is due', async () => {
    const { rows } = diskAt(
      'reverse',
      "SELECT reversal, reversal_attempts AS attempts, (SELECT count(*) FROM due_work WHERE kind = 'reversal') AS due FROM payment",
    );
    await system.sell(10_098);
    await system.ready();
    expect(rows[0]).toEqual({ reversal: 'SENT', attempts: 1, due: 1 });
    expect(system.count("SELECT count(*) FROM due_work WHERE kind = 'reversal'")).toBe(0);
  });

  test('the STAN of a sign-in is taken', async () => {
    const { rows, asked } = diskAt('sign-in', "SELECT value FROM counter WHERE name = 'stan'");
    await system.cashier.signIn(new AbortController().signal);
    expect(rows).toEqual([{ value: Number(asked[0]) }]);
  });
});

test('the card leaves sealed and only sealed; what is kept is 6+4 and a keyed hash', async () => {
  await system.sell(10_000);
  await system.sell(20_000, { how: 'swipe' });
  const said = system.wire.seen.map(({ payload }) => payload.toString('latin1')).join('\n');
  expect(said).not.toContain('6222021234567890128');
  const kept = system.db.prepare('SELECT card, length(card_hash) AS hash FROM payment ORDER BY no').all();
  expect(kept).toEqual([
    { card: '622202*********0128', hash: 32 },
    { card: '622202*********0128', hash: 32 },
  ]);
  expect(system.count('SELECT count(DISTINCT card_hash) FROM payment')).toBe(1);
});

test('a sale that nobody waits for any more waits for its turn: two at once are one after the other', async () => {
  const first = system.sell(10_000);
  const second = system.sell(20_000);
  expect([(await first).kind, (await second).kind]).toEqual(['approved', 'approved']);
  expect(await system.problems()).toEqual([]);
});
