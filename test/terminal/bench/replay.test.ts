import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callJson } from '../../../scripts/stage/socket.ts';
import { systemClock } from '../../../terminal/base/clock.ts';
import { recordingAnswer } from '../../../terminal/bench/contract.ts';
import { playScenario } from '../../../terminal/bench/play-scenario.ts';
import { type RecordedLine, readRecording } from '../../../terminal/bench/recording.ts';
import { replay } from '../../../terminal/bench/replay.ts';
import { readScenario } from '../../../terminal/bench/scenario.ts';
import { socketIn } from '../../../terminal/cli/contract.ts';
import { ScenarioStage } from '../../support/scenario-stage.ts';

const cards = {
  contactless: { name: 'unionpay-debit', masked: '622202*********0128', pin: [] },
  swipe: {
    name: 'magstripe',
    masked: '622848',
    pin: [{ expect: { screen: '请客户输密码' } }, { do: { pin: '123456' } }],
  },
  insert: {
    name: 'unionpay-debit',
    masked: '622202*********0128',
    pin: [{ expect: { screen: '请客户输密码' } }, { do: { pin: '123456' } }],
  },
} as const;

const sale = (by: keyof typeof cards) => [
  { do: { keys: '1 3300 ⏎' } },
  { expect: { screen: '请挥卡' } },
  { do: { card: { name: cards[by].name, by } } },
  { expect: { screen: cards[by].masked } },
  { do: { keys: '⏎' } },
  ...cards[by].pin,
  { expect: { screen: '交易成功', slip: { count: 2 }, ledger: { prints: 1 } } },
  { do: { remove: true } },
  { do: { keys: '⏎' } },
  { expect: { screen: '1消费' } },
];

/** What was on the wires while the steps were played, from the connection on. */
async function recorded(
  stage: ScenarioStage,
  steps: readonly unknown[],
  device?: string,
): Promise<readonly RecordedLine[]> {
  const { client, system } = stage;
  await client.act('/record', { action: 'start', ...(device !== undefined && { device }) });
  await client.act('/clock', { advanceMs: 3_000 });
  await system.eventually('connected again', async () =>
    (await client.state()).devices.every(({ state }) => state === 'ready'),
  );
  const scenario = readScenario({ name: { zh: '测试', en: 'test' }, steps }, 'test');
  expect(await playScenario(scenario, { client, clock: systemClock })).toBeUndefined();
  await client.act('/record', { action: 'stop' });
  const { lines } = v.parse(recordingAnswer, await callJson(socketIn(system.home), 'GET', '/v1/sim/recording'));
  return readRecording(lines.map((line) => JSON.stringify(line)).join('\n'));
}

const bytesOut = (lines: readonly RecordedLine[], device: string): number =>
  lines.reduce((sum, line) => sum + (line.device === device && line.dir === 'out' ? line.hex.length / 2 : 0), 0);
const quickly = { speed: 0, clock: systemClock } as const;

describe.each(['escpos-58', 'epson-80'])('record and replay, printer %s', (printerProfile) => {
  let stage: ScenarioStage;
  beforeAll(async () => {
    stage = await ScenarioStage.start({ printerProfile });
  }, 30_000);
  afterAll(() => stage.stop());

  it.each(['contactless', 'swipe', 'insert'] as const)(
    'a sale by %s: both drivers do again what they did',
    async (by) => {
      const lines = await recorded(stage, sale(by));
      for (const device of ['card-reader', 'printer'] as const) {
        const result = await replay(lines, { ...quickly, device });
        expect(result.difference).toBeUndefined();
        expect(result.checkedBytes).toBe(bytesOut(lines, device));
        expect(result.calls).toBeGreaterThan(0);
        expect(result.givenBytes).toBeGreaterThan(0);
      }
    },
  );

  it('paper that ran out', async () => {
    const steps = [
      { do: { fault: { device: 'printer', fault: 'paper-out' } } },
      ...sale('contactless').slice(0, 5), // up to 确认
      { expect: { screen: '缺纸' } },
      { do: { mend: 'printer' } },
      { do: { keys: '⏎' } },
      { expect: { screen: '打印完成', slip: { count: 2 } } },
      { do: { keys: '⏎' } },
    ];
    const lines = await recorded(stage, steps, 'printer');
    expect(new Set(lines.map(({ device }) => device))).toEqual(new Set(['printer']));
    expect(lines).toContainEqual(expect.objectContaining({ dir: 'end', call: 'print', error: 'PAPER_OUT' }));
    expect((await replay(lines, { ...quickly, device: 'printer' })).difference).toBeUndefined();
  });

  it('a driver that does otherwise is found, with the line', async () => {
    const lines = await recorded(stage, sale('contactless'));
    const at = lines.findIndex((line) => line.dir === 'call' && line.call === 'readCard');
    const changed = lines.map((line, index) =>
      index === at && line.dir === 'call'
        ? { ...line, with: { amountFen: 3_301, type: 'sale', timeoutMs: 60_000 } }
        : line,
    );
    const { difference } = await replay(changed, { ...quickly, device: 'card-reader' });
    expect(difference).toMatchObject({ what: 'sent', expected: expect.stringContaining('9f0206000000003300') });
    expect(difference?.found).toContain('9f0206000000003301');
  });
});

describe('a recording that is none', () => {
  it.each([
    ['{"t":0}', 'line 1'],
    ['{"t":0,"device":"printer","dir":"in","hex":"0g"}', 'line 1'],
    ['{"t":0,"device":"printer","dir":"in","hex":"00"}\nbeer', 'line 2'],
  ])('%s', (text, where) => {
    expect(() => readRecording(text)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', details: { what: expect.stringContaining(where) } }),
    );
  });

  it('of another device, or of one that cannot be replayed', async () => {
    const lines = readRecording('{"t":0,"device":"scanner","dir":"in","hex":"00"}');
    await expect(replay(lines, { ...quickly, device: 'printer' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(replay(lines, { ...quickly, device: 'scanner' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
