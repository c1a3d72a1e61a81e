import { expect, it } from 'vitest';
import { TtyScreen } from '../../scripts/bench/tty-screen.ts';

it('reads the screen as the face draws it: whole lines, in any order, without their colours', () => {
  const screen = new TtyScreen();
  screen.write(
    '\u001b[?1049h\u001b[2J\u001b[2;1H\u001b[2m│\u001b[0m\u001b[1;7m 消费 \u001b[0m\u001b[26G│\u001b[K\u001b[1;1H┌──┐\u001b[K',
  );
  expect(screen.text()).toBe('┌──┐\n│ 消费 │');
  screen.write('\u001b[1;1H╔══╗\u001b[K');
  expect(screen.text()).toBe('╔══╗\n│ 消费 │');
});
