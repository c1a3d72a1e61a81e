import { compose } from '../screens/screen.ts';
import { drawPicture, enterScreen, leaveScreen, sizeOf } from './tty-frame.ts';

/** What a text terminal is, as far as it is drawn on. */
export interface TtyOutput {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

/** In both languages, for the configuration is not read yet. */
const screen = compose({
  title: '账平',
  mark: '',
  body: ['', '', '      启动中', '      Starting'],
  keys: '',
});

/** They end the process as they do by themselves, but by way of `exit`; a listener of the program itself has precedence. */
const signals = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;

/**
 * The first thing on a text terminal, before most of the program is loaded. Returns how the terminal is given back; the end of the process does
 * it, too.
 */
export function showBootScreen(output: TtyOutput): () => void {
  const lines = drawPicture({ screen, slip: [], help: [], language: 'zh', ...sizeOf(output) });
  output.write(enterScreen + lines.join('\r\n'));
  let isShown = true;
  const leave = () => {
    if (!isShown) return;
    isShown = false;
    process.off('exit', leave);
    output.write(leaveScreen);
  };
  process.on('exit', leave);
  for (const [signal, number] of signals) {
    process.once(signal, () => {
      if (process.listenerCount(signal) === 0) process.exit(128 + number);
    });
  }
  return leave;
}
