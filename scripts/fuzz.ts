import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCorpus } from './fuzz/corpus.ts';
import { fuzz } from './fuzz/run-fuzz.ts';
import { fuzzTargets } from './fuzz/targets.ts';

/** `npm run fuzz [-- --cases 100000 --seed 1 --parser NAME]`: random, changed and divided inputs for every parser of what a device sends. */

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    parser: { type: 'string' },
    corpus: { type: 'string', default: resolve(__dirname, '../test/fuzz/corpus') },
  },
});
const wanted = fuzzTargets.filter(({ name }) => values.parser === undefined || name === values.parser);
if (wanted.length === 0) {
  process.stderr.write(
    `没有这个解析器 no such parser: ${values.parser}\n可选 one of: ${fuzzTargets.map(({ name }) => name).join(' ')}\n`,
  );
  process.exit(2);
}
process.stderr.write(`种子 seed ${values.seed}\n`);
for (const target of wanted) {
  const report = fuzz(target, {
    cases: Number(values.cases),
    seed: Number(values.seed),
    corpus: readCorpus(values.corpus, target.name),
    nowMs: () => performance.now(),
    onProgress: (done) => process.stderr.isTTY && process.stderr.write(`\r${target.name} ${done}/${values.cases}   `),
  });
  const { failure, ...figures } = report;
  if (process.stderr.isTTY) process.stderr.write('\r');
  const kept = figures.boundBytes === undefined ? '' : `  保留 kept ${figures.mostKept}/${figures.boundBytes} B`;
  process.stdout.write(
    `${failure ? '失败 FAILED' : '通过 passed'}  ${figures.name.padEnd(20)} ${figures.cases} 例 cases  ${(figures.bytes / 1e6).toFixed(1)} MB${kept}  最慢 slowest ${figures.slowestMs.toFixed(1)} ms\n`,
  );
  if (failure) {
    process.stdout.write(
      `  第 ${failure.at} 例 case ${failure.at}, seed ${values.seed}: ${failure.problem}\n  ${failure.input}\n`,
    );
    process.exitCode = 1;
  }
}
