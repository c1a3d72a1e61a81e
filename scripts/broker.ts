import { parseArgs } from 'node:util';
import { startBroker } from '../sync/broker.ts';

/** The embedded broker as a process of its own, so that a storm can kill it: `broker.js --port N`. Says `{"url":…}`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
  const broker = await startBroker({ port: Number(values.port), hostId: 'host' });
  process.stdout.write(`${JSON.stringify({ url: broker.url })}\n`);
  process.stdin.resume().once('end', () => process.exit(0)); // a parent that was killed takes it along
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
