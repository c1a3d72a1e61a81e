import { readFile } from 'node:fs/promises';
import { parsedJson } from '../base/refuse.ts';
import { benchClient } from '../bench/bench-client.ts';
import { failureLines, type PlayFailure, playScenario } from '../bench/play-scenario.ts';
import { readScenario, type Scenario } from '../bench/scenario.ts';
import { type ExitStatus, exitStatus, interrupted, usage } from './failure.ts';
import type { Run } from './run.ts';

/** `pos sim run`: plays each file against the running terminal, also after one has failed. 1 when one has. */
export async function runFiles(run: Run, files: readonly string[]): Promise<ExitStatus> {
  // All are read first: a slip of the pen in the last one shall not cost the time of the others.
  const scenarios = await Promise.all(files.map(async (file) => [file, await read(file)] as const));
  const { shell } = run;
  const client = benchClient({
    get: (path) => run.client.get(`/sim${path}`),
    post: (path, body) => run.client.post(`/sim${path}`, body, () => undefined),
  });
  const played: { readonly file: string; readonly ms: number; readonly failure: PlayFailure | null }[] = [];
  for (const [file, scenario] of scenarios) {
    const beganMs = shell.clock.now();
    if (Object.keys(scenario.given.config).length > 0)
      run.note(
        `${file}: 终端应有此配置 ${configOf(scenario)}`,
        `${file}: the terminal should have ${configOf(scenario)}`,
      );
    const failure = await playScenario(scenario, { client, clock: shell.clock, signal: shell.signal });
    if (shell.signal.aborted) throw interrupted();
    const ms = shell.clock.now() - beganMs;
    played.push({ file, ms, failure: failure ?? null });
    if (!run.options.json) shell.out(`${report(run, file, scenario, ms, failure)}\n`);
  }
  const failed = played.filter(({ failure }) => failure !== null).length;
  await run.show({ kind: 'result', played, failed }, () =>
    failed === 0
      ? run.say(`${played.length} 个场景全部通过`, `All ${played.length} passed`)
      : run.say(`${played.length} 个场景，${failed} 个未通过`, `${failed} of ${played.length} failed`),
  );
  return failed === 0 ? exitStatus.ok : exitStatus.failed;
}

const configOf = (scenario: Scenario): string => JSON.stringify(scenario.given.config);

function report(run: Run, file: string, { name }: Scenario, ms: number, failure: PlayFailure | undefined): string {
  const title = `${failure ? run.paint.bad('✗') : run.paint.good('✓')} ${run.say(name.zh, name.en)} (${file}, ${ms} ms)`;
  return failure ? [title, ...failureLines(failure).map((line) => `  ${line}`)].join('\n') : title;
}

async function read(file: string): Promise<Scenario> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`读不到文件: ${file}`, `The file cannot be read: ${file}`);
  });
  return readScenario(parsedJson(text), file);
}
