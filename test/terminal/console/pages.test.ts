import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { consoleRig } from './console-rig.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function built(): string {
  const root = mkdtempSync(join(tmpdir(), 'pages-'));
  folders.push(root);
  const folder = join(root, 'console');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.js'), 'secret');
  writeFileSync(
    join(folder, 'index.html'),
    '<meta name="csp-nonce" content="__NONCE__"><style nonce="__NONCE__"></style>',
  );
  writeFileSync(join(folder, 'assets/main-x1.js'), 'plain');
  writeFileSync(join(folder, 'assets/main-x1.js.br'), brotliCompressSync('packed'));
  writeFileSync(join(folder, 'assets/.hidden.js'), 'hidden');
  symlinkSync(join(root, 'secret.js'), join(folder, 'assets/link.js'));
  return folder;
}

/** As it is written: `fetch` would tidy the path up. */
const raw = (url: string, path: string): Promise<{ readonly status: number | undefined; readonly text: string }> =>
  new Promise((resolve, reject) => {
    request(url, { path }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });

test('the page has a nonce of its own each time, and nothing inline or foreign runs', async () => {
  const rig = await consoleRig({}, { pages: built() });
  const pages = await Promise.all([rig.visitor().get('/'), rig.visitor().get('/')]);
  const nonces = pages.map(({ headers, body }) => {
    const policy = headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(String(body['text']).split(nonce)).toHaveLength(3);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(2);
  const [page] = pages;
  expect(page?.headers.get('cache-control')).toBe('no-store');
  expect(page?.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page?.headers.get('referrer-policy')).toBe('no-referrer');
});

test('who is logged in is told where the bench page is', async () => {
  const rig = await consoleRig({}, { pages: built() });
  rig.console.showBench('http://127.0.0.1:45657/token/bench/');
  expect((await (await rig.stranger()).session())['bench']).toBeUndefined();
  expect((await (await rig.loggedIn('wang')).session())['bench']).toContain('/bench/');
});

test('assets are kept for ever by the browser, and come packed to who can unpack them', async () => {
  const rig = await consoleRig({}, { pages: built() });
  const packed = await rig.visitor().get('/assets/main-x1.js', { 'Accept-Encoding': 'gzip, br' });
  expect(packed.body['text']).toBe('packed');
  expect(packed.headers.get('cache-control')).toContain('immutable');
  expect(packed.headers.get('content-type')).toContain('text/javascript');
  const plain = await rig.visitor().get('/assets/main-x1.js', { 'Accept-Encoding': 'identity' });
  expect(plain.body['text']).toBe('plain');
});

test.each([
  '/assets/../../secret.js',
  '/assets/..%2f..%2fsecret.js',
  '/..%2fsecret.js',
  '/assets/%2e%2e/%2e%2e/secret.js',
  '/assets/..\\..\\secret.js',
  '/assets//etc/passwd.js',
  '/assets/.hidden.js',
  '/assets/link.js',
  '/assets/main-x1.js%00.js',
  '/assets/missing.js',
  '/assets/main-x1.html',
])('%s is no file of the pages', async (path) => {
  const rig = await consoleRig({}, { pages: built() });
  const { status, text } = await raw(rig.console.url, path);
  expect([400, 404]).toContain(status);
  expect(text).not.toMatch(/secret|hidden|root:/);
});

test('without built pages it says how it is', async () => {
  const rig = await consoleRig();
  expect(await rig.visitor().get('/')).toMatchObject({
    status: 404,
    body: { text: expect.stringContaining('not built') },
  });
});
