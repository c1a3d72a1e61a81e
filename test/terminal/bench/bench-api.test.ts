import { request } from 'node:http';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testCards } from '../../../drivers/simulator/test-card.ts';
import { callSocket } from '../../../scripts/stage/socket.ts';
import { systemClock } from '../../../terminal/base/clock.ts';
import { benchApi } from '../../../terminal/bench/bench-api.ts';
import { events, type StateAnswer, stateAnswer } from '../../../terminal/bench/contract.ts';
import { playScenario } from '../../../terminal/bench/play-scenario.ts';
import { readScenario } from '../../../terminal/bench/scenario.ts';
import { socketIn } from '../../../terminal/cli/contract.ts';
import { traces, tracesIn } from '../../support/canary.ts';
import { ScenarioStage } from '../../support/scenario-stage.ts';

let stage: ScenarioStage;
beforeAll(async () => {
  stage = await ScenarioStage.start();
}, 30_000);
afterAll(() => stage.stop());
beforeEach(() => stage.client.act('/reset', {}));

const ask = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
  const { status, text } = await callSocket(socketIn(stage.system.home), method, `/v1/sim${path}`, body);
  return { status, body: JSON.parse(text) as unknown };
};
const state = async (): Promise<StateAnswer> => v.parse(stateAnswer, (await ask('GET', '/state')).body);
const play = async (steps: readonly unknown[], given: object = {}): Promise<void> => {
  const scenario = readScenario({ name: { zh: '测试', en: 'test' }, given, steps }, 'test');
  expect(await playScenario(scenario, { client: stage.client, clock: systemClock })).toBeUndefined();
};
const sale = (amount: string, card: object) => [
  { do: { keys: `1 ${amount} ⏎` } },
  { expect: { screen: '请挥卡' } },
  { do: { card } },
];
const debit = { name: 'unionpay-debit', by: 'contactless' };

describe('state', () => {
  it('shows every device, every fault in both languages, and cards by their masked number', async () => {
    const { devices, faults, wireFaults, cards, codes, link, clock } = await state();
    expect(devices.map(({ name }) => name)).toEqual(['card-reader', 'pin-pad', 'scanner', 'display', 'printer']);
    expect(devices.every(({ simulated, plugged, zh, en }) => simulated && plugged && zh !== '' && en !== '')).toBe(
      true,
    );
    expect(faults['printer']).toContainEqual(
      expect.objectContaining({ name: 'paper-out', zh: '缺纸', en: 'no paper' }),
    );
    expect(wireFaults.map(({ name }) => name)).toContain('late-answer');
    expect(cards).toContainEqual(expect.objectContaining({ name: 'unionpay-debit', masked: '622202*********0128' }));
    const digits = codes.filter(({ name }) => name !== 'invoice-title');
    expect(digits.every(({ masked }) => /^\d{2}\*+\d{4}$/.test(masked))).toBe(true);
    expect(link).toMatchObject({
      state: 'online',
      cut: false,
      faults: expect.arrayContaining([expect.objectContaining({ name: 'drop-answer' })]),
    });
    expect(clock.turnable).toBe(true);
  });

  it('shows armed faults, the newest first, until one reset', async () => {
    await ask('POST', '/fault', { device: 'printer', fault: 'near-end' });
    await ask('POST', '/fault', { device: 'printer', fault: 'late-answer', times: 3, probability: 0.5, value: 20 });
    await ask('POST', '/unplug', { device: 'scanner' });
    const before = await state();
    expect(before.devices.find(({ name }) => name === 'printer')?.faults).toEqual([
      { fault: 'late-answer', times: 3, probability: 0.5, value: 20 },
      { fault: 'near-end', times: null, probability: 1 },
    ]);
    expect(before.devices.find(({ name }) => name === 'scanner')?.plugged).toBe(false);
    await ask('POST', '/reset', {});
    const after = await state();
    expect(after.devices.flatMap(({ faults }) => faults)).toEqual([]);
    expect(after.devices.every(({ plugged }) => plugged)).toBe(true);
  });

  it('a parameter of the host is known to the terminal when it is set, and set back by a reset', async () => {
    const sent = (name: string): unknown =>
      stage.system.db.prepare("SELECT value ->> ? FROM setting WHERE name = 'parameters'").pluck().get(`$."${name}"`);
    const before = sent('refund.maxDays');
    expect((await ask('POST', '/link', { parameter: 'refund.maxDays', value: 7 })).status).toBe(200);
    expect(sent('refund.maxDays')).toBe(7);
    await ask('POST', '/link', { parameter: 'refund.maxDays', value: 9 });
    await ask('POST', '/reset', {});
    await stage.system.eventually('set back', () => sent('refund.maxDays') === before);
    for (const wrong of [
      { parameter: 'coffee', value: 1 },
      { parameter: 'refund.maxDays', value: 'long' },
    ])
      expect((await ask('POST', '/link', wrong)).status).toBeGreaterThanOrEqual(400);
  });

  it('no customer pays where no code was shown', async () => {
    const refused = await ask('POST', '/link', { customer: 'pays' });
    expect(refused.body).toMatchObject({ kind: 'error', code: 'ILLEGAL_STATE' });
  });

  it('the link can be cut, and is back after a reset; faults of the host are passed on', async () => {
    await ask('POST', '/link', { state: 'offline' });
    expect((await state()).link).toMatchObject({ state: 'offline', cut: true });
    await ask('POST', '/link', { fault: 'delay-link', ms: 5 });
    expect((await state()).link.active).toEqual(['delay-link']);
    await ask('POST', '/reset', {});
    await stage.system.eventually('online again', async () => (await state()).link.state === 'online');
    expect((await state()).link).toMatchObject({ cut: false, active: [] });
  });
});

describe('what it refuses', () => {
  it.each<[string, string, unknown, number, string, string]>([
    ['no such key', '/key', { key: 'tab' }, 400, 'BAD_REQUEST', 'key'],
    ['more than asked', '/key', { key: '1', twice: true }, 400, 'BAD_REQUEST', 'twice'],
    ['no such card', '/card', { name: 'gold', by: 'swipe' }, 404, 'NOT_FOUND', 'gold'],
    ['no such way', '/card', { ...debit, by: 'throw' }, 400, 'BAD_REQUEST', 'by'],
    ['no such fault', '/fault', { device: 'printer', fault: 'coffee' }, 404, 'NOT_FOUND', 'coffee'],
    ['a fault of another device', '/fault', { device: 'scanner', fault: 'paper-out' }, 404, 'NOT_FOUND', 'paper-out'],
    [
      'a value where there is none',
      '/fault',
      { device: 'printer', fault: 'paper-out', value: 1 },
      400,
      'BAD_REQUEST',
      'value',
    ],
    ['never', '/fault', { device: 'printer', fault: 'paper-out', times: 0 }, 400, 'BAD_REQUEST', 'times'],
    [
      'more than certain',
      '/fault',
      { device: 'printer', fault: 'paper-out', probability: 2 },
      400,
      'BAD_REQUEST',
      'probability',
    ],
    ['a device that there is not', '/unplug', { device: 'keypad' }, 404, 'NOT_FOUND', 'keypad'],
    ['a PIN that nobody asked for', '/pin', { digits: '123456' }, 409, 'ILLEGAL_STATE', 'pin'],
    ['no such code', '/code', { name: 'beer' }, 404, 'NOT_FOUND', 'beer'],
    ['no such link fault', '/link', { fault: 'coffee' }, 400, 'BAD_REQUEST', ''],
    ['a clock that runs back', '/clock', { advanceMs: -1 }, 400, 'BAD_REQUEST', 'advanceMs'],
    ['no body', '/reset', undefined, 400, 'BAD_REQUEST', 'JSON'],
    ['no such path', '/explode', {}, 404, 'NOT_FOUND', '/v1/sim/explode'],
  ])('%s', async (_, path, body, status, code, named) => {
    const answer = await ask('POST', path, body);
    expect(answer).toMatchObject({ status, body: { kind: 'error', code } });
    expect(JSON.stringify(answer.body)).toContain(named);
  });

  it('never repeats what may be a PIN', async () => {
    const { status, body } = await ask('POST', '/pin', { digits: '98765432109876' });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('9876');
  });

  it('everything on a terminal that is not simulated', async () => {
    const api = benchApi(undefined);
    for (const [method, path] of [
      ['GET', '/state'],
      ['GET', '/events'],
      ['POST', '/reset'],
    ] as const) {
      const answer = await api.request(path, { method, ...(method === 'POST' && { body: '{}' }) });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ kind: 'error', code: 'NOT_SIMULATED', zh: '仅模拟模式可用' });
    }
  });
});

/** Server-sent events as they come. */
function follow(): { readonly heard: { event: string; data: unknown }[]; stop(): void } {
  const heard: { event: string; data: unknown }[] = [];
  let text = '';
  const open = request(
    { socketPath: socketIn(stage.system.home), path: '/v1/sim/events?lang=zh', agent: false },
    (answer) => {
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const [event = '', data = ''] = block.split('\n').map((line) => line.replace(/^\w+: ?/, ''));
          heard.push({ event, data: JSON.parse(data) });
        }
      });
    },
  );
  open.on('error', () => undefined);
  open.end();
  return { heard, stop: () => open.destroy() };
}

describe('events', () => {
  it('tell of screen, tone, wire, display, slip and device, each in the form of the contract', async () => {
    const { heard, stop } = follow();
    await stage.system.eventually('the first screen', () => heard.some(({ event }) => event === 'screen'));
    await play([
      ...sale('2100', debit),
      { expect: { screen: '622202' } },
      { do: { keys: '⏎' } },
      { expect: { screen: '交易成功', slip: { count: 2 } } },
    ]);
    await ask('POST', '/fault', { device: 'printer', fault: 'near-end' });
    const kinds = ['beep', 'device', 'display', 'screen', 'slip', 'wire'];
    await stage.system.eventually('every event', () =>
      kinds.every((kind) => heard.some(({ event }) => event === kind)),
    );
    stop();
    for (const { event, data } of heard) {
      const schema = Object.entries(events).find(([name]) => name === event)?.[1];
      expect({ event, good: schema !== undefined && v.is<v.GenericSchema>(schema, data) }).toEqual({
        event,
        good: true,
      });
    }
  });
});

describe('secrets', () => {
  it('no whole card number, PIN or code in anything that the bench says', async () => {
    const { heard, stop } = follow();
    await ask('POST', '/record', { action: 'start' });
    await stage.system.eventually('devices again', async () =>
      (await state()).devices.every((one) => one.state === 'ready'),
    );
    for (const by of ['contactless', 'swipe', 'insert'] as const) {
      await play([...sale('2200', { name: 'online-pin', by }), { expect: { notOnScreen: '请挥卡' } }]);
      await ask('POST', '/pin', { digits: '123456' });
      await ask('POST', '/card/remove', {});
    }
    await ask('POST', '/code', { name: 'wechat' });
    await stage.system.eventually('the code', async () =>
      JSON.stringify((await ask('GET', '/wire?device=scanner')).body).includes('code'),
    );
    await ask('POST', '/record', { action: 'stop' });
    const paths = ['/state', '/wire?last=2000', '/slips', '/display', '/ledger', '/recording', '/screen'];
    const said = [...(await Promise.all(paths.map((path) => ask('GET', path)))), heard];
    stop();
    const text = Buffer.from(JSON.stringify(said));
    expect(text.includes('online-request') || text.includes('activate')).toBe(true);
    for (const { pan, expiry } of Object.values(testCards)) expect(tracesIn(text, traces({ pan, expiry }))).toEqual([]);
    for (const secret of ['134512345678901234', Buffer.from('134512345678901234').toString('hex')])
      expect(text.includes(secret)).toBe(false);
  });
});
