import { afterEach, expect, test } from 'vitest';
import { showBootScreen } from '../../../terminal/faces/boot-screen.ts';

const signals = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'];
const before = signals.map((event) => process.listeners(event as 'exit'));
afterEach(() => {
  for (const [index, event] of signals.entries()) {
    for (const listener of process.listeners(event as 'exit'))
      if (!before[index]?.includes(listener)) process.off(event, listener);
  }
});

function show(size: { columns?: number; rows?: number }) {
  const written: string[] = [];
  const leave = showBootScreen({ ...size, write: (text) => written.push(text) });
  return { leave, written };
}

test.each([
  [{}, '启动中'],
  [{ columns: 0, rows: 0 }, '启动中'],
  [{ columns: 26, rows: 12 }, 'Starting'],
  [{ columns: 20, rows: 5 }, '窗口太小'],
])('on %j it shows %s, on a screen of its own', (size, words) => {
  const { written } = show(size);
  expect(written.join('')).toContain(words);
  expect(written.join('')).toContain('\u001b[?1049h');
});

test('the terminal is given back once, by whoever takes over or by the end of the process', () => {
  for (const end of ['leave', 'exit']) {
    const { leave, written } = show({});
    if (end === 'exit') process.listeners('exit').at(-1)?.(0);
    leave();
    leave();
    expect(written.filter((text) => text.includes('\u001b[?1049l'))).toHaveLength(1);
  }
});
