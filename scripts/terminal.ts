import { showBootScreen } from '../terminal/faces/boot-screen.ts';
import { mark } from './mark.ts';

/**
 * The terminal alone, for storms, the demo and measurements: `terminal.js --home DIR [--broker URL] [--face]`. Says `{"ready":true}` on
 * standard output; a key comes from the configured keypad, the screen is read on the socket. With --face standard output is the screen.
 * Small, so that something is on the screen before the rest is loaded.
 */
const leave = process.argv.includes('--face') ? showBootScreen(process.stdout) : undefined;
mark('first-screen');
void import('./programs.ts').then(({ terminalProgram }) => terminalProgram(process.argv.slice(2), leave));
