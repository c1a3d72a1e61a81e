import type { CloseReason, Port, Transport } from './transport.ts';

/** What passes on a wire, as the driver sees it. `out`: handed over to be sent. The bytes belong to the listener and may hold card data. */
export type WireEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'bytes'; readonly direction: 'in' | 'out'; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly reason: CloseReason };

/** The same port, with somebody who looks on: for wire logs and recordings. Nothing else changes. */
export function tapped(port: Port, listener: (event: WireEvent) => void): Port {
  return {
    get describe() {
      return port.describe;
    },
    async connect() {
      const transport = await port.connect();
      listener({ kind: 'opened' });
      return tap(transport, listener);
    },
    ...(port.onAppear ? { onAppear: (appeared) => port.onAppear?.(appeared) ?? (() => undefined) } : {}),
  };
}

function tap(transport: Transport, listener: (event: WireEvent) => void): Transport {
  let ended: CloseReason | undefined;
  let told: (reason: CloseReason) => void = () => undefined;
  transport.onClose((reason) => {
    ended = reason;
    listener({ kind: 'closed', reason });
    told(reason);
  });
  return {
    write(bytes, timeoutMs) {
      if (ended === undefined) listener({ kind: 'bytes', direction: 'out', bytes: bytes.slice() });
      return transport.write(bytes, timeoutMs);
    },
    onData(take) {
      transport.onData((bytes) => {
        // A copy, and first: whoever takes card data wipes it.
        listener({ kind: 'bytes', direction: 'in', bytes: bytes.slice() });
        take(bytes);
      });
    },
    onClose(take) {
      const reason = ended;
      if (reason === undefined) told = take;
      else queueMicrotask(() => take(reason));
    },
    close: () => transport.close(),
  };
}
