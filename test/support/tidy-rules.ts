import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Source } from './tidy-source.ts';

const startsIn = (path: string, places: readonly string[]): boolean => places.some((place) => path.startsWith(place));

/** Where an outside package may be imported, so that it can be replaced; scripts and test are free. */
interface Home {
  readonly folders: readonly string[];
  /** Its types may be named elsewhere too. */
  readonly typesElsewhere?: boolean;
}

export const homes: Readonly<Record<string, Home>> = {
  // The terminal's tables of a stream are written by sync with the handle that the terminal opened: hence types.
  'better-sqlite3': { folders: ['terminal/base/', 'sync/host/'], typesElsewhere: true },
  kysely: { folders: ['sync/host/'] },
  mqtt: { folders: ['sync/'] },
  aedes: { folders: ['sync/broker.ts'] },
  serialport: { folders: ['drivers/transport/'] },
  'node-hid': { folders: ['drivers/transport/'] },
  'iconv-lite': { folders: ['drivers/'] },
  'decimal.js': { folders: ['terminal/ledger/'] },
  // Both programs log; neither may import the other.
  pino: { folders: ['terminal/base/', 'sync/host/'] },
  'pino-roll': { folders: ['terminal/base/', 'sync/host/'] },
  // Each edge checks what comes in.
  valibot: {
    folders: [
      'sync/',
      'terminal/config.ts',
      'terminal/base/',
      'terminal/bench/',
      'terminal/faces/',
      'terminal/console/',
      'terminal/cli/',
    ],
  },
  // Pages, and the socket that the command line talks to.
  hono: { folders: ['terminal/bench/', 'terminal/faces/', 'terminal/console/', 'terminal/cli/', 'sync/host/'] },
  '@hono/node-server': { folders: ['terminal/faces/', 'terminal/console/', 'terminal/cli/', 'sync/host/'] },
  commander: { folders: ['terminal/cli/'] },
  qrcode: { folders: ['terminal/console/', 'terminal/faces/'] },
  // The pages of the console.
  react: { folders: ['terminal/console/web/'] },
  'react-dom': { folders: ['terminal/console/web/'] },
  antd: { folders: ['terminal/console/web/'] },
  dayjs: { folders: ['terminal/console/web/'] },
  echarts: { folders: ['terminal/console/web/parts/'] },
  nodemailer: { folders: ['sync/host/'] },
  // Each side has its own calendar.
  'chinese-days': { folders: ['terminal/settlement/', 'sync/host/'] },
  'cli-table3': { folders: ['terminal/cli/'] },
};

/** `@hono/node-server/conninfo` → `@hono/node-server`; undefined for our own files and Node's modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Outside packages imported outside their home, and computed imports, which no rule can follow. */
export function strayPackages(sources: readonly Source[]): readonly string[] {
  return sources
    .filter((source) => !startsIn(source.path, ['scripts/', 'test/']))
    .flatMap((source) =>
      source.imports.flatMap((i) => {
        if (i.from === '(computed)') return [`${source.path}: a computed import`];
        const name = packageOf(i.from);
        if (name === undefined) return [];
        const home = homes[name];
        if (!home) return [`${source.path}: ${name} has no home (test/support/tidy-rules.ts)`];
        if (startsIn(source.path, home.folders) || (i.typeOnly && home.typesElsewhere)) return [];
        return [`${source.path}: ${name} belongs to ${home.folders.join(' ')}`];
      }),
    );
}

/** design.md, rule 7, and who else may, with the reason. */
export const realTimeAndChance: readonly {
  readonly in: string;
  readonly uses?: readonly string[];
  readonly why: string;
}[] = [
  { in: 'terminal/base/clock.ts', why: 'the real clock of the terminal' },
  { in: 'terminal/base/random.ts', why: 'the real chance of the terminal' },
  { in: 'sync/host/main.ts', why: 'the host program makes its own' },
  { in: 'sync/protocol/keys.ts', uses: ['generateKeyPairSync'], why: 'a key pair is made once and never replayed' },
  {
    in: 'sync/protocol/sealing.ts',
    uses: ['generateKeyPairSync', 'randomBytes'],
    why: 'a nonce and a one-time key must never repeat, not even in a replay',
  },
  {
    in: 'sync/stream/migrations.ts',
    uses: ['SQL randomblob('],
    why: 'the epoch is made with the database and must differ in every one',
  },
  {
    in: 'terminal/console/web/browser.ts',
    uses: ['Date.now', 'setTimeout', 'setInterval', 'randomUUID'],
    why: 'the real clock and chance of a browser',
  },
  { in: 'scripts/', why: 'programs around the terminal' },
  { in: 'test/', why: 'tests wait for real processes with a time limit' },
];

export function strayTimeAndChance(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) => {
    const exceptions = realTimeAndChance.filter(
      (e) => source.path === e.in || (e.in.endsWith('/') && source.path.startsWith(e.in)),
    );
    const allowed = (what: string) => exceptions.some((e) => e.uses === undefined || e.uses.includes(what));
    return [...new Set(source.timeAndChance)].filter((what) => !allowed(what)).map((what) => `${source.path}: ${what}`);
  });
}

export const maxLines = 400;
export const askedAtLines = 300;

export const longFiles = (sources: readonly Source[], limit: number): readonly string[] =>
  sources.filter((source) => source.lines > limit).map((source) => `${source.path}: ${source.lines} lines`);

export const restrictedTests = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap((source) => source.restrictedTests.map((what) => `${source.path}: ${what}`));

const emptyWords = /^(index|utils?|types|helpers?|misc)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Names that say nothing, and names that are not kebab-case. */
export function badNames(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const stem = posix.basename(path).replace(/(\.(test|d|html|css))?\.[a-z0-9]+$/, '');
    const problems = [
      ...(emptyWords.test(stem) ? ['a name that says nothing'] : []),
      ...([...posix.dirname(path).split('/'), stem].every((word) => kebab.test(word)) ? [] : ['not kebab-case']),
    ];
    return problems.map((problem) => `${path}: ${problem}`);
  });
}

const topLevel = new Set(['terminal', 'drivers', 'sync', 'scripts', 'test']);
const generated = new Set(['node_modules', 'dist', 'coverage']);

/** Top-level folders that the owner did not fix. Those with a dot belong to tools. */
export const strayFolders = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !topLevel.has(name) && !generated.has(name) && !name.startsWith('.'));
