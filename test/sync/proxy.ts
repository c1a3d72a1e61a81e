import { connect, createServer, type Socket } from 'node:net';

/** A wire between a client and a broker that a test can spoil. */
export interface SpoiltWire {
  readonly url: string;
  /** Ends all connections; new ones work. */
  cut(): void;
  /** Nothing passes any more, nobody is told: half-open for those connected, a black hole for those who connect. */
  freeze(): void;
  thaw(): void;
  /** Ends a connection as soon as its client sends this. */
  chokeOn(text: string): void;
  /** Passes at most so many bytes, then waits so long before the next. */
  slow(latencyMs: number, chunkBytes?: number): void;
  readonly connections: number;
  stop(): Promise<void>;
}

export async function proxyTo(url: string): Promise<SpoiltWire> {
  const port = Number(new URL(url).port);
  const pairs = new Set<readonly [Socket, Socket]>();
  let frozen = false;
  let latencyMs = 0;
  let chunkBytes = Number.POSITIVE_INFINITY;
  let connections = 0;

  let poison: string | null = null;

  const forward = (from: Socket, to: Socket) => {
    const waiting: Buffer[] = [];
    let writing = false;
    const writeSlowly = () => {
      const part = waiting.shift();
      writing = part !== undefined;
      if (!part) return;
      setTimeout(() => {
        if (!frozen) to.write(part);
        writeSlowly();
      }, latencyMs);
    };
    from.on('data', (chunk: Buffer) => {
      if (frozen) return;
      if (poison !== null && chunk.includes(poison)) {
        from.destroy();
        return;
      }
      if (latencyMs === 0 && !writing) {
        to.write(chunk);
        return;
      }
      for (let at = 0; at < chunk.length; at += chunkBytes) waiting.push(chunk.subarray(at, at + chunkBytes));
      if (!writing) writeSlowly();
    });
    from.on('error', () => {});
    from.on('close', () => {
      if (!frozen) to.destroy();
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    connections += 1;
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    const pair = [near, far] as const;
    pairs.add(pair);
    near.once('close', () => pairs.delete(pair));
    forward(near, far);
    forward(far, near);
  });
  const end = () => {
    for (const [near, far] of [...pairs]) {
      near.destroy();
      far.destroy();
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    cut: end,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      end();
    },
    chokeOn: (text) => {
      poison = text;
    },
    slow: (ms, bytes = Number.POSITIVE_INFINITY) => {
      latencyMs = ms;
      chunkBytes = bytes;
    },
    get connections() {
      return connections;
    },
    stop: async () => {
      end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
