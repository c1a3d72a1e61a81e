import { parseArgs } from 'node:util';
import { Demo } from './demo/play.ts';
import { opening, textOf } from './demo/tell.ts';

/**
 * `npm run demo [-- --json]`: a business day without questions, on this machine, with real processes. Exit status 0 only if everything held;
 * otherwise its home folder is kept.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const { stdout } = process;
  const look = { columns: stdout.columns ?? 80, coloured: stdout.isTTY && !process.env['NO_COLOR'] };
  const write = (text: string): void => void stdout.write(`${text}\n`);
  if (!values.json) write(opening);
  const demo = await Demo.open((event) => write(values.json ? JSON.stringify(event) : textOf(event, look)));
  const interrupted = new Promise<number>((resolve) => process.once('SIGINT', () => resolve(130)));
  let status = 1;
  try {
    const played = demo.play().then((result) => {
      write(values.json ? JSON.stringify(result) : textOf(result, look));
      return result.ok ? 0 : 1;
    });
    status = await Promise.race([played, interrupted]);
  } finally {
    if (status === 1) process.stderr.write(`现场保留 kept for inspection: ${demo.home}\n`);
    await demo.close(status === 1);
  }
  return status;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
