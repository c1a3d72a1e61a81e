import { expect, test } from 'vitest';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { Runner } from '../../../terminal/screens/run.ts';
import type { Screen } from '../../../terminal/screens/screen.ts';
import { settle, testClock } from '../../support/test-clock.ts';
import { keysOf, transaction } from './desk.ts';
import { WaitingCounter } from './waiting-counter.ts';

const asked = (untilMs: number) => ({ card: '622848******1234', entry: 'CONTACTLESS', untilMs });

async function atCounter() {
  const clock = testClock();
  const counter = new WaitingCounter();
  const bugs: unknown[] = [];
  const runner = new Runner({ counter, clock, onBug: (error) => bugs.push(error) });
  const screens: Screen[] = [];
  runner.start();
  runner.onScreen((screen) => screens.push(screen));
  const press = async (line: string) => {
    for (const key of keysOf(line)) runner.key(key);
    await settle();
  };
  const text = () => screens.at(-1)?.rows.join('\n') ?? '';
  await press('0 1 确认 00 00 确认');
  return { clock, counter, runner, screens, press, text, bugs };
}

test('log-on, a sale with its countdown, the result, and idle again', async () => {
  const { clock, counter, screens, press, text } = await atCounter();
  expect(text()).toContain('操作员01');
  expect(screens.at(-1)?.beep).toBe('ok');

  await press('1 1 2 00 确认');
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  expect(text()).toContain('请挥卡或刷卡 60');
  await clock.advance(2_000);
  expect(text()).toContain('请挥卡或刷卡 58');
  const yes = counter.confirm(asked(clock.now() + 60_000));
  expect(text()).toContain('请核对 60');
  await clock.advance(1_000);
  expect(text()).toContain('请核对 59');
  await press('确认');
  expect(await yes).toBe(true);
  counter.progress({ at: 'host', untilMs: clock.now() + 30_000, card: '622848******1234' });
  await clock.advance(1_000);
  expect(text()).toContain('通讯中 29');
  counter.end({ kind: 'approved', txn: transaction(), printProblem: undefined });
  await settle();
  expect(text()).toContain('交易成功');
  expect(screens.at(-1)?.beep).toBe('ok');
  await clock.advance(2_000);
  expect(text()).toContain('1消费 确认菜单 功能');
});

test('a tone sounds once: the tick after it is silent', async () => {
  const { clock, counter, screens, press } = await atCounter();
  await press('1 1 确认');
  expect(screens.at(-1)?.beep).toBe('key');
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  await clock.advance(1_000);
  expect(screens.at(-1)?.beep).toBeUndefined();
});

test('取消 reaches the flow and the screen in the same moment, in every wait', async () => {
  const steps = [
    undefined,
    { at: 'card', untilMs: 0 },
    { at: 'card', untilMs: 0, fallback: true },
    { at: 'pin', untilMs: 0, card: '', again: false },
    { at: 'host', untilMs: 0, card: '' },
    { at: 'chip', untilMs: 0, card: '' },
  ] as const;
  for (const step of steps) {
    const { counter, press, text } = await atCounter();
    await press('1 5 00 确认');
    if (step) counter.progress(step);
    await press('取消');
    expect(counter.signal?.aborted).toBe(true);
    expect(text()).toContain('已取消');
    expect(text()).not.toContain('通讯中 ');
  }
});

test('取消 on the confirmation is a no, and 确认 after it is no yes', async () => {
  const { clock, counter, press, text } = await atCounter();
  await press('1 5 00 确认');
  const yes = counter.confirm(asked(clock.now() + 60_000));
  await press('取消 确认');
  expect(await yes).toBe(false);
  expect(counter.signal?.aborted).toBe(true);
  expect(text()).toContain('主菜单');
});

test('a refusal is shown in the language of the face', async () => {
  const { counter, runner, press, text } = await atCounter();
  counter.refusal = new TerminalError('OFFLINE');
  await press('1 5 确认');
  expect(text()).toContain('未连接主机');
  expect(runner.screen('en').rows.join('\n')).toContain('The host is not');
});

test('a bug is handed to whoever started everything, and the screen stays usable', async () => {
  const { counter, press, text, bugs } = await atCounter();
  counter.refusal = new RangeError('not a refusal');
  await press('1 5 确认');
  expect(bugs).toEqual([counter.refusal]);
  expect(text()).toContain('系统错误');
  await press('确认');
  expect(text()).toContain('1消费');
});

test('查询末笔, the settlement details and their tick go through the counter', async () => {
  const { counter, press, text } = await atCounter();
  await press('功能 1');
  expect(text()).toContain('已冲正 可重新交易');
  await press('取消 8 2 确认');
  expect(counter.checked).toEqual(['S1']);
});

test('the status is read ten times a second at most, however fast the link drains', async () => {
  const { clock, counter, screens, text } = await atCounter();
  await clock.advance(1_000);
  const [reads, drawn] = [counter.statusReads, screens.length];
  for (let waitingRows = 1000; waitingRows > 0; waitingRows--) counter.set({ waitingRows });
  await clock.advance(100);
  expect(counter.statusReads - reads).toBe(1);
  expect(screens.length - drawn).toBe(1);
  expect(text()).toContain('待上送 1');
});

test('nothing ticks on a screen that does not change: the idle screen once a minute', async () => {
  const { clock, screens } = await atCounter();
  const drawn = screens.length;
  await clock.advance(180_000);
  expect(screens.length - drawn).toBe(3);
  expect(clock.pending()).toBe(1);
});

test('stop abandons what runs and leaves no timer', async () => {
  const { clock, counter, runner, press } = await atCounter();
  await press('1 5 确认');
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  runner.stop();
  expect(counter.signal?.aborted).toBe(true);
  expect(clock.pending()).toBe(0);
});

test('取消 while the secret is checked leaves nobody logged on', async () => {
  const { counter, press, runner } = await atCounter();
  await press('7 7');
  for (const key of keysOf('00 00 确认 取消')) runner.key(key);
  await settle();
  expect(counter.status().operator).toBeUndefined();
  expect(runner.screen().rows[0]).toContain('锁定');
});

test('a wait for a card is known to the faces, and so is rest', async () => {
  const { clock, counter, runner, press } = await atCounter();
  expect(runner.atRest()).toBe(true);
  await press('1 5 确认');
  expect([runner.atRest(), runner.waitsForCard()]).toEqual([false, false]);
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  expect(runner.waitsForCard()).toBe(true);
});

test('a card is waited for at the idle screen only, and only with somebody logged on', async () => {
  const { counter, press, runner, text } = await atCounter();
  expect(counter.awaited?.aborted).toBe(false);
  const ways = ['contactless', 'swipe', 'insert'] as const;
  expect(ways.map((how) => runner.waitsForCard(how))).toEqual([false, true, true]);
  await press('7');
  expect(counter.awaited?.aborted).toBe(true);
  expect(runner.waitsForCard('swipe')).toBe(false);
  await press('取消 取消');
  expect(counter.awaited?.aborted).toBe(false);
  await press('7 7');
  expect(counter.awaited?.aborted).toBe(true);
  expect(text()).toContain('终端已锁定');
});

test('a swiped card opens the amount page; leaving it forgets the card and waits for the next', async () => {
  const { counter, press, text } = await atCounter();
  counter.offer({ by: 'swipe', card: '622848******1234' });
  await settle();
  expect(text()).toContain('622848******1234');
  const before = counter.awaited;
  await press('取消 取消');
  expect(counter.forgotten).toBe(1);
  expect(counter.awaited).not.toBe(before);
  counter.offer({ by: 'unreadable', reason: 'use-chip' });
  await settle();
  expect(text()).toContain('请插卡');
});

test('the fallback of the amount page reaches the flow', async () => {
  const { counter, press } = await atCounter();
  await press('1 5 00 确认');
  expect(counter.fallback).toBe(false);
  counter.end({ kind: 'stopped', why: 'card-unreadable', detail: 'chip' });
  await settle();
  await press('确认 确认');
  expect(counter.fallback).toBe(true);
});

test('a wait for a PIN is known to the faces', async () => {
  const { clock, counter, runner, press, text } = await atCounter();
  await press('1 5 00 确认');
  expect(runner.waitsForPin()).toBe(false);
  counter.progress({ at: 'pin', untilMs: clock.now() + 60_000, card: '622848******1234', again: false });
  expect(runner.waitsForPin()).toBe(true);
  expect(text()).toContain('请客户输密码 60');
});
