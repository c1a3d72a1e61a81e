import { closeSync, constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import { Channel } from '../../drivers/transport/channel.ts';
import type { Transport } from '../../drivers/transport/transport.ts';

/** A pseudo-terminal: `path` is opened by the driver like any serial port, `far` is where the device sits. */
export interface Pty {
  readonly path: string;
  readonly far: Transport;
  /**
   * What the kernel does when a USB adapter is pulled: the open port stays readable and gives nothing (TIOCVHANGUP). Only root may; for
   * anybody else the far end is closed, which ends the port with an error instead. Tells which of the two was done.
   */
  hangUp(): 'hung-up' | 'far end closed';
  /** From now on nobody reads at the far end; the line is full after a few kilobytes. */
  stopReading(): void;
  close(): void;
}

/** The clock of the machine, for tests over real devices only. */
export const realClock = {
  now: () => Date.now(),
  after(ms: number, fn: () => void): () => void {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

const TIOCVHANGUP = 0x5437;
/** A child that had the far end, too, would never see it closed. */
const O_CLOEXEC = 0o2000000;
const NAME_LENGTH = 64;

const libc = koffi.load('libc.so.6');
const posixOpenpt = libc.func('int posix_openpt(int flags)');
const grantpt = libc.func('int grantpt(int fd)');
const unlockpt = libc.func('int unlockpt(int fd)');
const ptsname = libc.func('int ptsname_r(int fd, _Out_ uint8_t *name, size_t length)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, int argument)');

export function openPty(): Pty {
  const master: number = posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | O_CLOEXEC);
  const name = Buffer.alloc(NAME_LENGTH);
  if (master < 0 || grantpt(master) !== 0 || unlockpt(master) !== 0 || ptsname(master, name, NAME_LENGTH) !== 0) {
    throw new Error('no pseudo-terminal');
  }
  const path = name.toString('latin1', 0, name.indexOf(0));
  // Held open, so that the far end does not fail while the driver is not connected.
  const slave = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const stream = new ReadStream(master);
  const far = new Channel({
    describe: 'pty',
    clock: realClock,
    write: (bytes) =>
      new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve()))),
    close: async () => void stream.destroy(),
  });
  stream.on('data', (bytes: Uint8Array) => far.receive(Uint8Array.from(bytes)));
  stream.on('error', () => void far.end('lost'));
  stream.on('close', () => void far.end('lost'));
  let open = true;
  return {
    path,
    far,
    hangUp() {
      if (ioctl(slave, TIOCVHANGUP, 0) === 0) return 'hung-up';
      void far.close();
      return 'far end closed';
    },
    stopReading: () => void stream.pause(),
    close() {
      if (open) closeSync(slave);
      open = false;
      void far.close();
    },
  };
}
