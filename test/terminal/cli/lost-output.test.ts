import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Stage, statusWithoutOutput } from '../../../terminal/cli/lost-output.ts';

/** Standard output is gone: its reader left, or its disk is full. */

const program = join(import.meta.dirname, '../../../dist/pos.js');

describe('statusWithoutOutput', () => {
  it.each<[string, Stage['deed'], boolean, number | undefined]>([
    ['EPIPE', 'none', true, 0],
    ['EPIPE', 'none', false, 1],
    ['EPIPE', 'open', false, 7],
    ['EPIPE', 'open', true, 7],
    ['EPIPE', 'over', false, 7],
    ['EPIPE', 'over', true, undefined],
    ['ENOSPC', 'none', true, 1],
    ['ENOSPC', 'open', false, 7],
    ['ENOSPC', 'over', true, 7],
  ])('%s, deed %s, told %s: %s', (code, deed, told, status) => {
    expect(statusWithoutOutput(Object.assign(new Error(code), { code }), { deed, told })).toBe(status);
  });
});

const inShell = (line: string) => spawnSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' }).status;

describe('pos', () => {
  it.each([
    ['completion bash > /dev/full', 1],
    ['--help > /dev/full', 1],
    ['completion bash | head -1', 0],
    ['--help | true', 0],
  ])('%s ends with %i', (line, status) => {
    expect(inShell(`'${process.execPath}' '${program}' ${line}`)).toBe(status);
  });

  it('settle --json whose reader left in mid-request: 7, nobody knows', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pos-'));
    const line = (value: object): string => `${JSON.stringify(value)}\n`;
    const offer = {
      availableFen: 100,
      unclearedFen: 0,
      inTransitFen: 0,
      account: { name: '', maskedNumber: '', bank: '' },
    };
    const server = createServer((incoming, outgoing) => {
      if (incoming.method === 'GET') outgoing.end(line(offer));
      else outgoing.write(line({ kind: 'progress', at: 'sending' })); // and the result never comes
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
      rmSync(home, { recursive: true });
    });
    await new Promise<void>((resolve) => server.listen(join(home, 'pos.sock'), resolve));
    writeFileSync(join(home, 'secret'), '123456\n');
    const args = [
      program,
      '--home',
      home,
      '--json',
      '--yes',
      '--operator',
      '00',
      '--password-file',
      join(home, 'secret'),
    ];
    const child = spawn(process.execPath, [...args, 'settle', '--all'], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(7);
  });
});
