/** What the small programs `start` and `terminal` load once something is on the screen; bundled once for both (build.mjs, parts). */
export { startProgram } from './start/start-program.ts';
export { terminalProgram } from './terminal-program.ts';
