import { runPos } from './program.ts';
import { shellOf } from './shell.ts';

/** The `pos` command: how a person or a script speaks to the running terminal. */
void runPos(process.argv.slice(2), shellOf(process)).then((status) => {
  process.exitCode = status;
});
