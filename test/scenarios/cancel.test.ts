import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { keysOf } from '../terminal/screens/desk.ts';
import { lastSale } from './scenario.ts';

/** 取消 at every step of a sale, pressed on the keypad (faces.md, rule 2): the screen obeys in the same moment, the flow within 300 ms. */

const chipCard = { pan: '6222021234567890128', expiry: '3012', chip: true };
const withinMs = 300;
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ devices: { pinPad: true } });
  press('0 1 确认 0 0 0 0 确认');
  await sees('1消费');
});
afterAll(async () => {
  expect(await system.problems()).toEqual([]);
  await system.stop();
});
afterEach(async () => {
  system.devices.reader.reset();
  await system.ready();
});

function press(line: string): void {
  for (const key of keysOf(line)) system.terminal.runner.key(key);
}
const screen = (): string => system.terminal.runner.screen().rows.join('\n');
const sees = (words: string): Promise<void> => system.eventually(words, () => screen().includes(words));

/** The customer's and the host's part up to the step whose words these are. */
async function sellUpTo(words: string): Promise<void> {
  const { reader, pinPad } = system.devices;
  press('1 1 2 00 确认');
  await sees('请挥卡或刷卡');
  if (words === '请挥卡或刷卡') return;
  reader.insert(chipCard);
  await sees('确认消费');
  if (words === '确认消费') return;
  press('确认');
  await sees('请客户输密码');
  if (words === '请客户输密码') return;
  await system.eventually('the PIN pad waits', () => pinPad.isWaiting());
  pinPad.enterPin('123456');
  await sees(words);
}

/** Presses 取消, and resolves to how long the flow of the sale took to end. */
async function cancel(): Promise<number> {
  const begun = performance.now();
  press('取消');
  expect(screen()).toContain('已取消');
  await system.eventually('the sale has ended', () => system.terminal.world.session.running.size === 0);
  return performance.now() - begun;
}

describe('取消', () => {
  test.each(['请挥卡或刷卡', '确认消费', '请客户输密码'])('at %s: nothing was sent, nothing is due', async (words) => {
    await sellUpTo(words);
    expect(await cancel()).toBeLessThan(withinMs);
    expect(lastSale(system)).toBe('FAILED - -');
    expect(system.host.count('SELECT count(*) FROM approvals')).toBe(0);
    await system.eventually('the PIN pad rests', () => !system.devices.pinPad.isWaiting());
    press('取消');
  });

  test('while the host thinks: unknown, and reversed', async () => {
    const silence = system.wire.rule(({ topic }) => (topic.endsWith('/down/auth') ? 'drop' : undefined));
    await sellUpTo('通讯中');
    expect(await cancel()).toBeLessThan(withinMs);
    expect(screen()).toContain('系统自动冲正');
    silence();
    await system.ready();
    expect(lastSale(system)).toMatch(/^REVERSED DONE (00|25)$/);
    await sees('已冲正');
    press('取消');
  });

  test('while the chip is asked about the approval: unknown, and reversed', async () => {
    system.devices.reader.use({ onCommand: ({ command, sub }) => command === 0x60 && sub === 0x12 });
    await sellUpTo('芯片确认中');
    expect(await cancel()).toBeLessThan(withinMs);
    await system.ready();
    expect(lastSale(system)).toBe('REVERSED DONE 00');
    press('取消');
  });
});
