import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycles, forbiddenArrows } from './support/tidy-arrows.ts';
import * as rules from './support/tidy-rules.ts';
import { readSource, type Source } from './support/tidy-source.ts';

const root = resolve(import.meta.dirname, '..');
const folders = ['drivers', 'sync', 'terminal', 'scripts', 'test'];
const paths = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
);
const sources = paths
  .filter((path) => /\.(tsx?|mjs)$/.test(path))
  .map((path) => readSource({ path, text: readFileSync(join(root, path), 'utf8') }));

describe('the tree is as design.md says', () => {
  it('was read', () => {
    expect(sources.length).toBeGreaterThan(30);
  });

  it('has only arrows of the table', () => {
    expect(forbiddenArrows(sources)).toEqual([]);
  });

  it('has no circle of files', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('keeps each outside package in its home', () => {
    expect(rules.strayPackages(sources)).toEqual([]);
  });

  it('takes time and chance as arguments', () => {
    expect(rules.strayTimeAndChance(sources)).toEqual([]);
  });

  it(`has no file over ${rules.maxLines} lines`, () => {
    const asked = rules.longFiles(sources, rules.askedAtLines);
    if (asked.length > 0) console.info(`asked to justify their length:\n${asked.join('\n')}`);
    expect(rules.longFiles(sources, rules.maxLines)).toEqual([]);
  });

  it('runs every test', () => {
    expect(rules.restrictedTests(sources)).toEqual([]);
  });

  it('has names that say something, in kebab-case', () => {
    expect(rules.badNames(paths)).toEqual([]);
  });

  it('has no other top-level folder', () => {
    const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rules.strayFolders(names.map((entry) => entry.name))).toEqual([]);
  });
});

const source = (path: string, text = ''): Source => readSource({ path, text });
const importing = (path: string, from: string): Source => source(path, `import { a } from '${from}';`);

describe('the rules find what is bad', () => {
  it.each([
    ['drivers → terminal', 'drivers/connection.ts', '../terminal/base/clock.ts'],
    ['drivers → sync', 'drivers/connection.ts', '../sync/clock.ts'],
    ['sync → terminal', 'sync/link.ts', '../terminal/base/clock.ts'],
    ['sync → drivers', 'sync/link.ts', '../drivers/clock.ts'],
    ['sync → sync/host', 'sync/link.ts', './host/store.ts'],
    ['host → terminal', 'sync/host/store.ts', '../../terminal/ledger/post.ts'],
    ['base → ledger', 'terminal/base/money.ts', '../ledger/post.ts'],
    ['base → drivers', 'terminal/base/clock.ts', '../../drivers/clock.ts'],
    ['ledger → users', 'terminal/ledger/post.ts', '../users/user.ts'],
    ['users → ledger', 'terminal/users/user.ts', '../ledger/post.ts'],
    ['capability → capability', 'terminal/payments/sale.ts', '../settlement/batch.ts'],
    ['capability → flow', 'terminal/payments/sale.ts', '../flows/checkout.ts'],
    ['capability → running driver', 'terminal/payments/receipt.ts', '../../drivers/connection.ts'],
    ['capability → protocol code', 'terminal/payments/sale.ts', '../../sync/protocol/messages.ts'],
    ['capability → link', 'terminal/payments/sale.ts', '../../sync/request.ts'],
    ['flow → link', 'terminal/flows/checkout.ts', '../../sync/link.ts'],
    ['flow → driver', 'terminal/flows/checkout.ts', '../../drivers/card-reader/reader.ts'],
    ['flow → screen', 'terminal/flows/checkout.ts', '../screens/amount.ts'],
    ['flow → main', 'terminal/flows/checkout.ts', '../main.ts'],
    ['screen → store', 'terminal/screens/idle.ts', '../payments/store.ts'],
    ['screen → ledger/post', 'terminal/screens/idle.ts', '../ledger/post.ts'],
    ['screen → face', 'terminal/screens/idle.ts', '../faces/tty.ts'],
    ['face → store', 'terminal/faces/tty.ts', '../settlement/store.ts'],
    ['face → driver', 'terminal/faces/tty.ts', '../../drivers/keypad/keypad.ts'],
    ['console → ledger/post', 'terminal/console/server.ts', '../ledger/post.ts'],
    ['cli → store', 'terminal/cli/main.ts', '../payments/store.ts'],
    ['cli → main', 'terminal/cli/main.ts', '../main.ts'],
    ['page → server', 'terminal/console/web/api.ts', '../contract.ts'],
    ['page → flow', 'terminal/console/web/pages/a-page.tsx', '../../../flows/settle.ts'],
    ['terminal → host', 'terminal/main.ts', '../sync/host/store.ts'],
    ['a test → main', 'test/terminal/sale.test.ts', '../../terminal/main.ts'],
    ['scripts → test', 'scripts/demo.ts', '../test/support/test-clock.ts'],
  ])('forbidden: %s', (_, from, to) => {
    expect(forbiddenArrows([importing(from, to)])).toHaveLength(1);
  });

  it.each([
    ['export from', `export { a } from '../sync/link.ts';`],
    ['export all', `export * from '../sync/link.ts';`],
    ['import for its effect', `import '../sync/link.ts';`],
    ['lazy import', `const a = () => import('../sync/link.ts');`],
    ['type import', `import type { A } from '../sync/link.ts';`],
    ['inline type', `let a: import('../sync/link.ts').A;`],
    ['require', `const a = require('../sync/link.ts');`],
  ])('sees an arrow in: %s', (_, text) => {
    expect(forbiddenArrows([source('drivers/connection.ts', text)])).toHaveLength(1);
  });

  it('reads the elements of a page', () => {
    const text = `import { b } from '../../../flows/settle.ts'; const a = <b c={() => <i />}>d</b>;`;
    expect(forbiddenArrows([source('terminal/console/web/pages/a-page.tsx', text)])).toHaveLength(1);
  });

  it('sees no arrow in comments and strings', () => {
    const text = `// import a from '../sync/link.ts';\nconst a = "import b from '../sync/link.ts'";`;
    expect(forbiddenArrows([source('drivers/connection.ts', text)])).toEqual([]);
  });

  it.each([
    [
      'types of a driver in a capability',
      source('terminal/payments/receipt.ts', `import type { Slip } from '../../drivers/devices.ts';`),
    ],
    ['the sender in a capability', importing('terminal/payments/sale.ts', '../../sync/stream/send.ts')],
    ['requests in a flow', importing('terminal/flows/checkout.ts', '../../sync/request.ts')],
    [
      'types of the contract in a page',
      source('terminal/console/web/api.ts', `import type { Session } from '../contract.ts';`),
    ],
    ['queries in a screen', importing('terminal/screens/idle.ts', '../payments/queries.ts')],
    ['everything in main', importing('terminal/main.ts', '../drivers/printer/printer.ts')],
    ['main in a script', importing('scripts/terminal.ts', '../terminal/main.ts')],
    ['main in test/support', importing('test/support/terminal.ts', '../../terminal/main.ts')],
  ])('allowed: %s', (_, sample) => {
    expect(forbiddenArrows([sample])).toEqual([]);
  });

  it('forbids a simulator the class that it is the other end of, not its codec', () => {
    const reader = source('drivers/card-reader/reader.ts', 'export class Reader {}');
    const codec = source('drivers/card-reader/codec.ts', 'export const encode = 1;');
    expect(
      forbiddenArrows([reader, importing('drivers/simulator/reader.ts', '../card-reader/reader.ts')]),
    ).toHaveLength(1);
    expect(forbiddenArrows([codec, importing('drivers/simulator/reader.ts', '../card-reader/codec.ts')])).toEqual([]);
  });

  it('finds a file outside the folders of the design', () => {
    expect(forbiddenArrows([source('terminal/services/sale.ts')])).toHaveLength(1);
  });

  it('finds a circle, through types too', () => {
    const circle = [
      source('sync/a.ts', `import { b } from './b.ts';`),
      source('sync/b.ts', `import type { C } from './c.ts';`),
      source('sync/c.ts', `import { a } from './a.ts';`),
    ];
    expect(cycles(circle)).toEqual(['sync/a.ts → sync/b.ts → sync/c.ts → sync/a.ts']);
    expect(cycles(circle.slice(0, 2))).toEqual([]);
  });

  it.each([
    ['a package in a second folder', 'terminal/flows/checkout.ts', `import mqtt from 'mqtt';`],
    ['a package without a home', 'terminal/base/money.ts', `import dinero from 'dinero.js/sub';`],
    ['a scoped package', 'terminal/base/log.ts', `import { serve } from '@hono/node-server/conninfo';`],
    ['the store in a capability', 'terminal/payments/store.ts', `import Sqlite from 'better-sqlite3';`],
    ['a computed import', 'drivers/connection.ts', 'const a = (b) => import(b);'],
  ])('finds %s', (_, path, text) => {
    expect(rules.strayPackages([source(path, text)])).toHaveLength(1);
  });

  it('lets types of the store pass, and packages at home', () => {
    const ok = [
      source('sync/stream/outbox.ts', `import type { Database } from 'better-sqlite3';`),
      source('sync/link.ts', `import mqtt from 'mqtt'; import { join } from 'node:path';`),
      source('scripts/bench/f11-fee.ts', `import { Decimal } from 'decimal.js';`),
    ];
    expect(rules.strayPackages(ok)).toEqual([]);
  });

  it.each([
    'Date.now()',
    'const clock = Date.now;',
    'new Date()',
    'Date()',
    'performance.now()',
    'setTimeout(f, 1)',
    'globalThis.setInterval(f, 1)',
    `import { setTimeout as wait } from 'node:timers/promises';`,
    'AbortSignal.timeout(1)',
    'process.hrtime.bigint()',
    'Math.random()',
    `import { randomBytes } from 'node:crypto';`,
    'crypto.randomUUID()',
    `import * as crypto from 'node:crypto'; crypto.randomInt(3);`,
    "const sql = `INSERT INTO t VALUES (unixepoch(), 'now', CURRENT_TIMESTAMP)`;",
    `const sql = 'SELECT random()';`,
  ])('finds real time or chance: %s', (text) => {
    expect(rules.strayTimeAndChance([source('terminal/payments/sale.ts', text)])).toHaveLength(1);
    expect(rules.strayTimeAndChance([source('scripts/demo.ts', text)])).toEqual([]);
  });

  it('lets given time pass', () => {
    const text = `const at = (clock) => new Date(clock.now()); // not Date.now()`;
    expect(rules.strayTimeAndChance([source('terminal/payments/sale.ts', text)])).toEqual([]);
  });

  it('allows an exception only what it was made for', () => {
    const keys = source('sync/protocol/keys.ts', 'generateKeyPairSync(); Date.now();');
    expect(rules.strayTimeAndChance([keys])).toEqual(['sync/protocol/keys.ts: Date.now']);
  });

  it('finds a long file', () => {
    expect(rules.longFiles([source('sync/a.ts', ';\n'.repeat(401))], 400)).toHaveLength(1);
    expect(rules.longFiles([source('sync/a.ts', ';\n'.repeat(400))], 400)).toEqual([]);
  });

  it.each([
    'it.skip("a", f)',
    'it.only("a", f)',
    'test.todo("a")',
    'describe.skipIf(x)("a", f)',
    'it.concurrent.only.each([])("a", f)',
  ])('finds a test that does not run: %s', (text) => {
    expect(rules.restrictedTests([source('test/a.test.ts', text)])).toHaveLength(1);
  });

  it.each([
    'sync/index.ts',
    'terminal/base/utils.ts',
    'drivers/types.ts',
    'test/support/helpers.ts',
    'sync/sendDown.ts',
    'drivers/CardReader/codec.ts',
    'sync/send_down.ts',
  ])('finds a bad name: %s', (path) => {
    expect(rules.badNames([path])).toHaveLength(1);
  });

  it('finds a stray folder', () => {
    expect(rules.strayFolders(['terminal', 'node_modules', '.git', 'src'])).toEqual(['src']);
  });
});
