import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask, askHidden } from '../../../terminal/cli/ask.ts';

/** The two ends of a terminal: what is typed, what is shown, and whether it is raw. */
function face() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const output = new PassThrough();
  return { input, output, modes, shown: () => String(output.read() ?? '') };
}

describe('a secret is asked for', () => {
  it.each([
    ['Enter', ['123456\r'], '123456'],
    ['in pieces', ['12', '34', '56\n'], '123456'],
    ['with a digit taken back', ['123\u007f\u007f9\r'], '19'],
    ['with more taken back than there is', ['\b\b1\r'], '1'],
    ['with an arrow key and a control character between', ['1', '\u001b[A', '\u0000', '2\r'], '12'],
  ])('without echo: %s', async (_, keys, secret) => {
    const { input, output, modes, shown } = face();
    const answer = askHidden(input, output, '密码: ');
    for (const key of keys) input.write(key);
    expect(await answer).toBe(secret);
    expect(shown()).toBe('密码: \n');
    expect(modes).toEqual([true, false]);
  });

  it.each([
    ['Ctrl-C', '12\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s gives up and leaves raw mode', async (_, keys) => {
    const { input, output, modes } = face();
    const answer = askHidden(input, output, '密码: ');
    input.write(keys);
    await expect(answer).rejects.toMatchObject({ failure: { exit: 130 } });
    expect(modes).toEqual([true, false]);
  });

  it('the end of the input gives up', async () => {
    const { input, output } = face();
    const answer = askHidden(input, output, '密码: ');
    input.end();
    await expect(answer).rejects.toMatchObject({ failure: { exit: 130 } });
  });
});

describe('a line is asked for', () => {
  it('and comes without its blanks', async () => {
    const { input, output } = face();
    const answer = ask(input, output, '批次号: ');
    input.write(' 000001 \n');
    expect(await answer).toBe('000001');
  });

  it('the end of the input gives up', async () => {
    const { input, output } = face();
    const answer = ask(input, output, '批次号: ');
    input.end();
    await expect(answer).rejects.toMatchObject({ failure: { exit: 130 } });
  });
});
