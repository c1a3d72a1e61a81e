import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../../sync/broker.ts';

/** A broker for a test, on a free port of loopback. */
export interface TestBroker {
  readonly url: string;
  /** MQTT version that the clients should speak with it. */
  readonly protocolVersion: 4 | 5;
  /** Ends it, and with it everything it kept. */
  stop(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
}

/** Client id of the host at every test broker. */
export const hostId = 'host';

export async function embeddedBroker(): Promise<TestBroker> {
  let broker = await startBroker({ hostId });
  const { url } = broker;
  return {
    url,
    protocolVersion: 4,
    stop: () => broker.stop(),
    async start() {
      broker = await startBroker({ hostId, port: Number(new URL(url).port) });
    },
  };
}

/**
 * A mosquitto child process: Debian's package, no-delay; nothing persistent, unless there is a folder to keep its queues in, where each change is
 * saved. Rejects when it is not installed.
 */
export async function mosquittoBroker(
  protocolVersion: 4 | 5,
  keepIn?: string,
): Promise<TestBroker & { readonly pid: number }> {
  const port = await freePort();
  const text = `listener ${port} 127.0.0.1
allow_anonymous true
${keepIn === undefined ? 'persistence false' : `persistence true\npersistence_location ${keepIn}/\nautosave_on_changes true\nautosave_interval 1`}
set_tcp_nodelay true
message_size_limit 262144
max_queued_messages 100000
user root
`;
  const run = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
    const config = join(folder, 'mosquitto.conf');
    writeFileSync(config, text);
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` }; // where Debian puts it
    const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore', env });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}`)));
      void untilListening(port).then(resolve, reject);
    });
    const stop = async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    };
    return { pid: child.pid ?? 0, stop };
  };
  let running = await run();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    protocolVersion,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(),
    start: async () => {
      running = await run();
    },
  };
}

/** The broker of scenario tests: the one that POS_BROKER_URL names, else an embedded one. A given broker is neither stopped nor restarted. */
export async function testBroker(): Promise<TestBroker> {
  const given = process.env['POS_BROKER_URL'];
  if (!given) return await embeddedBroker();
  const leaveIt = () => Promise.resolve();
  return { url: given, protocolVersion: 4, stop: leaveIt, start: leaveIt };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (there) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('mosquitto does not listen');
}
