// Bundles every program into dist/: dist/NAME.js is a small launcher, dist/NAME.code.js the bundle, dist/NAME.cache V8's compiled form of it.
// CommonJS, because on Node 20 the ESM loader alone costs 3 ms and cannot use a code cache, which takes 40 ms off the start (figures.md, F3).
// Programs must do without top-level await. `node scripts/build.mjs NAME …` builds only some; without names, nothing is done when no input
// changed. Writes to stderr only, so that `npm run --silent pos -- … --json` stays JSON.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import { consoleInputs } from './console-inputs.mjs';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const stampFile = join(dist, 'build.json');
const consoleFolder = join(dist, 'console');
const consoleStampFile = join(dist, 'console.json');
const asked = process.argv.slice(2);

/** Programs that others load with a dynamic import when something is on the screen already; so those stay small. */
const parts = { programs: 'scripts/programs.ts' };

/** Program name → entry file; those that exist. */
function programs() {
  const benchFolder = join(root, 'scripts/bench');
  const children = existsSync(benchFolder) ? readdirSync(benchFolder).filter((file) => file.endsWith('-child.ts')) : [];
  const all = {
    start: 'scripts/start.ts',
    demo: 'scripts/demo.ts',
    storm: 'scripts/storm.ts',
    fuzz: 'scripts/fuzz.ts',
    rules: 'scripts/rules.ts',
    bench: 'scripts/bench.ts',
    terminal: 'scripts/terminal.ts',
    ...parts,
    broker: 'scripts/broker.ts',
    pictures: 'scripts/pictures.ts',
    pos: 'terminal/cli/main.ts',
    host: 'sync/host/main.ts',
    ...Object.fromEntries(children.map((file) => [`bench-${basename(file, '.ts')}`, `scripts/bench/${file}`])),
  };
  const wanted = ([name, entry]) =>
    (asked.length === 0 || asked.includes(name) || name in parts) && existsSync(join(root, entry));
  return Object.fromEntries(Object.entries(all).filter(wanted));
}

const fingerprint = (file) => {
  const stat = statSync(join(root, file), { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}` : 'none';
};

/** What was built and from what; equal stamps mean that there is nothing to do. */
const stampOf = (inputs) => ({
  node: process.version + process.arch,
  programs: programs(),
  inputs: Object.fromEntries(inputs.map((file) => [file, fingerprint(file)])),
});

function upToDate() {
  try {
    const old = JSON.parse(readFileSync(stampFile, 'utf8'));
    const outputs = Object.keys(old.programs).flatMap((name) => [`${name}.js`, `${name}.code.js`, `${name}.cache`]);
    return (
      JSON.stringify(stampOf(Object.keys(old.inputs))) === JSON.stringify(old) &&
      outputs.every((file) => existsSync(join(dist, file)))
    );
  } catch {
    return false;
  }
}

/** The pages of the console have inputs and a stamp of their own: vite is loaded only when they changed. */
function consoleStamp() {
  const builders = ['scripts/build-console.mjs', 'scripts/console-inputs.mjs', 'package-lock.json'];
  return JSON.stringify([...consoleInputs(root), ...builders].map((file) => [file, fingerprint(file)]));
}

function consoleUpToDate() {
  if (!existsSync(join(consoleFolder, 'index.html')) || !existsSync(consoleStampFile)) return false;
  return readFileSync(consoleStampFile, 'utf8') === consoleStamp();
}

async function buildConsolePages() {
  if ((asked.length > 0 && !asked.includes('console')) || consoleUpToDate()) return;
  const started = performance.now();
  const stamp = consoleStamp(); // before: what changes meanwhile is built again
  const { buildConsole } = await import('./build-console.mjs');
  mkdirSync(dist, { recursive: true });
  await buildConsole(consoleFolder);
  write(consoleStampFile, stamp);
  process.stderr.write(`控制台页面 console pages in ${Math.round(performance.now() - started)} ms\n`);
}

/** Whole or not at all, since programs of an earlier build may be running. */
function write(file, contents) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

/** better-sqlite3 searches a dozen places for its binding; the bundle takes it by its path. */
const bindingByPath = {
  name: 'binding-by-path',
  setup(build) {
    build.onResolve({ filter: /^bindings$/ }, () => ({ path: 'bindings', namespace: 'binding-by-path' }));
    build.onLoad({ filter: /.*/, namespace: 'binding-by-path' }, () => {
      const folder = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
      const path = relative(dist, join(folder, 'build/Release/better_sqlite3.node'));
      return { contents: `module.exports = () => require(${JSON.stringify(`./${path}`)});`, loader: 'js' };
    });
  },
};

const partsApart = {
  name: 'parts-apart',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const part = Object.keys(parts).find((name) => join(root, parts[name]) === join(resolveDir, path));
      return part && kind === 'dynamic-import' ? { path: `./${part}.js`, external: true } : undefined;
    });
  },
};

async function bundle() {
  const esbuild = await import('esbuild');
  const entries = programs();
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([name, entry]) => ({ in: entry, out: `${name}.code` })),
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // With nothing but ASCII inside, the launcher reads the bundle without decoding it.
    charset: 'ascii',
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
    // Native packages find their own files; the others serve development only.
    external: ['*.node', 'serialport', 'node-hid', 'koffi', 'node-thermal-printer', 'playwright-core'],
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      'import.meta.url': '__importMeta.url',
    },
    banner: {
      js: "(function (exports, require, module, __filename, __dirname) { const __importMeta = { get url() { return require('node:url').pathToFileURL(__filename).href; } };",
    },
    footer: { js: '})' },
    plugins: [bindingByPath, partsApart],
  });
}

/** What esbuild leaves are comments inside functions. All ASCII, the launcher takes the file as it is: 2 MB of UTF-8 cost 20 ms. */
const ascii = (source) =>
  source.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Everything compiled ahead. The flag is put back before V8 writes its hash of all flags into the cache. */
function compiledWhole(source, filename) {
  setFlagsFromString('--no-lazy');
  const script = new vm.Script(source, { filename });
  setFlagsFromString('--lazy');
  return script.createCachedData();
}

/**
 * Programs whose start is felt, with a trial run of it: what ran by then is compiled ahead, which reads 15 ms and 10 MB less than everything.
 * The terminal is there when it says `mark ready` (scripts/mark.ts).
 */
const trials = {
  programs: { args: (home) => ['--home', home, '--face'], run: 'exported.terminalProgram(process.argv.slice(2))' },
  pos: { args: () => ['--help'], run: '' },
};
const trialMs = 5_000;

function compiledByTrial(name, filename) {
  const folder = mkdtempSync(join(tmpdir(), 'build-'));
  const [trial, cache, home] = ['trial.cjs', 'cache', 'home'].map((part) => join(folder, part));
  try {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(
      trial,
      `const fs = require('node:fs');
      const filename = ${JSON.stringify(filename)};
      const script = new (require('node:vm').Script)(fs.readFileSync(filename, 'latin1'), { filename });
      process.on('exit', () => fs.writeFileSync(${JSON.stringify(cache)}, script.createCachedData()));
      const { writeSync } = fs;
      fs.writeSync = (fd, ...rest) => (fd === 3 ? process.exit(0) : writeSync(fd, ...rest));
      setTimeout(() => process.exit(1), ${trialMs});
      const module_ = { exports: {} };
      script.runInThisContext().call({}, module_.exports, require('node:module').createRequire(filename), module_, filename, ${JSON.stringify(dist)});
      const exported = module_.exports;
      ${trials[name].run}`,
    );
    const run = () =>
      spawnSync(process.execPath, [trial, ...trials[name].args(home)], {
        stdio: 'ignore',
        env: { ...process.env, POS_MARKS: '1' },
      });
    run(); // a first start makes keys and a database; the second is like all others
    return run().status === 0 ? readFileSync(cache) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const compiled = (name, source, filename) =>
  (name in trials && compiledByTrial(name, filename)) || compiledWhole(source, filename);

/** V8 compares only the length of the source, so the launcher compares the hash that stands in front of the cache. */
const launcher = (name, id) => `#!/usr/bin/env node
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { Script } = require('node:vm');
const filename = __dirname + '/${name}.code.js';
let cachedData;
try {
  const cache = readFileSync(__dirname + '/${name}.cache');
  if (cache.toString('latin1', 0, ${id.length}) === '${id}') cachedData = cache.subarray(${id.length});
} catch {}
const program = new Script(readFileSync(filename, 'latin1'), { filename, cachedData }).runInThisContext();
program.call(exports, exports, createRequire(filename), module, filename, __dirname);
`;

function writeProgram(name, bundled) {
  const files = { start: join(dist, `${name}.js`), code: bundled.path, cache: join(dist, `${name}.cache`) };
  const source = ascii(bundled.text);
  const id = createHash('sha256').update(source).update(process.version).digest('hex').slice(0, 32);
  const text = launcher(name, id);
  if (Object.values(files).every((file) => existsSync(file)) && readFileSync(files.start, 'utf8') === text) return;
  rmSync(files.cache, { force: true }); // never beside other code, for V8 would hardly notice
  write(files.code, source);
  write(files.cache, Buffer.concat([Buffer.from(id), compiled(name, source, files.code)]));
  write(files.start, text);
  chmodSync(files.start, 0o755);
}

async function buildPrograms() {
  if (asked.length === 0 && upToDate()) return;
  const started = performance.now();
  mkdirSync(dist, { recursive: true });
  const { outputFiles, metafile } = await bundle();
  write(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  for (const file of outputFiles) {
    if (file.path.endsWith('.map')) write(file.path, file.contents);
    else writeProgram(basename(file.path, '.code.js'), file);
  }
  const inputs = Object.keys(metafile.inputs).filter((file) => !file.startsWith('binding-by-path:'));
  const stamp = stampOf([...inputs, 'scripts/build.mjs', 'package-lock.json']);
  if (asked.length === 0) write(stampFile, JSON.stringify(stamp));
  process.stderr.write(
    `构建完成 built ${Object.keys(stamp.programs).length} programs in ${Math.round(performance.now() - started)} ms\n`,
  );
}

// One after the other: on two cores each uses both, and a trial run beside vite would measure it.
async function main() {
  await buildPrograms();
  await buildConsolePages();
}

main().catch((error) => {
  process.stderr.write(`构建失败 build failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
