import { expect, it } from 'vitest';
import { makeRun } from '../../../terminal/cli/run.ts';
import { capturedShell } from './captured-shell.ts';

const step = (at: string) => ({ kind: 'progress', at }) as const;
const start = (flags: object = {}) => {
  const shell = capturedShell();
  return { shell, run: makeRun(shell, { lang: 'zh', input: true, color: true, ...flags }) };
};

it('a step that takes long is explained, once, and with the way out', async () => {
  const { shell, run } = start();
  run.step(step('freezing'));
  await shell.clock.advance(9_999);
  run.step(step('comparing'));
  await shell.clock.advance(9_999);
  expect(shell.stderr()).toBe('冻结批次…\n与主机对账…\n');
  await shell.clock.advance(60_000);
  expect(shell.stderr().match(/Ctrl-C/g)).toHaveLength(1);
  run.endSteps();
  expect(shell.clock.pending()).toBe(0);
});

it('nothing is explained when it is over, or with --quiet', async () => {
  const over = start();
  over.run.step(step('freezing'));
  over.run.endSteps();
  await over.shell.clock.advance(60_000);
  expect(over.shell.stderr()).not.toContain('Ctrl-C');
  const quiet = start({ quiet: true });
  quiet.run.step(step('freezing'));
  await quiet.shell.clock.advance(60_000);
  expect(quiet.shell.stderr()).toBe('');
});
