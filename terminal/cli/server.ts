import { lstat, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { TerminalError } from '../base/errors.ts';
import { makeRoutes, type RouteParts } from './routes.ts';

/** The longest path of a unix socket that every system takes (macOS: 104 with the closing zero). */
const maxSocketPathBytes = 103;

export interface LocalServer {
  /** Ends every connection and removes the socket. What a request began goes on or ends as its flow decides. */
  stop(): Promise<void>;
}

/**
 * Opens the socket that `pos` talks to, for its owner only (mode 0600). The socket of a process that died is replaced.
 * PORT_IN_USE when another process answers there or the path is something else than a socket; BAD_REQUEST when the path is too long.
 */
export async function serveLocal(parts: RouteParts & { readonly socketPath: string }): Promise<LocalServer> {
  const { socketPath } = parts;
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes) {
    throw new TerminalError('BAD_REQUEST', { what: `POS_HOME: ${socketPath} > ${maxSocketPathBytes} bytes` });
  }
  await freeSocket(socketPath);
  const listener = getRequestListener(makeRoutes(parts).fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await listen(server, socketPath);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The mask is narrow while the socket is bound, so there is no moment at which others could open it. */
function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const mask = process.umask(0o177);
    server.listen(socketPath, () => {
      server.off('error', reject);
      resolve();
    });
    process.umask(mask);
  });
}

async function freeSocket(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket() || (await isAnswered(socketPath)))
    throw new TerminalError('PORT_IN_USE', { device: socketPath });
  await unlink(socketPath);
}

/** Only a refused connection proves that nobody is there. */
function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!('code' in error && error.code === 'ECONNREFUSED')));
  });
}
