import { Connection, type DriverOptions } from '../connection.ts';
import type { CodeScanner, ScannedCode } from '../devices.ts';
import { DeviceError, type DeviceErrorCode } from '../errors.ts';
import type { Decoder } from '../framing/decoder.ts';
import { hidPos } from '../framing/hid-pos.ts';
import { lines } from '../framing/lines.ts';
import { encodeSsi, SSI, SSI_SOURCE, SSI_WAKE_MS, type SsiFrame, ssiDecoder, ssiWake } from '../framing/ssi.ts';
import type { Link } from '../link.ts';
import { decodeCode } from './decode-code.ts';
import { LONGEST_CODE, type ScannerProfile } from './profiles.ts';
import { repeats } from './repeats.ts';

/** What the scanner sent, and the number of the request that waited when it began to; 0: none did. */
interface Arrival {
  readonly frame: SsiFrame;
  readonly request: number;
}

interface Request {
  readonly number: number;
  take(code: ScannedCode): void;
  fail(error: DeviceError): void;
}

const ANSWER_MS = 500;
/** Late answers to older commands come within this time. */
const LATE_MS = 200;
const WAKE_MARGIN_MS = 10;

/**
 * A code scanner, serial or HID, as its profile says. A code counts only when it began to arrive while it was asked for; the first one is it,
 * everything else is dropped. DeviceError DEVICE_BUSY when a code is asked for already. A scanner that is told when to read (SSI) is started
 * for each scan and stopped at its end: DEVICE_FAULT (details.reason `refused`) when it refuses, DEVICE_TIMEOUT when it does not answer.
 * Problems of its status: `CODE_INCOMPLETE` after a code without the ending of the profile, `NOT_HOST_MODE` when it cannot be started.
 */
export function codeScanner(options: DriverOptions & { readonly profile: ScannerProfile }): CodeScanner {
  const scanner = new Scanner(options, options.profile);
  return {
    ...scanner.connection.device(),
    scan: (timeoutMs, signal) => scanner.scan(timeoutMs, signal),
    onDropped: (listener) => scanner.onDropped(listener),
  };
}

class Scanner {
  readonly connection: Connection<Arrival>;
  readonly #options: DriverOptions;
  readonly #profile: ScannerProfile;
  readonly #repeats;
  readonly #droppedListeners = new Set<() => void>();
  #isScanning = false;
  #request: Request | undefined;
  #requests = 0;
  #link: Link<Arrival> | undefined;

  constructor(options: DriverOptions, profile: ScannerProfile) {
    this.#options = options;
    this.#profile = profile;
    this.#repeats = repeats(options.clock);
    this.connection = new Connection<Arrival>(options, {
      decoder: (emit) => this.#decoder(emit),
      settle: (link) => this.#settle(link),
      unsolicited: ({ frame, request }) => this.#receive(frame, request),
      ...(profile.kind === 'ssi' ? { check: (link) => this.#stopReading(link) } : {}),
    });
  }

  onDropped(listener: () => void): () => void {
    this.#droppedListeners.add(listener);
    return () => this.#droppedListeners.delete(listener);
  }

  async scan(timeoutMs: number, signal: AbortSignal): Promise<ScannedCode> {
    if (this.#isScanning) throw this.#error('DEVICE_BUSY', 'a code is asked for already');
    this.#isScanning = true;
    try {
      return await this.connection.use((link) => this.#read(link, timeoutMs, signal), signal);
    } finally {
      this.#isScanning = false;
    }
  }

  async #read(link: Link<Arrival>, timeoutMs: number, signal: AbortSignal): Promise<ScannedCode> {
    if (this.#profile.kind !== 'ssi') return this.#awaitCode(timeoutMs, signal);
    // However it ends, the scanner has to be stopped.
    link.unsettled = true;
    const end = new AbortController();
    const stop = (): void => end.abort();
    signal.addEventListener('abort', stop); // by hand: Node 20 never lets go of an AbortSignal.any
    if (signal.aborted) stop();
    try {
      // Waits from the beginning, because a code may stand right behind the scanner's answer.
      const [code] = await Promise.all([this.#awaitCode(timeoutMs, end.signal), this.#startReading(link, end.signal)]);
      return code;
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  #awaitCode(timeoutMs: number, signal: AbortSignal): Promise<ScannedCode> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopTimer();
        signal.removeEventListener('abort', cancel);
        this.#request = undefined;
      };
      this.#requests += 1;
      const request: Request = {
        number: this.#requests,
        take: (code) => {
          end();
          resolve(code);
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      const cancel = (): void => request.fail(this.#error('CANCELLED', 'the scan was cancelled'));
      const stopTimer = this.#options.clock.after(timeoutMs, () =>
        request.fail(this.#error('SCAN_TIMEOUT', 'no code was shown')),
      );
      this.#request = request;
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  async #settle(link: Link<Arrival>): Promise<void> {
    const isNew = this.#link !== link;
    if (isNew) {
      this.#link = link;
      void link.closed.then(() => this.#request?.fail(this.#error('DEVICE_ABSENT', 'connection lost')));
    }
    if (this.#profile.kind !== 'ssi') return;
    if (!isNew) await link.pause(LATE_MS);
    await this.#stopReading(link);
  }

  async #startReading(link: Link<Arrival>, signal: AbortSignal): Promise<void> {
    const answer = await this.#command(link, 'start-decode', SSI.startDecode, signal);
    if (answer === SSI.nak) throw this.#error('DEVICE_FAULT', 'the scanner refuses to read', { reason: 'refused' });
  }

  /** Accepted when nothing is being read too, so it also serves to ask whether the scanner is there, and whether it could be started. */
  async #stopReading(link: Link<Arrival>): Promise<void> {
    const answer = await this.#command(link, 'stop-decode', SSI.stopDecode);
    if (answer === SSI.nak) this.connection.report({ state: 'fault', problem: 'NOT_HOST_MODE' });
    else if (this.connection.status().problem === 'NOT_HOST_MODE') this.connection.report({ state: 'ready' });
  }

  async #command(link: Link<Arrival>, label: string, opcode: number, signal?: AbortSignal): Promise<number> {
    await link.send(ssiWake);
    await link.pause(SSI_WAKE_MS + WAKE_MARGIN_MS);
    const packet = encodeSsi({ opcode, source: SSI_SOURCE.host, data: new Uint8Array(0) });
    return link.exchange(
      { label, chunks: [packet], timeoutMs: ANSWER_MS, match: ({ frame }) => answerOf(frame) },
      signal,
    );
  }

  #decoder(emit: (arrival: Arrival) => void): Decoder {
    const waiting = (): number => this.#request?.number ?? 0;
    let request = 0;
    const decoder = this.#frames((frame) => {
      emit({ frame, request });
      request = waiting();
    });
    return {
      push(bytes) {
        if (decoder.held() === 0) request = waiting();
        decoder.push(bytes);
      },
      dropPartial: () => {
        this.#repeats.forget();
        decoder.dropPartial();
      },
      held: () => decoder.held(),
      ...(decoder.noise ? { noise: decoder.noise } : {}),
    };
  }

  #frames(emit: (frame: SsiFrame) => void): Decoder {
    const { clock } = this.#options;
    const profile = this.#profile;
    switch (profile.kind) {
      case 'text':
        return lines({ clock, ending: profile.ending, longest: LONGEST_CODE }, emit);
      case 'ssi':
        return ssiDecoder({ clock, longest: LONGEST_CODE }, emit);
      case 'hid':
        return hidPos({ clock, layout: profile.layout, longest: LONGEST_CODE }, emit);
    }
  }

  /** False for an answer that nothing waits for. */
  #receive(frame: SsiFrame, request: number): boolean {
    if (frame.kind === 'code') this.#receiveCode(frame.data, frame.aim, request);
    else if (frame.kind === 'unusable') {
      this.#log(frame.reason);
      if (frame.reason === 'incomplete') this.connection.report({ state: 'ready', problem: 'CODE_INCOMPLETE' });
    }
    return answerOf(frame) === undefined;
  }

  #receiveCode(data: Uint8Array, aim: string | undefined, request: number): void {
    if (this.connection.status().problem === 'CODE_INCOMPLETE') this.connection.report({ state: 'ready' });
    if (this.#repeats.isRepeat(data)) return;
    if (this.#request?.number === request) {
      this.#request.take(decodeCode(data, aim));
      return;
    }
    this.#log('not-asked');
    for (const listener of [...this.#droppedListeners]) listener();
  }

  #log(reason: string): void {
    this.#options.log?.('scanner.dropped', { device: this.#options.name, reason });
  }

  #error(code: DeviceErrorCode, message: string, details: { readonly reason?: string } = {}): DeviceError {
    return new DeviceError(code, this.#options.name, message, { ...details });
  }
}

/** ACK or NAK. */
function answerOf(frame: SsiFrame): number | undefined {
  if (frame.kind !== 'packet') return undefined;
  const { opcode } = frame.packet;
  return opcode === SSI.ack || opcode === SSI.nak ? opcode : undefined;
}
