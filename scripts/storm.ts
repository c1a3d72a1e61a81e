import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { planOf } from './storm/plan.ts';
import { playRound } from './storm/round.ts';

/**
 * `npm run storm -- --rounds N --seed S [--first K] [--json]`: N business days in which terminal, host or broker is killed at a named point. A round
 * that fails prints what is wrong and the command that repeats it, and its home folder is kept.
 * `npm run storm -- --days N --seed S`: N random days of every transaction in one process, with power cuts and everything else that goes wrong (test/days). One that
 * fails is shortened to the steps that it takes, and printed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      broker: { type: 'string' },
      json: { type: 'boolean', default: false },
      days: { type: 'string' },
    },
  });
  if (values.days !== undefined) return playDays(Number(values.days), Number(values.seed));
  const [rounds, seed, first] = [values.rounds, values.seed, values.first].map(Number);
  if (!rounds || seed === undefined || first === undefined) throw new Error('--rounds N --seed S [--first K]');
  const tell = (line: object, text: string) => process.stdout.write(`${values.json ? JSON.stringify(line) : text}\n`);
  let failed = 0;
  for (let round = first; round < first + rounds; round++) {
    const plan = planOf(seed, round);
    const { died, problems, home } = await playRound(plan, values.broker);
    const repeat = `npm run storm -- --rounds 1 --seed ${seed} --first ${round}`;
    const place = plan.victim.who === 'broker' ? 'broker' : plan.victim.point;
    if (problems.length > 0) failed += 1;
    tell(
      { kind: 'round', round, place, died, problems, ...(problems.length > 0 && { repeat, home }) },
      roundText(round, place, died, problems, repeat, home),
    );
  }
  tell({ rounds, failed, seed }, `${rounds} 轮 rounds, ${failed} 失败 failed, seed ${seed}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The tests play them; what they print is what there is to know. */
async function playDays(days: number, seed: number): Promise<void> {
  if (!(days > 0) || !Number.isSafeInteger(seed)) throw new Error('--days N --seed S');
  const env = { ...process.env, POS_DAYS: String(days), POS_DAYS_SEED: String(seed), POS_DAYS_TELL: '1' };
  const child = spawn('npx', ['vitest', 'run', 'test/days'], { stdio: 'inherit', env });
  process.exitCode = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function roundText(
  round: number,
  place: string,
  died: boolean,
  problems: readonly string[],
  repeat: string,
  home: string,
): string {
  const head = `${String(round).padStart(4)} ${place}${died ? '' : ' (未到达 not reached)'}`;
  return problems.length === 0
    ? `${head} 通过 ok`
    : `${head} 失败 FAILED\n${problems.join('\n')}\n重现 repeat: ${repeat}\n现场 home: ${home}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
