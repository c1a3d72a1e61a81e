import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../terminal/base/clock.ts';
import { runPos } from '../../../terminal/cli/program.ts';
import { ScenarioStage } from '../../support/scenario-stage.ts';
import { capturedShell } from './captured-shell.ts';
import { posRig } from './pos-rig.ts';

let stage: ScenarioStage;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pos-sim-'));
  stage = await ScenarioStage.start();
}, 30_000);
afterAll(async () => {
  await stage.stop();
  rmSync(folder, { recursive: true });
});

/** `pos` against the running terminal; its own waits take real time. */
async function pos(...argv: readonly string[]) {
  const shell = { ...capturedShell({ env: { POS_HOME: stage.system.home } }), clock: systemClock };
  const exit = await runPos(['sim', ...argv], shell);
  return { exit, out: shell.stdout(), err: shell.stderr() };
}
const json = async (...argv: readonly string[]): Promise<unknown> => JSON.parse((await pos(...argv, '--json')).out);
const shown = async (text: string): Promise<void> =>
  stage.system.eventually(text, async () => (await stage.client.screen()).rows.some((row) => row.includes(text)));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const sale = [
  { do: { keys: '1 6600 ⏎' } },
  { expect: { screen: '请挥卡' } },
  { do: { card: { name: 'unionpay-debit', by: 'contactless' } } },
  { expect: { screen: '622202*********0128' } },
  { do: { keys: '⏎' } },
  { expect: { screen: '交易成功', slip: { count: 2 }, ledger: { state: 'PAID', prints: 1 } } },
  { do: { keys: '⏎' } },
  { expect: { screen: '1消费' } },
];

describe('pos sim', () => {
  it('a sale by hand: keys, card, slip, wire', async () => {
    // Somebody has to log on first.
    expect(await pos('key', '01', '⏎', '0000', '⏎')).toMatchObject({ exit: 0, out: '完成\n', err: '' });
    await shown('1消费');
    await pos('key', '1', '7700', '⏎');
    await shown('请挥卡');
    expect((await pos('card', 'unionpay-debit')).exit).toBe(0);
    await shown('622202*********0128');
    await pos('key', '⏎');
    await shown('交易成功');
    await stage.system.eventually('both slips', async () => (await stage.client.slips()).length === 2);
    const slip = await pos('slip');
    expect(slip.out).toContain('RMB 77.00');
    expect(await json('slip', '--last', '2')).toMatchObject({
      slips: [
        { no: 1, cut: true },
        { no: 2, cut: true },
      ],
    });
    const wire = await pos('wire', '--device', 'card-reader', '--last', '500');
    expect(wire.out).toMatch(/card-reader → activate 02-40 9F02=000000007700/);
    expect(wire.out).toMatch(/57=\*\*\*/);
    expect(wire.out).not.toContain('6222021234567890128');
  });

  it('lists cards, codes and every fault by device, in both languages', async () => {
    expect((await pos('card')).out).toMatch(/unionpay-debit +银联借记卡 +622202\*{9}0128 +contactless insert swipe/);
    expect((await pos('code')).out).toMatch(/wechat +微信付款码 +13\*+1234/);
    const { out } = await pos('fault');
    for (const row of [/printer +paper-out +缺纸/, /card-reader +two-cards +两张卡/, /任一 +late-answer .* 1500 ms/])
      expect(out).toMatch(row);
    const english = await pos('fault', 'printer', '--lang', 'en');
    expect(english.out).toMatch(/printer +paper-out +no paper/);
    expect(english.out).not.toMatch(/[\u4e00-\u9fff]|card-reader/);
  });

  it('arms a fault with its numbers, unplugs, mends, and resets', async () => {
    expect(
      (await pos('fault', 'printer', 'paper-out-after', '--times', '1', '--probability', '0.5', '--value', '3')).exit,
    ).toBe(0);
    expect((await pos('unplug', 'scanner')).exit).toBe(0);
    const { devices } = await stage.client.state();
    expect(devices.find(({ name }) => name === 'printer')?.faults).toEqual([
      { fault: 'paper-out-after', times: 1, probability: 0.5, value: 3 },
    ]);
    expect(devices.find(({ name }) => name === 'scanner')?.plugged).toBe(false);
    expect((await pos('fault', 'printer')).out).toMatch(/paper-out-after .* 已注入/);
    expect((await pos('mend', 'printer')).exit).toBe(0);
    expect((await pos('plug', 'scanner', '--elsewhere')).exit).toBe(0);
    expect((await pos('link', 'offline')).exit).toBe(0);
    expect((await pos('link')).out).toContain('线路 已断开');
    expect((await pos('reset')).exit).toBe(0);
    const after = await stage.client.state();
    expect(after.devices.flatMap(({ faults }) => faults)).toEqual([]);
    expect(after.devices.find(({ name }) => name === 'scanner')).toMatchObject({
      plugged: true,
      port: expect.stringContaining('#2'),
    });
    expect(after.link.cut).toBe(false);
  });

  it.each<[string, readonly string[], number, string]>([
    ['no such fault', ['fault', 'printer', 'coffee'], 4, 'NOT_FOUND'],
    ['no such device', ['fault', 'oven', 'hot'], 2, 'oven'],
    ['a number that is none', ['fault', 'printer', 'paper-out', '--times', 'often'], 2, '--times'],
    ['no such card', ['card', 'gold'], 4, 'gold'],
    ['a PIN that nobody asked for', ['pin', '123456'], 1, 'ILLEGAL_STATE'],
    ['a key that there is not', ['key', 'tab'], 2, 'tab'],
    ['two codes', ['code', 'wechat', '--text', 'x'], 2, '--text'],
    ['a file that there is not', ['run', '/nowhere.json'], 2, '/nowhere.json'],
  ])('refuses %s', async (_, argv, exit, words) => {
    const ended = await pos(...argv);
    expect(ended).toMatchObject({ exit, out: '' });
    expect(ended.err).toContain(words);
  });

  it('run plays files and says which failed', async () => {
    const good = file('good.json', { name: { zh: '好', en: 'good' }, steps: sale });
    const bad = file('bad.json', {
      name: { zh: '坏', en: 'bad' },
      steps: [{ expect: { screen: '不会出现', withinMs: 20 } }],
    });
    const one = await pos('run', good);
    expect(one).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/✓ 好 \(.*good.json, \d+ ms\)\n1 个场景全部通过\n/),
    });
    const two = await pos('run', good, bad, '--lang', 'en');
    expect(two).toMatchObject({
      exit: 1,
      out: expect.stringMatching(/✗ bad[\s\S]*step 1[\s\S]*screen: no 不会出现[\s\S]*1 of 2 failed/),
    });
    expect(await json('run', bad, '--quiet')).toMatchObject({
      kind: 'result',
      failed: 1,
      played: [{ failure: { step: 1 } }],
    });
  });

  it('records, and replays without a terminal', async () => {
    const tape = join(folder, 'tape.ndjson');
    expect((await pos('record', 'start')).exit).toBe(0);
    await stage.client.act('/clock', { advanceMs: 3_000 });
    await stage.system.eventually('devices again', async () =>
      (await stage.client.state()).devices.every(({ state }) => state === 'ready'),
    );
    expect((await pos('run', file('sale.json', { name: { zh: '卖', en: 'sell' }, steps: sale }))).exit).toBe(0);
    expect(await pos('record', 'stop', tape)).toMatchObject({ exit: 0, out: expect.stringContaining(tape) });
    expect(readFileSync(tape, 'utf8')).not.toContain('6222021234567890128');
    for (const device of ['card-reader', 'printer']) {
      const shell = { ...capturedShell({ env: { POS_HOME: '/nowhere' } }), clock: systemClock };
      expect(await runPos(['sim', 'replay', tape, '--device', device], shell)).toBe(0);
      expect(shell.stdout()).toMatch(/^与录制一致: \d+ 次调用/);
    }
  });

  it('stops no recording that it cannot write, and none that was not begun', async () => {
    const [taken, free] = [join(folder, 'taken.ndjson'), join(folder, 'free.ndjson')];
    writeFileSync(taken, 'kept');
    expect(await pos('record', 'stop', free)).toMatchObject({ exit: 1, err: expect.stringContaining('没有在录制') });
    expect(existsSync(free)).toBe(false);
    expect((await pos('record', 'start')).exit).toBe(0);
    expect(await pos('record', 'stop', taken)).toMatchObject({ exit: 2, err: expect.stringContaining(taken) });
    expect(readFileSync(taken, 'utf8')).toBe('kept');
    expect((await pos('record', 'stop', free)).exit).toBe(0);
    expect(readFileSync(free, 'utf8')).toContain('"dir":"note"');
  });
});

describe('pos sim on a terminal that is not simulated', () => {
  const rig = posRig();
  it('is refused in a clear sentence', async () => {
    await rig.serve({});
    for (const line of ['sim card', 'sim reset', 'sim fault printer paper-out', 'sim wire'])
      expect(await rig.pos(line)).toMatchObject({ exit: 1, out: '', err: '错误: 仅模拟模式可用 (NOT_SIMULATED)\n' });
    expect((await rig.pos('sim key 1 --lang en')).err).toBe('Error: Only in simulated mode (NOT_SIMULATED)\n');
  });
});
