import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../terminal/base/database.ts';
import { checkBook } from '../../../terminal/flows/check-book.ts';
import { newTill, sell } from '../till.ts';
import { posRig } from './pos-rig.ts';

const { home, pos, serve } = posRig();

describe('pos ledger check', () => {
  const file = (): string => join(home(), 'terminal.db');

  /** A book with one sale of 100.00; `broken`: one line more than it should have. */
  function makeBook(broken = false): void {
    const till = newTill(undefined, file());
    const { no } = sell(till, 10_000);
    if (broken) till.db.exec(`INSERT INTO entry SELECT max(id) + 1, '2001:${no}', 'C', 500 FROM entry`);
    till.db.close();
  }

  it('proves the book of a stopped terminal', async () => {
    makeBook();
    expect(await pos(`ledger check --db ${file()}`)).toMatchObject({
      exit: 0,
      out: '账平: 1 笔凭证，借贷差 0.00 元\n',
      err: '',
    });
    const { exit, out } = await pos(`ledger check --db ${file()} --json`);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, ledgerSumFen: 0, problems: [] });
  });

  it('names what is wrong and ends with 1', async () => {
    makeBook(true);
    const { exit, out } = await pos(`ledger check --db ${file()}`);
    expect(exit).toBe(1);
    expect(out).toContain('账不平: 1 笔凭证，借贷差 -5.00 元');
    expect(out).toContain('P-01 sale:');
  });

  it('asks the running terminal without --db', async () => {
    makeBook();
    const db = openDatabase(file(), { readonly: true });
    await serve({ ledgerCheck: () => checkBook(db) });
    expect(await pos('ledger check')).toMatchObject({ exit: 0, out: expect.stringContaining('账平') });
    db.close();
  });

  it('does not take what is no book', async () => {
    expect(await pos(`ledger check --db ${home()}/none.db`)).toMatchObject({ exit: 4, out: '' });
    writeFileSync(
      file(),
      'not a database, but long enough to have a header of its own, which SQLite reads first: 100 bytes.',
    );
    expect((await pos(`ledger check --db ${file()}`)).err).toContain('DATABASE_CORRUPT');
    rmSync(file());
    openDatabase(file()).close();
    const { exit, err } = await pos(`ledger check --db ${file()}`);
    expect(exit).toBe(1);
    expect(err).toContain('DATABASE_CORRUPT');
  });
});
