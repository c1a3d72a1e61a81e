import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Key } from '../../../drivers/devices.ts';
import { ttyKeys } from '../../../drivers/keypad/tty-keys.ts';
import { TtyFace } from '../../../terminal/faces/tty.ts';
import { drawPicture, keyboardHelp, type Picture } from '../../../terminal/faces/tty-frame.ts';
import { compose, textWidth } from '../../../terminal/screens/screen.ts';
import { settle, testClock } from '../../support/test-clock.ts';
import { faceRunner, paper } from './face-runner.ts';

/** Draws written bytes as a terminal would: cursor addressing, clearing, nothing else that moves. */
class Terminal extends Writable {
  columns = 80;
  rows = 24;
  writes: string[] = [];
  readonly #cells: string[][] = [];
  #row = 0;
  #column = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString('utf8');
    this.writes.push(text);
    for (const part of text.split('\u001b[').entries()) this.#write(...part);
    done();
  }

  /** Every part but the first begins with the parameters and the letter of a control sequence. */
  #write(index: number, part: string): void {
    const [control = '', parameters = '', command = ''] = index === 0 ? [] : (/^([\d;?]*)([A-Za-z])/.exec(part) ?? []);
    this.#control(command, parameters.split(';').map(Number));
    for (const char of part.slice(control.length)) if (char >= ' ') this.#put(char);
  }

  #control(command: string, [first = 1, second = 1]: number[]): void {
    if (command === 'H') [this.#row, this.#column] = [first - 1, second - 1];
    if (command === 'G') this.#column = first - 1;
    if (command === 'K') this.#cells[this.#row]?.splice(this.#column);
    if (command === 'J') this.#cells.splice(0);
  }

  #put(char: string): void {
    this.#cells[this.#row] ??= [];
    const line = this.#cells[this.#row] ?? [];
    while (line.length < this.#column) line.push(' ');
    line[this.#column] = char;
    if (textWidth(char) === 2 && char > '\u2e7f') line[this.#column + 1] = '';
    this.#column += char > '\u2e7f' ? 2 : 1;
  }

  lines(): string[] {
    return Array.from({ length: this.#cells.length }, (_, row) => (this.#cells[row] ?? []).join('').trimEnd());
  }
  text(): string {
    return this.lines().join('\n');
  }
}

function open(options: { mute?: boolean; columns?: number; rows?: number } = {}) {
  const clock = testClock();
  const { runner, counter } = faceRunner(clock);
  const input = new PassThrough();
  const output = new Terminal();
  output.columns = options.columns ?? 80;
  output.rows = options.rows ?? 24;
  const presented: string[] = [];
  const pins: string[] = [];
  const ends = new EventEmitter();
  let quits = 0;
  const slips = paper();
  const face = new TtyFace({
    runner,
    onSlip: slips.onSlip,
    keys: (emit) => ttyKeys(clock, emit),
    input,
    output,
    mute: options.mute ?? false,
    present: (how) => presented.push(how),
    enterPin: (pin) => pins.push(pin),
    quit: () => quits++,
    process: ends,
  });
  face.start();
  const type = async (bytes: string) => {
    input.write(bytes);
    await settle();
  };
  return { clock, counter, runner, output, slips, face, presented, pins, type, ends, quits: () => quits };
}

test('the screen stands in its frame, with help for the keyboard under it', () => {
  const { output } = open();
  const lines = output.lines();
  expect(lines[0]).toBe(`┌${'─'.repeat(24)}┐`);
  expect(lines[1]).toMatch(/^│ {2}操作员登录 {12}│$/);
  expect(output.text()).toContain('Enter确认 Esc取消');
});

test('keys of the keyboard are keys of the keypad', async () => {
  const { output, type } = open();
  await type('01\r0000\r');
  expect(output.text()).toContain('1消费 确认菜单 功能');
  await type('1123z');
  expect(output.text()).toContain('123.00');
  await type('\u007f');
  expect(output.text()).toContain('12.30');
});

test('only lines that changed are written', async () => {
  const { output, type } = open();
  await type('01\r0000\r');
  await type('15');
  output.writes = [];
  await type('7');
  expect(output.writes).toHaveLength(1);
  expect(output.writes[0]?.match(/;1H/g)).toHaveLength(1);
  output.writes = [];
  await type('.');
  expect(output.writes).toEqual([]);
});

test('a result rings the bell, a key does not, and mute is mute', async () => {
  for (const mute of [false, true]) {
    const { output, type } = open({ mute });
    await type('01');
    expect(output.writes.join('')).not.toContain('\u0007');
    await type('9');
    expect(output.writes.join('').includes('\u0007')).toBe(!mute);
  }
});

test('the newest slip is drawn beside the screen', () => {
  const { output, slips } = open();
  slips.print('            账平小店', `金额${' '.repeat(23)}12.00`);
  expect(output.text()).toMatch(/^┌─+┐ +账平小店$/m);
  expect(output.text()).toContain(`金额${' '.repeat(23)}12.00`);
  slips.print('\u001b[2J第二张');
  expect(output.text()).toContain('第二张');
  expect(output.text()).not.toContain('12.00');
  expect(output.text()).toContain('操作员登录');
});

test('of a slip that is too long the end is shown, where the amount is; blank paper is not', () => {
  const { output, slips } = open();
  slips.print(...Array.from({ length: 28 }, (_, line) => `第${line}行`.padEnd(30)), '', ' ');
  expect(output.text()).toContain('(上略5行)');
  expect(output.text()).not.toContain('第4行');
  expect(output.text()).toContain('第5行');
  expect(output.text()).toContain('第27行');
});

test('notes stand below the screen where there is room, and never in its way', () => {
  const notes = ['操作台 console http://127.0.0.1:8021/', '设置码 set-up code 7K3M-9QPX-2A'];
  const { output, face } = open({ rows: 22 });
  face.note(notes);
  expect(output.lines().slice(-2)).toEqual(notes);
  output.rows = 21;
  output.emit('resize');
  expect(output.text()).not.toContain('console');
  expect(output.text()).toContain('操作员登录');
});

describe('size', () => {
  test.each([
    [80, 24, '操作员登录'],
    [26, 12, '操作员登录'],
    [25, 12, '窗口太小, 至少 26x12'],
    [80, 11, '窗口太小, 至少 26x12'],
    [5, 3, '窗口太'],
  ])('%i × %i', (columns, rows, words) => {
    const { output } = open({ columns, rows });
    expect(output.text()).toContain(words);
    expect(output.lines().length).toBeLessThanOrEqual(rows);
  });

  test('a window that grows is drawn again', () => {
    const { output } = open({ columns: 20 });
    output.columns = 80;
    output.emit('resize');
    expect(output.text()).toContain('操作员登录');
    expect(output.text()).not.toContain('窗口太小');
  });

  test('every line keeps to the terminal, and every row is there', () => {
    const screen = compose({ title: '消费', mark: '[模拟]', body: ['一', '二'], amount: '1.00', keys: '确认' });
    const slip = Array.from({ length: 40 }, (_, index) => `第${index}行`);
    for (const [columns, rows] of [
      [80, 24],
      [60, 18],
      [120, 50],
      [26, 12],
    ] as const) {
      const picture: Picture = { screen, slip, language: 'zh', columns, rows };
      const lines = drawPicture(picture);
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const row of screen.rows) expect(lines.join('\n')).toContain(row);
    }
  });

  test('the help fits under the frame', () => {
    for (const line of [...keyboardHelp.zh, ...keyboardHelp.en]) expect(textWidth(line)).toBeLessThanOrEqual(26);
  });
});

test('c, s and i present a card only where one is waited for: at idle none can be held to the reader', async () => {
  const { counter, type, presented, clock } = open();
  await type('csi');
  expect(presented).toEqual([]);
  await type('01\r0000\r');
  await type('csi');
  expect(presented.splice(0)).toEqual(['swipe', 'insert']);
  await type('15\r');
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  await type('csi');
  expect(presented).toEqual(['contactless', 'swipe', 'insert']);
});

test('p and w enter the right and a wrong PIN only while one is asked for', async () => {
  const { counter, type, pins, clock } = open();
  await type('01\r0000\r');
  await type('15\r');
  await type('pw');
  expect(pins).toEqual([]);
  counter.progress({ at: 'pin', untilMs: clock.now() + 60_000, card: '622848******1234', again: false });
  await type('pw');
  expect(pins).toEqual(['123456', '000000']);
});

describe('leaving', () => {
  test.each([
    ['Ctrl-C at rest', '\u0003', 1],
    ['q once', 'q', 0],
    ['q twice at rest', 'qq', 1],
    ['q, a key, q', 'q1q', 0],
  ])('%s', async (_, bytes, times) => {
    const { type, quits } = open();
    await type(bytes);
    expect(quits()).toBe(times);
  });

  test('Ctrl-C in the middle of something is 取消 first', async () => {
    const { type, quits, output } = open();
    await type('01\r0000\r');
    await type('15\u0003');
    expect(quits()).toBe(0);
    expect(output.text()).toContain('主菜单');
    await type('qq');
    expect(quits()).toBe(0);
  });

  test.each(['exit', 'uncaughtExceptionMonitor', 'SIGTERM'])('%s gives the terminal back, once', (event) => {
    const { output, ends, face, quits } = open();
    ends.emit(event);
    expect(output.writes.at(-1)).toContain('\u001b[?1049l');
    expect(output.writes.at(-1)).toContain('\u001b[?25h');
    const { length } = output.writes;
    face.stop();
    expect(output.writes).toHaveLength(length);
    expect(ends.eventNames()).toEqual([]);
    expect(quits()).toBe(event === 'SIGTERM' ? 1 : 0);
  });
});

test('a key is on the terminal in far less than 16 ms', async () => {
  const { runner, output } = open();
  const keys: Key[] = ['0', '1', 'clear', 'clear'];
  const spent: number[] = [];
  for (let round = 0; round < 500; round++) {
    const begun = performance.now();
    runner.key(keys[round % 4] ?? '0');
    spent.push(performance.now() - begun);
  }
  expect(output.writes.length).toBeGreaterThan(400);
  expect(spent.sort((a, b) => a - b)[Math.floor(spent.length * 0.99)]).toBeLessThan(16);
});
