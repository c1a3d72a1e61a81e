import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { moveAside, prepareHome } from '../../scripts/home.ts';
import { lockHome } from '../../terminal/base/lock-home.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pos-home-')), 'home');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('a home is made for its owner only, with keys, and stays as it is', () => {
  prepareHome(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const made = statSync(join(folder, 'keys', 'terminal.key')).mtimeMs;
  expect(prepareHome(folder).config.language).toBe('zh');
  expect(statSync(join(folder, 'keys', 'terminal.key')).mtimeMs).toBe(made);
});

test('one at a time has it', () => {
  const first = lockHome(folder);
  expect(lockHome(folder)).toBeUndefined();
  first?.release();
  const second = lockHome(folder);
  expect(second).toBeDefined();
  second?.release();
});

test('a config.json that is no JSON is refused by its name', () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), '{"printer": ');
  expect(() => prepareHome(folder)).toThrow(
    expect.objectContaining({ code: 'BAD_REQUEST', details: { what: expect.stringContaining('config.json') } }),
  );
});

test('moved aside, each under a name of its own', () => {
  expect(moveAside(folder)).toBeUndefined();
  for (const name of [`${folder}-1`, `${folder}-2`]) {
    prepareHome(folder);
    expect(moveAside(folder)).toBe(name);
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(join(name, 'keys'))).toBe(true);
  }
});
