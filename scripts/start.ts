import { isatty } from 'node:tty';
import { showBootScreen } from '../terminal/faces/boot-screen.ts';

/**
 * `npm start [-- --help]`: host, broker and terminal on this machine with simulated devices. Small, so that something is on the screen before
 * the rest is loaded.
 */
const onTty = isatty(0) && isatty(1) && process.env['TERM'] !== 'dumb' && !process.argv.includes('--help');
const leave = onTty ? showBootScreen(process.stdout) : undefined;
void import('./programs.ts').then(({ startProgram }) => startProgram(process.argv.slice(2), leave));
