// Builds the pages of the console (terminal/console/web) into dist/console: index.html, hashed assets, no source maps, no foreign host. The server puts a nonce into
// index.html at each request.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..');
const web = join(root, 'terminal/console/web');

const groups = [
  { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 2 },
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 1 },
];

/** Beside each script and style, so that a phone loads a third of it; the server does not compress. */
function compress(folder) {
  for (const file of readdirSync(folder).filter((name) => /\.(js|css)$/.test(name)))
    writeFileSync(join(folder, `${file}.gz`), gzipSync(readFileSync(join(folder, file))));
}

/** Whole or not at all, since a server of an earlier build may be reading. */
export async function buildConsole(to) {
  const fresh = `${to}.${process.pid}`;
  try {
    await build({
      root: web,
      base: './',
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      build: {
        outDir: fresh,
        emptyOutDir: true,
        target: 'es2022',
        sourcemap: false,
        reportCompressedSize: false,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2_000,
        assetsInlineLimit: 0,
        rolldownOptions: { input: join(web, 'console.html'), output: { codeSplitting: { groups } } },
      },
    });
    // The tree may hold no index.html (a name that says nothing), the server wants one.
    renameSync(join(fresh, 'console.html'), join(fresh, 'index.html'));
    compress(join(fresh, 'assets'));
    rmSync(to, { recursive: true, force: true });
    renameSync(fresh, to);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
