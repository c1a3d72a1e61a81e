// Packs what a device needs into dist/device/zhangping-VERSION-linux-ARCH.tar.gz: `npm run bundle [-- --out DIR]`. The terminal program, `pos`, the pages of the
// console, and of node_modules the native parts alone: nothing is installed or compiled on the device. better-sqlite3 is compiled for one Node and one kind of processor,
// those of this machine; install.sh tries it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const programs = ['terminal', 'programs', 'pos'];
const { values } = parseArgs({ options: { out: { type: 'string', default: join(dist, 'device') } } });

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { version, license, engines } = readJson(join(root, 'package.json'));
const { arch, versions } = process;
const name = `zhangping-${version}-linux-${arch}`;

/** The folder of a package, as seen by the file or folder `from`. */
const folderOf = (pack, from = join(root, 'package.json')) =>
  dirname(createRequire(from).resolve(`${pack}/package.json`));

/** The one native file in `folder` that fits this machine: glibc, and on ARM the newest processor that is there. */
function prebuilt(folder, fits) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.node') && fits(file));
  if (files.length === 0) throw new Error(`${folder}: nothing for ${arch}`);
  return join(folder, files.sort().at(-1));
}

/** Packages with native parts: what their JavaScript becomes, and what it asks for its native part. */
const natives = {
  'better-sqlite3': {
    file: (folder) => join(folder, 'build/Release/better_sqlite3.node'),
    to: 'build/Release/better_sqlite3.node', // where the bundles look for it (build.mjs)
  },
  serialport: {
    main: 'dist/index.js',
    loader: /^node-gyp-build$/,
    file: (folder) => {
      const bindings = folderOf('@serialport/bindings-cpp', join(folder, 'package.json'));
      return prebuilt(join(bindings, 'prebuilds', `linux-${arch}`), (file) => file.includes('glibc'));
    },
    to: 'dist/serialport.node',
  },
  'node-hid': {
    main: 'nodehid.js',
    loader: /^pkg-prebuilds\/bindings$/,
    file: (folder) => prebuilt(join(folder, 'prebuilds', `HID_hidraw-linux-${arch}`), () => true),
    to: 'HID_hidraw.node',
  },
};

/** package.json, licence, the native file, and all JavaScript of the package and its dependencies in one file that takes the native file by its path. */
async function packNative(pack, { main, loader, file, to }, into) {
  const folder = folderOf(pack);
  mkdirSync(dirname(join(into, to)), { recursive: true });
  cpSync(file(folder), join(into, to));
  cpSync(join(folder, 'package.json'), join(into, 'package.json'));
  for (const licence of licencesIn(folder)) cpSync(licence, join(into, basename(licence)));
  if (!main) return;
  const native = `./${to.slice(to.startsWith(dirname(main)) ? dirname(main).length + 1 : 0)}`;
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [join(folder, main)],
    outfile: join(into, main),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'warning',
    external: ['*.node'],
    plugins: [
      {
        name: 'native-by-path',
        setup(build) {
          build.onResolve({ filter: loader }, ({ path }) => ({ path, namespace: 'native' }));
          build.onLoad({ filter: /.*/, namespace: 'native' }, () => ({
            contents: `module.exports = () => require(${JSON.stringify(native)});`,
          }));
        },
      },
    ],
  });
}

const licencesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
    .map((entry) => join(folder, entry.name));

/** The packages whose code is in the bundles and pages, with what they need themselves, each by its folder. */
function packagesInside() {
  const inputs = Object.keys(readJson(join(dist, 'build.json')).inputs);
  const bundled = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const found = new Set(bundled.map((folder) => join(root, folder)));
  const open = ['react', 'react-dom', 'antd', 'dayjs', 'echarts', 'serialport', 'node-hid'].map((pack) =>
    folderOf(pack),
  );
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (found.has(folder)) continue;
    found.add(folder);
    for (const pack of Object.keys(readJson(join(folder, 'package.json')).dependencies ?? {})) {
      const above = [join(folder, 'node_modules', pack), join(dirname(folder), pack), join(root, 'node_modules', pack)];
      const there = above.find((one) => existsSync(join(one, 'package.json')));
      if (there) open.push(there);
    }
  }
  return [...found].sort();
}

function thirdParty() {
  return packagesInside()
    .map((folder) => {
      const { name: pack, version: its, license: terms } = readJson(join(folder, 'package.json'));
      const texts = licencesIn(folder).map((file) => readFileSync(file, 'utf8').trim());
      return [`${pack} ${its}  ${typeof terms === 'string' ? terms : ''}`, ...texts].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

async function fill(folder) {
  for (const program of programs)
    for (const ending of ['.js', '.code.js', '.cache'])
      cpSync(join(dist, program + ending), join(folder, 'lib', program + ending));
  cpSync(join(dist, 'console'), join(folder, 'lib/console'), { recursive: true });
  for (const [pack, parts] of Object.entries(natives))
    await packNative(pack, parts, join(folder, 'node_modules', pack));
  cpSync(join(root, 'scripts/install'), folder, { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), `${thirdParty()}\n`);
  const device = `Node ${versions.node.split('.')[0]}, linux ${arch}`;
  const facts = { name: 'zhangping', version, license, engines, type: 'commonjs', device };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

async function main() {
  if (process.platform !== 'linux') throw new Error('a bundle is made on Linux');
  const work = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    await fill(join(work, name));
    mkdirSync(values.out, { recursive: true });
    const file = join(values.out, `${name}.tar.gz`);
    const packed = spawnSync('tar', [
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '-czf',
      file,
      '-C',
      work,
      name,
    ]);
    if (packed.status !== 0) throw new Error(`tar: ${packed.stderr}`);
    process.stdout.write(`${file}\n`);
  } finally {
    rmSync(work, { recursive: true });
  }
}

main().catch((error) => {
  process.stderr.write(`打包失败 not bundled: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
