import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchPage } from './pictures/bench-page.ts';
import { KioskPage, openBrowser } from './pictures/kiosk-page.ts';
import { startWithKiosk } from './pictures/started.ts';

/**
 * Makes the pictures of README from the running program, in scripts/pictures/: `npm run build && node dist/pictures.js`. Needs Chromium with a
 * Chinese font, and tmux. No test runs it.
 */

const root = join(import.meta.dirname, '..');
const folder = join(root, 'scripts/pictures');

async function kioskPictures(home: string): Promise<void> {
  const started = await startWithKiosk(home);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(started.url);
    const kiosk = new KioskPage(page);
    await kiosk.logOn();
    await kiosk.sell(['8', '8', '0', '0'], 'contactless');
    await kiosk.slip('RMB 88.00');
    await page.screenshot({ path: join(folder, 'kiosk.png'), animations: 'disabled' });
    await page.locator('#language').click();
    await kiosk.see('Online');
    await page.setViewportSize({ width: 390, height: 680 });
    await page.screenshot({ path: join(folder, 'kiosk-phone.png'), animations: 'disabled' });
  } finally {
    await browser.close();
    await started.stop();
  }
}

/** The paper ended in the middle of a slip; those of the sale before lie below. */
async function benchPicture(home: string): Promise<void> {
  const started = await startWithKiosk(home);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${started.url}bench/`);
    const bench = new BenchPage(page);
    const sell = async (): Promise<void> => {
      await bench.offer(['8', '8', '0', '0'], 'contactless');
      await bench.kiosk.see('请核对');
      await bench.kiosk.press('enter');
    };
    await bench.kiosk.logOn();
    await sell();
    await bench.kiosk.see('请取签购单');
    await bench.kiosk.press('enter');
    await bench.kiosk.see('已联机');
    await bench.arm('printer', 'paper-out-after', { value: 14, once: true });
    await sell();
    await bench.kiosk.see('缺纸');
    await bench.device('printer').filter({ hasText: '缺纸' }).waitFor();
    await page.locator('#hanging .slip').waitFor();
    await page.screenshot({ path: join(folder, 'bench.png'), animations: 'disabled' });
  } finally {
    await browser.close();
    await started.stop();
  }
}

const session = 'zhangping-pictures';
const tmux = (...args: readonly string[]): string => execFileSync('tmux', ['-u', ...args], { encoding: 'utf8' });

async function seeOnTty(words: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const screen = tmux('capture-pane', '-t', session, '-p');
    if (screen.includes(words)) return screen;
    await sleep(100);
  }
  throw new Error(`${words} never came to the text terminal`);
}

/** The screen on a text terminal at the end of a sale, as text. */
async function ttyPicture(home: string): Promise<void> {
  const program = `${process.execPath} ${join(root, 'dist/start.js')} --home ${home}`;
  tmux('new-session', '-d', '-s', session, '-x', '72', '-y', '29', program);
  const type = (...keys: readonly string[]) => tmux('send-keys', '-t', session, ...keys);
  try {
    await seeOnTty('操作员登录');
    type('01', 'Enter', '0000', 'Enter');
    await seeOnTty('已联机');
    type('1', '8800', 'Enter');
    await seeOnTty('请挥卡或刷卡');
    type('c');
    await seeOnTty('请核对');
    type('Enter');
    await seeOnTty('RMB 88.00');
    const screen = await seeOnTty('请取签购单');
    writeFileSync(join(folder, 'tty.txt'), `${screen.trimEnd()}\n`);
    type('Enter', 'q', 'q');
    await sleep(500);
  } finally {
    spawnSync('tmux', ['kill-session', '-t', session]); // it is gone already when all went well
  }
}

async function main(): Promise<void> {
  for (const picture of [kioskPictures, benchPicture, ttyPicture]) {
    const home = mkdtempSync(join(tmpdir(), 'pos-pictures-'));
    try {
      await picture(home);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  process.stdout.write(`图片 pictures: ${folder}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
