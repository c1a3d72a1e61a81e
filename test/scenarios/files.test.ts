import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../terminal/base/clock.ts';
import { failureLines, playScenario } from '../../terminal/bench/play-scenario.ts';
import { readScenario } from '../../terminal/bench/scenario.ts';
import { ScenarioStage } from '../support/scenario-stage.ts';

/** Every scenario file, played headless; files that want the same configuration share a terminal. */
const folder = import.meta.dirname;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort();
const scenarios = files.map((file) => ({
  file,
  scenario: readScenario(JSON.parse(readFileSync(join(folder, file), 'utf8')), file),
}));

const stages = new Map<string, Promise<ScenarioStage>>();
const stageFor = (config: Readonly<Record<string, unknown>>): Promise<ScenarioStage> => {
  const key = JSON.stringify(config);
  const stage = stages.get(key) ?? ScenarioStage.start(config);
  stages.set(key, stage);
  return stage;
};

afterAll(async () => {
  for (const stage of stages.values()) await (await stage).stop();
}, 30_000);

describe('scenario files', () => {
  it('each has a name of its own', () => {
    const names = scenarios.flatMap(({ scenario }) => [scenario.name.zh, scenario.name.en]);
    expect(new Set(names).size).toBe(names.length);
    expect(scenarios.length).toBeGreaterThan(0);
  });

  it.each(scenarios.map(({ file, scenario }) => [file, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const stage = await stageFor(scenario.given.config);
      const failure = await playScenario(scenario, { client: stage.client, clock: systemClock });
      expect(failure && failureLines(failure).join('\n')).toBeUndefined();
      expect(stage.system.bugs).toEqual([]);
    },
    30_000,
  );
});
