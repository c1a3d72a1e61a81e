import { open, readFile, rm, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { recordingAnswer } from '../bench/contract.ts';
import { readRecording } from '../bench/recording.ts';
import { type Replay, replay } from '../bench/replay.ts';
import { type ExitStatus, exitStatus, interrupted, usage } from './failure.ts';
import type { Run } from './run.ts';

/** `pos sim record stop FILE`. Card data was replaced when it was recorded. */
export async function stopRecording(run: Run, file: string): Promise<ExitStatus> {
  // First, because what was recorded is lost when it is stopped and cannot be written.
  const place = await open(file, 'wx').catch(() => {
    throw usage(`不能写入 (已存在?): ${file}`, `Cannot be written, perhaps it exists: ${file}`);
  });
  await place.close();
  try {
    await run.client.post('/sim/record', { action: 'stop' }, run.step);
  } catch (error) {
    await rm(file);
    throw error;
  }
  const { lines } = v.parse(recordingAnswer, await run.client.get('/sim/recording'));
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await run.show({ file, lines: lines.length }, () =>
    run.say(`${lines.length} 行已写入 ${file}`, `${lines.length} lines written to ${file}`),
  );
  return exitStatus.ok;
}

/** `pos sim replay FILE`: needs no running terminal. 1 when the driver did otherwise than recorded. */
export async function replayFile(
  run: Run,
  file: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<ExitStatus> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`读不到文件: ${file}`, `The file cannot be read: ${file}`);
  });
  const lines = readRecording(text);
  const device = deviceOf(flags['device'], lines[0]?.device);
  const { clock, signal } = run.shell;
  const result = await replay(lines, { device, speed: flags['speed'] === '1' ? 1 : 0, clock, signal });
  if (signal.aborted) throw interrupted();
  await run.show({ device, ...result }, () => resultText(run, result));
  return result.difference ? exitStatus.failed : exitStatus.ok;
}

/** The one that was asked for, or whose line is the first. */
function deviceOf(asked: unknown, first: string | undefined): 'card-reader' | 'printer' {
  const device = asked ?? first;
  if (device === 'card-reader' || device === 'printer') return device;
  throw usage('请给出 --device card-reader 或 printer', 'Give --device card-reader or printer');
}

function resultText(run: Run, { checkedBytes, givenBytes, calls, difference }: Replay): string {
  const counts = run.say(
    `${calls} 次调用，驱动发出 ${checkedBytes} 字节，收到 ${givenBytes} 字节`,
    `${calls} calls, ${checkedBytes} bytes sent by the driver, ${givenBytes} received`,
  );
  if (!difference) return run.say(`与录制一致: ${counts}`, `As recorded: ${counts}`);
  const { line, what, expected, found } = difference;
  return [
    run.say(`与录制不同，第 ${line} 行 (${what})`, `Otherwise than recorded, line ${line} (${what})`),
    `  ${run.say('录制', 'recorded')}: ${expected}`,
    `  ${run.say('实际', 'now')}: ${found}`,
  ].join('\n');
}
