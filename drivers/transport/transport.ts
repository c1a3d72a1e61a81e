/** Why a transport ended: by `close()`, because the other end or the wire went away, or because a write did not go out in time. */
export type CloseReason = 'closed' | 'lost' | 'write-timeout';

/** One connection to a device, bytes in and bytes out. Never reopened: a new connection is a new object (devices.md §5.3). */
export interface Transport {
  /**
   * Resolves when the bytes are handed on, which says nothing about the device. Writes go out in the order of the calls.
   * Throws DeviceError: DEVICE_ABSENT when closed, DEVICE_TIMEOUT after `timeoutMs`; the transport is then closed, because half a
   * frame may be on the wire.
   */
  write(bytes: Uint8Array, timeoutMs?: number): Promise<void>;
  /** Sets the listener; what came before it is handed over at once. The bytes belong to the listener. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Sets the listener, which is called exactly once, also when the transport was closed before. */
  onClose(listener: (reason: CloseReason) => void): void;
  /** Ends the connection. May be called any number of times. */
  close(): Promise<void>;
}

/**
 * Where a device is attached. Each `connect` finds it anew and gives a new transport, or throws DeviceError: DEVICE_ABSENT, PORT_IN_USE
 * (details.holder: which process has it), DEVICE_FAULT (details.reason: `permission`, `hid-unavailable`, or why; details.found: all that fit).
 */
export interface Port {
  /** For people and logs, e.g. `serial:/dev/ttyUSB0@115200`; where a device was found last belongs to it. */
  readonly describe: string;
  connect(): Promise<Transport>;
  /**
   * Calls `listener` when something was plugged in somewhere, perhaps this device: to try at once is worth it. Returns the way to stop.
   * Absent: nothing of that is known here.
   */
  onAppear?(listener: () => void): () => void;
}
