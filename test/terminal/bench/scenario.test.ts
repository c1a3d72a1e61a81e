import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../terminal/base/clock.ts';
import { failureLines, playScenario } from '../../../terminal/bench/play-scenario.ts';
import { readScenario } from '../../../terminal/bench/scenario.ts';
import { keysOf } from '../../../terminal/bench/scenario-keys.ts';
import { ScenarioStage } from '../../support/scenario-stage.ts';

const name = { zh: '测试', en: 'test' };

describe('a file', () => {
  it.each<[string, unknown, string]>([
    ['without a name', { steps: [{ do: { keys: '1' } }] }, 'name'],
    ['without steps', { name, steps: [] }, 'steps'],
    ['with a step that is neither', { name, steps: [{ see: 'x' }] }, 'steps.0'],
    ['that does two things at once', { name, steps: [{ do: { keys: '1', wait: 3 } }] }, 'steps.0'],
    ['that expects nothing', { name, steps: [{ expect: {} }] }, 'steps.0'],
    ['that expects what there is not', { name, steps: [{ expect: { sound: 'ok' } }] }, 'steps.0'],
    [
      'with a fault of no device',
      { name, given: { faults: [{ device: 'oven', fault: 'hot' }] }, steps: [{ do: { wait: 1 } }] },
      'given.faults.0.device',
    ],
  ])('%s is refused with its place', (_, json, where) => {
    expect(() => readScenario(json, 'file.json')).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        details: { what: expect.stringContaining(`file.json: ${where}`) },
      }),
    );
  });

  it('keys are words and digits', () => {
    expect(keysOf('1 1100 ⏎')).toEqual(['1', '1', '1', '0', '0', 'enter']);
    expect(keysOf('确认 Enter 取消 Esc 清除 z f 功能 ↑ ↓ .')).toEqual([
      'enter',
      'enter',
      'cancel',
      'cancel',
      'clear',
      'doubleZero',
      'function',
      'function',
      'up',
      'down',
      'dot',
    ]);
    expect(() => keysOf('1 beer')).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
});

describe('playing', () => {
  let stage: ScenarioStage;
  beforeAll(async () => {
    stage = await ScenarioStage.start();
  }, 30_000);
  afterAll(() => stage.stop());

  const play = (steps: readonly unknown[], given: object = {}) =>
    playScenario(readScenario({ name, given, steps }, 'test'), { client: stage.client, clock: systemClock });

  it('says which step failed, what was missing, and what was there', async () => {
    const failure = await play([
      { do: { keys: '1 4400 ⏎' } },
      { expect: { screen: '请挥卡' } },
      { expect: { screen: ['请挥卡', '请跳舞'], beep: 'ok', withinMs: 50 } },
    ]);
    expect(failure).toMatchObject({ step: 3, missing: ['screen: no 请跳舞', 'beep: key, not ok'] });
    const text = failure ? failureLines(failure).join('\n') : '';
    for (const part of ['44.00', 'activate 02-40', 'seed: ', '"signedIn":true']) expect(text).toContain(part);
  });

  it('a step that the terminal refuses fails with its words', async () => {
    const failure = await play([{ do: { fault: { device: 'printer', fault: 'coffee' } } }]);
    expect(failure).toMatchObject({ step: 1, missing: [expect.stringContaining('coffee')] });
  });

  it.each(['00', '99', '01'] as const)(
    'begins with operator %s at idle, wherever the one before ended',
    async (operator) => {
      await play([{ do: { keys: '1 5500 ⏎' } }]);
      expect(await play([{ expect: { screen: [`操作员${operator}`, '1消费'] } }], { operator })).toBeUndefined();
    },
  );

  it('what is given is so from the first step on', async () => {
    const given = {
      cards: [{ name: 'unionpay-debit', by: 'contactless' }],
      faults: [{ device: 'printer', fault: 'paper-out' }],
      host: [{ state: 'offline' }],
    };
    expect(
      await play(
        [{ expect: { screen: '未联机' } }, { do: { link: 'online' } }, { expect: { screen: '已联机' } }],
        given,
      ),
    ).toBeUndefined();
    expect(
      await play([{ do: { keys: '1 4600 ⏎' } }, { expect: { screen: '622202*********0128' } }], { cards: given.cards }),
    ).toBeUndefined();
  });

  it('waits turn the clock, so that a minute takes no time', async () => {
    const beganMs = systemClock.now();
    expect(
      await play([{ do: { keys: '1' } }, { do: { wait: 61_000 } }, { expect: { screen: '操作超时' } }]),
    ).toBeUndefined();
    expect(systemClock.now() - beganMs).toBeLessThan(8_000);
  });
});
